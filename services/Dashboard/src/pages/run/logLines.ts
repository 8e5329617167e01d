import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { get, url, type Query } from '../../api/client';
import { follow } from '../../api/stream';
import type { LogPage, LogRow, RunUpdate } from '../../api/types';

export const blockSize = 500;
const keptBlocks = 60;
const pageSize = 500;
const afterAll = Number.MAX_SAFE_INTEGER;

/** What the list of a log shows, whichever way its lines were found. */
export type LogLines = { count: number; keyAt: (index: number) => number; lineAt: (index: number) => LogRow | undefined; onShown: (first: number, last: number) => void; ready: boolean; more: boolean; error: unknown };

/** Draws at most once a frame, however many lines come. */
function useRedraw(): () => void {
  const [, changed] = useReducer((n: number) => n + 1, 0);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return useCallback(() => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      changed();
    });
  }, []);
}

/** How often the run came to life: a stream tells its own end, which is later than that of the run. */
function useLives(isLive: boolean): number {
  const [lives, setLives] = useState(isLive ? 1 : 0);
  const was = useRef(isLive);
  useEffect(() => {
    if (isLive && !was.current) setLives((n) => n + 1);
    was.current = isLive;
  }, [isLive]);
  return lives;
}

const positionAt = (index: number): number => index + 1;

