import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { follow } from '../../api/stream';
import { useTimeline } from '../../api/queries';
import type { RunUpdate, TaskRunRow, TaskTimeline } from '../../api/types';

/** One task run, as the graph and the timeline need it; in the timeline also a Slurm job. */
export type Bar = { id: string; name: string; task: string; type: string; state: string; created: number; started: number | null; ended: number | null; fraction?: number | undefined; isJob?: true };

export type Tasks = { bars: Bar[]; names: string[]; truncated: boolean; version: number };

const many = 2000;

function ofTimeline(timeline: TaskTimeline): Map<string, Bar> {
  const bars = new Map<string, Bar>();
  timeline.id.forEach((id, i) => {
    const [type = '', name = type] = (timeline.states[timeline.state[i] ?? 0] ?? '').split(' ');
    bars.set(id, {
      id,
      name: timeline.name[i] ?? '',
      task: timeline.tasks[timeline.task[i] ?? 0] ?? '',
      type,
      state: name,
      created: timeline.created[i] ?? 0,
      started: timeline.started[i] ?? null,
      ended: timeline.ended[i] ?? null,
    });
  });
  return bars;
}

function ofRow(row: TaskRunRow): Bar {
  return {
    id: row.id,
    name: row.name,
    task: row.taskName,
    type: row.state.type,
    state: row.state.name,
    created: Date.parse(row.createdAt),
    started: row.startedAt === undefined ? null : Date.parse(row.startedAt),
    ended: row.endedAt === undefined ? null : Date.parse(row.endedAt),
    fraction: row.progress?.fraction,
  };
}

/** All task runs of a run: read once in few bytes, then kept right by what the run tells while it goes on. */
export function useTasks(runId: string, version: number, isLive: boolean): { tasks: Tasks | undefined; error: unknown; again: () => void } {
  const client = useQueryClient();
  const { data: timeline, error, refetch } = useTimeline(runId);
  const bars = useRef(new Map<string, Bar>());
  const [drawn, changed] = useReducer((n: number) => n + 1, 0);
  // The stream says when it has told everything; that the run has ended is known earlier, by another way.
  const [follows, setFollows] = useState(false);
  const endedAt = useRef(-1);

  useEffect(() => {
    if (isLive && version > endedAt.current) setFollows(true);
  }, [isLive, version]);

  useEffect(() => {
    if (timeline === undefined) return;
    bars.current = ofTimeline(timeline);
    changed();
  }, [timeline]);

  useEffect(() => {
    if (timeline === undefined || !follows) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = follow<RunUpdate>(`/api/flow-runs/${runId}/follow?logs=false`, {
      after: timeline.follow,
      isLast: (update) => update.kind === 'ended',
      onEvent: (update) => {
        if (update.kind === 'tasks') {
          for (const row of update.tasks) if (row.flowRunId === runId) bars.current.set(row.id, ofRow(row));
          // What comes close together is drawn once; the more there is to draw, the less often.
          timer ??= setTimeout(
            () => {
              timer = undefined;
              changed();
            },
            bars.current.size > many ? 250 : 16,
          );
        } else if (update.kind === 'artifacts') void client.invalidateQueries({ queryKey: ['artifacts', runId] });
        else if (update.kind === 'nestedRuns') void client.invalidateQueries({ queryKey: ['runs', 'of', runId] });
        else if (update.kind === 'ended') {
          endedAt.current = update.run.version;
          setFollows(false);
          changed();
          void client.invalidateQueries({ queryKey: ['run', runId] });
          void client.invalidateQueries({ queryKey: ['graph', runId] });
        }
      },
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [timeline, runId, follows, client]);

  const tasks = useMemo(() => {
    if (timeline === undefined) return undefined;
    const all = bars.current.size === 0 ? [...ofTimeline(timeline).values()] : [...bars.current.values()];
    return { bars: all, names: [...new Set(all.map((bar) => bar.task))], truncated: timeline.truncated, version: drawn };
  }, [timeline, drawn]);

  return { tasks, error, again: () => void refetch() };
}

export function allStates(bars: readonly Bar[]): Record<string, number> {
  const states: Record<string, number> = {};
  for (const bar of bars) states[bar.type] = (states[bar.type] ?? 0) + 1;
  return states;
}

export function countStates(bars: readonly Bar[]): Map<string, Record<string, number>> {
  const counts = new Map<string, Record<string, number>>();
  for (const bar of bars) {
    let states = counts.get(bar.task);
    if (states === undefined) counts.set(bar.task, (states = {}));
    states[bar.type] = (states[bar.type] ?? 0) + 1;
  }
  return counts;
}
