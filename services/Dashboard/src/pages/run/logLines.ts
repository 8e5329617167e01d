import { useCallback, useEffect, useReducer, useRef } from 'react';
import { get, url, type Query } from '../../api/client';
import { follow } from '../../api/stream';
import type { LogPage, LogRow, RunUpdate } from '../../api/types';

export const blockSize = 500;
const keptBlocks = 60;
const afterAll = Number.MAX_SAFE_INTEGER;

/** Lines by position: any of them can be asked for at any time, and those longest unseen are let go. */
export type WholeLog = { last: number; line: (position: number) => LogRow | undefined; want: (first: number, last: number) => void; ready: boolean; error: unknown };

export function useWholeLog(runId: string, isLive: boolean, enabled: boolean): WholeLog {
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const state = useRef({ last: 0, ready: false, error: undefined as unknown, blocks: new Map<number, Map<number, LogRow>>(), asked: new Set<number>() });

  const add = useCallback((lines: readonly LogRow[]): void => {
    for (const line of lines) {
      const block = Math.floor((line.position - 1) / blockSize);
      let some = state.current.blocks.get(block);
      if (some === undefined) state.current.blocks.set(block, (some = new Map()));
      some.set(line.position, line);
      state.current.last = Math.max(state.current.last, line.position);
    }
  }, []);

  useEffect(() => {
    if (!enabled) return undefined;
    const ending = new AbortController();
    let end: (() => void) | undefined;
    let frame = 0;
    const redraw = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        changed();
      });
    };
    const start = async (): Promise<void> => {
      try {
        const tail = await get<LogPage>(`/api/flow-runs/${runId}/logs`, { before: afterAll, limit: blockSize }, ending.signal);
        add(tail.lines);
        state.current.ready = true;
        redraw();
        if (!isLive || ending.signal.aborted) return;
        end = follow<RunUpdate>(url(`/api/flow-runs/${runId}/logs/follow`, { after: state.current.last }), {
          isLast: (update) => update.kind === 'ended',
          onEvent: (update) => {
            if (update.kind !== 'logs') return;
            add(update.lines);
            redraw();
          },
        });
      } catch (error) {
        if (ending.signal.aborted) return;
        state.current.error = error;
        redraw();
      }
    };
    void start();
    return () => {
      ending.abort();
      end?.();
      cancelAnimationFrame(frame);
    };
  }, [runId, isLive, enabled, add]);

  const want = useCallback(
    (first: number, last: number): void => {
      const { blocks, asked } = state.current;
      for (let block = Math.max(0, Math.floor((first - 1) / blockSize)); block <= Math.floor((last - 1) / blockSize); block++) {
        const from = block * blockSize;
        const whole = Math.min(blockSize, state.current.last - from);
        if (asked.has(block) || (blocks.get(block)?.size ?? 0) >= whole) continue;
        asked.add(block);
        void get<LogPage>(`/api/flow-runs/${runId}/logs`, { after: from, limit: blockSize }).then(
          (page) => {
            add(page.lines.filter((line) => line.position <= from + blockSize));
            for (const old of blocks.keys()) {
              if (blocks.size <= keptBlocks) break;
              if (Math.abs(old - block) > keptBlocks / 2) {
                blocks.delete(old);
                asked.delete(old);
              }
            }
            changed();
          },
          () => asked.delete(block),
        );
      }
    },
    [runId, add],
  );

  const line = useCallback((position: number) => state.current.blocks.get(Math.floor((position - 1) / blockSize))?.get(position), []);
  return { last: state.current.last, line, want, ready: state.current.ready, error: state.current.error };
}

/** The lines that a filter lets through, from the first on; more are read when the end comes into sight, and while the run writes them. */
export function useFoundLines(runId: string, isLive: boolean, filter: Query, enabled: boolean): { lines: LogRow[]; more: boolean; busy: boolean; error: unknown; load: () => void } {
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const key = JSON.stringify([runId, filter, isLive]);
  const state = useRef({ key: '', lines: [] as LogRow[], after: 0, more: true, busy: false, error: undefined as unknown, end: undefined as (() => void) | undefined });

  const load = useCallback((): void => {
    const s = state.current;
    if (s.busy || !s.more || s.key !== key) return;
    s.busy = true;
    get<LogPage>(`/api/flow-runs/${runId}/logs`, { ...filter, after: s.after, limit: 1000 }).then(
      (page) => {
        if (s.key !== key) return;
        s.lines = [...s.lines, ...page.lines];
        s.after = page.last;
        s.more = page.more;
        s.busy = false;
        if (!page.more && isLive) {
          s.end = follow<RunUpdate>(url(`/api/flow-runs/${runId}/logs/follow`, { ...filter, after: s.after }), {
            isLast: (update) => update.kind === 'ended',
            onEvent: (update) => {
              if (update.kind !== 'logs' || s.key !== key) return;
              s.lines = [...s.lines, ...update.lines];
              changed();
            },
          });
        }
        changed();
      },
      (error: unknown) => {
        if (s.key !== key) return;
        Object.assign(s, { error, busy: false, more: false });
        changed();
      },
    );
  }, [key]); // eslint-disable-line react-hooks/exhaustive-deps

  useEffect(() => {
    if (!enabled) return undefined;
    Object.assign(state.current, { key, lines: [], after: 0, more: true, busy: false, error: undefined });
    load();
    changed();
    return () => {
      state.current.end?.();
      state.current.end = undefined;
      state.current.key = '';
    };
  }, [key, enabled, load]);

  const { lines, more, busy, error } = state.current;
  return { lines, more, busy, error, load };
}