/** Lines by position: any of them can be asked for at any time, and those longest unseen are let go. */
export function useWholeLog(runId: string, isLive: boolean, enabled: boolean): LogLines {
  const redraw = useRedraw();
  const lives = useLives(isLive);
  const state = useRef({ last: 0, ready: false, error: undefined as unknown, seen: 0, blocks: new Map<number, Map<number, LogRow>>(), asked: new Set<number>() });

  const add = useCallback(
    (lines: readonly LogRow[]): void => {
      const s = state.current;
      for (const line of lines) {
        const block = Math.floor((line.position - 1) / blockSize);
        let some = s.blocks.get(block);
        if (some === undefined) s.blocks.set(block, (some = new Map()));
        some.set(line.position, line);
        s.last = Math.max(s.last, line.position);
      }
      if (s.blocks.size > keptBlocks) {
        const newest = Math.floor((s.last - 1) / blockSize);
        for (const block of s.blocks.keys()) {
          if (Math.abs(block - s.seen) <= keptBlocks / 4 || newest - block <= keptBlocks / 4) continue;
          s.blocks.delete(block);
          s.asked.delete(block);
        }
      }
      redraw();
    },
    [redraw],
  );

  useEffect(() => {
    if (!enabled) return undefined;
    const ending = new AbortController();
    let end: (() => void) | undefined;
    const start = async (): Promise<void> => {
      try {
        const tail = await get<LogPage>(`/api/flow-runs/${runId}/logs`, { before: afterAll, limit: pageSize }, ending.signal);
        state.current.ready = true;
        add(tail.lines);
        if (lives === 0 || ending.signal.aborted) return;
        end = follow<RunUpdate>(url(`/api/flow-runs/${runId}/logs/follow`, { after: state.current.last }), {
          isLast: (update) => update.kind === 'ended',
          onEvent: (update) => {
            if (update.kind === 'logs') add(update.lines);
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
    };
  }, [runId, lives, enabled, add, redraw]);

  const onShown = useCallback(
    (first: number, last: number): void => {
      const s = state.current;
      if (!enabled || s.last === 0) return;
      s.seen = Math.floor(first / blockSize);
      for (let block = s.seen; block <= Math.floor(last / blockSize); block++) {
        const from = block * blockSize;
        if (s.asked.has(block) || (s.blocks.get(block)?.size ?? 0) >= Math.min(blockSize, s.last - from)) continue;
        s.asked.add(block);
        void get<LogPage>(`/api/flow-runs/${runId}/logs`, { after: from, limit: blockSize }).then(
          (page) => add(page.lines.filter((line) => line.position <= from + blockSize)),
          () => s.asked.delete(block),
        );
      }
    },
    [runId, enabled, add],
  );

  const lineAt = useCallback((index: number) => state.current.blocks.get(Math.floor(index / blockSize))?.get(index + 1), []);
  const { last, ready, error } = state.current;
  return { count: last, keyAt: positionAt, lineAt, onShown, ready, more: false, error };
}

/** Where what a filter lets through is read from: the first line, the last, or a line that somebody linked to. */
export type Start = 'first' | 'last' | number;

/** The lines that a filter lets through; more are read when either end comes into sight, and while the run writes them. */
export function useFoundLines(runId: string, isLive: boolean, filter: Query, start: Start, enabled: boolean): LogLines {
  const redraw = useRedraw();
  const lives = useLives(isLive);
  const key = JSON.stringify([runId, filter]);
  const empty = { key: '', lines: [] as LogRow[], hasBefore: false, hasAfter: false, ready: false, busy: false, error: undefined as unknown, end: undefined as (() => void) | undefined };
  const state = useRef(empty);
  const begin = useRef(start);
  begin.current = start;

  /** Reads a page on one side of what is there; the answer of a filter that was changed since counts for nothing. */
  const read = useCallback(
    async (side: 'before' | 'after', at: number): Promise<void> => {
      const s = state.current;
      s.busy = true;
      try {
        const page = await get<LogPage>(`/api/flow-runs/${runId}/logs`, { ...filter, [side]: at, limit: pageSize });
        if (s !== state.current) return;
        s.lines = side === 'before' ? [...page.lines, ...s.lines] : [...s.lines, ...page.lines];
        if (side === 'before') s.hasBefore = page.more;
        else s.hasAfter = page.more;
      } catch (error) {
        Object.assign(s, { error, hasBefore: false, hasAfter: false });
      } finally {
        s.busy = false;
        redraw();
      }
    },
    [key, redraw], // eslint-disable-line react-hooks/exhaustive-deps
  );

  useEffect(() => {
    if (!enabled) return undefined;
    const s = (state.current = { ...empty, key });
    const from = begin.current;
    const load = async (): Promise<void> => {
      if (from === 'first') await read('after', 0);
      else await read('before', from === 'last' ? afterAll : from + 1);
      if (typeof from === 'number') await read('after', from);
      s.ready = true;
      redraw();
    };
    void load();
    return () => {
      s.end?.();
      state.current = empty;
    };
  }, [key, enabled, read, redraw]); // eslint-disable-line react-hooks/exhaustive-deps

  const { lines, ready, hasBefore, hasAfter, error } = state.current;
  const isComplete = ready && !hasAfter && error === undefined;
  useEffect(() => {
    if (!enabled || lives === 0 || !isComplete) return undefined;
    const s = state.current;
    return follow<RunUpdate>(url(`/api/flow-runs/${runId}/logs/follow`, { ...filter, after: s.lines.at(-1)?.position ?? 0 }), {
      isLast: (update) => update.kind === 'ended',
      onEvent: (update) => {
        if (update.kind !== 'logs') return;
        s.lines.push(...update.lines);
        redraw();
      },
    });
  }, [key, enabled, lives, isComplete, redraw]); // eslint-disable-line react-hooks/exhaustive-deps

  const onShown = useCallback(
    (first: number, last: number): void => {
      const s = state.current;
      const [oldest, newest] = [s.lines[0], s.lines.at(-1)];
      if (s.busy || oldest === undefined || newest === undefined) return;
      if (s.hasBefore && first < 50) void read('before', oldest.position);
      else if (s.hasAfter && last >= s.lines.length - 50) void read('after', newest.position);
    },
    [read],
  );
  const keyAt = useCallback((index: number) => lines[index]?.position ?? -index, [lines]);
  const lineAt = useCallback((index: number) => lines[index], [lines]);
  return { count: lines.length, keyAt, lineAt, onShown, ready, more: hasBefore || hasAfter, error };
}
