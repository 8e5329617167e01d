import type { components } from './schema';

type Schemas = components['schemas'];

/** The API writes every member that is not null: what the description calls optional is missing only where it may be null. */
type Whole<T> = T extends readonly (infer E)[]
  ? Whole<E>[]
  : T extends object
    ? string extends keyof T
      ? { [K in keyof T]: Whole<T[K]> }
      : { [K in keyof T as null extends T[K] ? never : K]-?: Whole<NonNullable<T[K]>> } & { [K in keyof T as null extends T[K] ? K : never]?: Whole<NonNullable<T[K]>> }
    : T;

type Named<K extends keyof Schemas> = Whole<Schemas[K]>;

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type FlowRunRow = Named<'FlowRunRow'>;
export type FlowRunDetail = Omit<Named<'FlowRunDetail'>, 'parameters' | 'result'> & { parameters: Json; result?: Json };
export type RunState = Named<'RunState'>;
export type RunStateType = Schemas['RunStateType'];
export type RunHistoryEntry = Named<'RunHistoryEntry'>;
export type WhyReason = Named<'WhyReason'>;
export type WhyAnswer = Named<'WhyAnswer'>;
export type Progress = Named<'Progress'>;
export type AllocationRow = Named<'AllocationRow'>;
export type TaskRunRow = Named<'TaskRunRow'>;
export type TaskRunDetail = Named<'TaskRunDetail'>;
export type TaskTimeline = Omit<Named<'TaskTimeline'>, 'started' | 'ended'> & { started: (number | null)[]; ended: (number | null)[] };
export type RunGraph = Named<'RunGraph'>;
export type ArtifactRow = Omit<Named<'ArtifactRow'>, 'data'> & { data?: Json };
export type ArtifactOfRun = Omit<Named<'ArtifactOfRun'>, 'artifact'> & { artifact: ArtifactRow };
export type LogRow = Omit<Named<'LogRow'>, 'fields'> & { fields?: Json };
export type LogPage = Omit<Named<'LogPage'>, 'lines'> & { lines: LogRow[] };
export type LogLevel = Schemas['LogLevel'];
export type DeploymentRow = Named<'DeploymentRow'>;
export type DeploymentDetail = Omit<Named<'DeploymentDetail'>, 'parameterSchema' | 'parameters'> & { parameterSchema: Json; parameters: Json };
export type ScheduleSpec = Omit<Schemas['ScheduleSpec'], 'parameters'> & { parameters?: Json };
export type ScheduleRow = Omit<Named<'ScheduleRow'>, 'spec'> & { spec: ScheduleSpec };
export type WorkQueueRow = Named<'WorkQueueRow'>;
export type WorkQueuePreview = Named<'WorkQueuePreview'>;
export type ConcurrencyLimitRow = Named<'ConcurrencyLimitRow'>;
export type AgentRow = Named<'AgentRow'>;
export type FlowRow = Named<'FlowRow'>;
export type ServerOverview = Named<'ServerOverview'>;
export type RunningRun = Named<'RunningRun'>;
export type WaitingRun = Named<'WaitingRun'>;
export type ServerStatus = Named<'ServerStatus'>;
export type CommandResult = Named<'CommandResult'>;
export type RunCreated = Named<'RunCreated'>;
export type Page<T> = { items: T[]; next?: string };

export type ChangeEvent =
  | { kind: 'flowRun'; runId: string; version: number; runName: string; flowName: string; deploymentId?: string; parentRunId?: string; queue: string; state: RunState }
  | { kind: 'taskRuns'; runId: string }
  | { kind: 'logs'; runId: string }
  | { kind: 'definition'; of: string; id?: string; name: string }
  | { kind: 'agent'; agentId: string; name: string; online: boolean; slots: number; freeSlots: number }
  | { kind: 'reset' };

export type RunUpdate =
  | { kind: 'run'; run: FlowRunRow }
  | { kind: 'tasks'; tasks: TaskRunRow[] }
  | { kind: 'nestedRuns'; runs: FlowRunRow[] }
  | { kind: 'artifacts'; artifacts: ArtifactRow[] }
  | { kind: 'logs'; lines: LogRow[] }
  | { kind: 'ended'; run: FlowRunRow };

export const finalTypes: readonly string[] = ['Completed', 'Failed', 'Crashed', 'Cancelled'];
export const isFinal = (type: string): boolean => finalTypes.includes(type);
