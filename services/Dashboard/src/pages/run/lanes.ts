import type { Bar } from './tasks';

export type Lane = { task: string; first: boolean; count: number; bars: Bar[] };

/** A row for each Slurm job: its time in the queue is as much to be seen as its time on a node. */
export const jobLanes = (jobs: readonly Bar[]): Lane[] => jobs.map((bar) => ({ task: bar.task, first: true, count: 1, bars: [bar] }));

/**
 * Puts task runs into as few rows as show them side by side: a row is what one slot did. Rows of one task lie together, in order of the
 * tasks' first submission.
 */
export function lanesOf(bars: readonly Bar[], end: number): Lane[] {
  const byTask = new Map<string, Bar[]>();
  for (const bar of bars) {
    const some = byTask.get(bar.task);
    if (some === undefined) byTask.set(bar.task, [bar]);
    else some.push(bar);
  }
  const lanes: Lane[] = [];
  for (const [task, some] of byTask) {
    const rows = rowsOf(some, end);
    rows.forEach((row, i) => lanes.push({ task, first: i === 0, count: some.length, bars: row }));
  }
  return lanes;
}

function rowsOf(bars: Bar[], end: number): Bar[][] {
  const sorted = bars.filter((bar) => bar.started !== null).sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
  const rows: Bar[][] = [];
  // The rows by when they become free, the first first: a heap, for there may be thousands of rows.
  const free: { until: number; row: number }[] = [];
  for (const bar of sorted) {
    const [from, until] = [bar.started ?? 0, bar.ended ?? end];
    const soonest = free[0];
    if (soonest !== undefined && soonest.until <= from) {
      rows[soonest.row]?.push(bar);
      soonest.until = until;
      sink(free, 0);
    } else {
      rows.push([bar]);
      free.push({ until, row: rows.length - 1 });
      rise(free, free.length - 1);
    }
  }
  const waiting = bars.filter((bar) => bar.started === null);
  if (waiting.length > 0) {
    // What has not started stands in one row: it overlaps, and shows how long the queue is.
    rows.push(waiting);
  }
  return rows;
}

function rise(heap: { until: number; row: number }[], at: number): void {
  for (let i = at; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (until(heap, parent) <= until(heap, i)) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function sink(heap: { until: number; row: number }[], at: number): void {
  for (let i = at; ; ) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    let least = i;
    if (left < heap.length && until(heap, left) < until(heap, least)) least = left;
    if (right < heap.length && until(heap, right) < until(heap, least)) least = right;
    if (least === i) return;
    swap(heap, i, least);
    i = least;
  }
}

const until = (heap: { until: number }[], i: number): number => heap[i]?.until ?? Infinity;

function swap<T>(all: T[], a: number, b: number): void {
  const [one, other] = [all[a], all[b]];
  if (one === undefined || other === undefined) return;
  all[a] = other;
  all[b] = one;
}
