import type { AllocationRow } from '../../api/types';
import { visible } from '../../parts/Text';
import type { Bar } from './tasks';

/** What became of a job, in the words of people, and the state type whose look it has. */
const fates: Record<string, readonly [words: string, type: string]> = {
  Unknown: ['Not known now', 'Pending'],
  Pending: ['Waits in the queue', 'Pending'],
  HeldForever: ['Held: will not start', 'Paused'],
  InvalidAccount: ['Account refused', 'Failed'],
  Requeued: ['Requeued: waits again', 'Pending'],
  Running: ['Runs', 'Running'],
  Suspended: ['Suspended', 'Paused'],
  Ending: ['Is ending', 'Running'],
  Completed: ['Completed', 'Completed'],
  Failed: ['Failed', 'Failed'],
  TimeLimit: ['Out of walltime', 'Failed'],
  OutOfMemory: ['Out of memory', 'Failed'],
  NodeFailed: ['Node failed', 'Crashed'],
  Preempted: ['Preempted', 'Crashed'],
  Cancelled: ['Cancelled', 'Cancelled'],
  CancelledOutside: ['Cancelled by others', 'Cancelled'],
  LaunchFailed: ['Could not start', 'Crashed'],
  NeverStarted: ['Never started', 'Crashed'],
  Lost: ['Lost', 'Crashed'],
};

export const keyOf = (job: AllocationRow): string => `${job.key} ${job.arrayIndex ?? ''}`;

export function fateOf(job: AllocationRow): { words: string; type: string } {
  const [words, type] = fates[job.state] ?? [visible(job.state.slice(0, 40)), job.phase === 'Ended' ? 'Cancelled' : job.phase === 'Running' ? 'Running' : 'Pending'];
  return { words, type };
}

/** As Slurm writes it: 4711, or 4711_3 of an array. */
export const jobName = (job: AllocationRow): string => `${job.jobId ?? 'not submitted yet'}${job.arrayIndex === undefined ? '' : `_${job.arrayIndex}`}`;

/** From when to when it stood in the queue. */
export const waited = (job: AllocationRow): readonly [string, string | undefined] => [job.requestedAt, job.startedAt ?? job.endedAt];

const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

/** A job as the timeline draws it. */
export function barOf(job: AllocationRow): Bar {
  const { words, type } = fateOf(job);
  const ended = instant(job.endedAt);
  return {
    id: keyOf(job),
    name: `Slurm job ${jobName(job)}${job.node === undefined ? '' : ` on ${job.node}`}`,
    task: `${jobName(job)} ${job.isRun ? 'the run' : visible(job.key.slice(0, 40))}`,
    type,
    state: words,
    created: Date.parse(job.requestedAt),
    started: instant(job.startedAt),
    ended,
    isJob: true,
  };
}
