import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { get, type Query } from './client';
import type {
  AgentRow,
  AllocationRow,
  ArtifactOfRun,
  ArtifactRow,
  ConcurrencyLimitRow,
  DeploymentDetail,
  DeploymentRow,
  FlowRow,
  FlowRunDetail,
  FlowRunRow,
  Page,
  RunGraph,
  RunHistoryEntry,
  ScheduleRow,
  ServerOverview,
  ServerStatus,
  TaskRunDetail,
  TaskRunRow,
  TaskTimeline,
  WhyAnswer,
  WorkQueuePreview,
  WorkQueueRow,
} from './types';

const asked = <T>(queryKey: unknown[], path: string, query?: Query) => ({ queryKey, queryFn: ({ signal }: { signal: AbortSignal }) => get<T>(path, query, signal) });

function read<T>(queryKey: unknown[], path: string, query?: Query, enabled = true): UseQueryResult<T> {
  return useQuery<T>({ ...asked<T>(queryKey, path, query), enabled, placeholderData: keepPreviousData });
}

/** What a page asks for first: known before the page is. */
export const first = {
  overview: (hours: number) => asked<ServerOverview>(['overview', hours], '/api/overview', { hours }),
  run: (id: string) => asked<FlowRunDetail>(['run', id], `/api/flow-runs/${encodeURIComponent(id)}`),
  graph: (id: string) => asked<RunGraph>(['graph', id], `/api/flow-runs/${encodeURIComponent(id)}/graph`),
  timeline: (id: string) => asked<TaskTimeline>(['timeline', id], `/api/flow-runs/${encodeURIComponent(id)}/timeline`),
};

export const useOverview = (hours: number) => useQuery({ ...first.overview(hours), placeholderData: keepPreviousData });
export const useServer = () => read<ServerStatus>(['server'], '/api/server');

/** Without those that came with a command of their own, ran its flow and went with it. */
const stays = (agent: AgentRow): boolean => agent.online || !agent.name.startsWith('embedded-');

export const useAgents = () => useQuery({ ...asked<AgentRow[]>(['agents'], '/api/agents'), placeholderData: keepPreviousData, select: (all) => all.filter(stays) });
export const useQueues = () => read<WorkQueueRow[]>(['queues'], '/api/work-queues');
export const useTagLimits = () => read<ConcurrencyLimitRow[]>(['limits'], '/api/concurrency-limits');
export const useQueuePreview = (name: string, enabled: boolean) => read<WorkQueuePreview>(['queues', name, 'preview'], `/api/work-queues/${encodeURIComponent(name)}/preview`, { limit: 50 }, enabled);
export const useSchedules = (next: number) => read<ScheduleRow[]>(['schedules', next], '/api/schedules', { next });
export const useDeployments = (query: Query) => read<Page<DeploymentRow>>(['deployments', query], '/api/deployments', query);
export const useDeployment = (flow: string, name: string) => read<DeploymentDetail>(['deployment', flow, name], `/api/deployments/${encodeURIComponent(flow)}/${encodeURIComponent(name)}`);
export const useFlows = () => read<Page<FlowRow>>(['flows'], '/api/flows', { limit: 200 });
export const useRun = (id: string, enabled = true) => useQuery({ ...first.run(id), enabled, placeholderData: keepPreviousData });
export const useRunsWithParameter = (name: string, value: string) => read<Page<FlowRunRow>>(['runs', 'with', name, value], '/api/flow-runs', { parameter: `${name}=${value}`, limit: 200 }, value !== '');
export const useHistory = (id: string, version: number) => read<RunHistoryEntry[]>(['run', id, 'history', version], `/api/flow-runs/${encodeURIComponent(id)}/history`);
export const useWhy = (id: string, enabled: boolean) => read<WhyAnswer>(['run', id, 'why'], `/api/flow-runs/${encodeURIComponent(id)}/why`, {}, enabled);
export const useGraph = (id: string) => useQuery({ ...first.graph(id), placeholderData: keepPreviousData });
export const useTimeline = (id: string) => useQuery({ ...first.timeline(id), placeholderData: keepPreviousData });
export const useArtifacts = (id: string) => read<ArtifactRow[]>(['artifacts', id], `/api/flow-runs/${encodeURIComponent(id)}/artifacts`);
export const useArtifactsOverRuns = (key: string[], limit: number, flow?: string) => read<Page<ArtifactOfRun>>(['artifacts', 'over runs', key, flow, limit], '/api/artifacts', { key, flow, limit });
export const useAllocations = (runId: string) => read<AllocationRow[]>(['allocations', runId], `/api/flow-runs/${encodeURIComponent(runId)}/allocations`);
export const useTaskRun = (id: string) => read<TaskRunDetail>(['tasks', 'one', id], `/api/task-runs/${encodeURIComponent(id)}`);
export const useNested = (id: string) => read<Page<FlowRunRow>>(['runs', 'of', id], '/api/flow-runs', { parent: id, limit: 200 });

export function useRuns(query: Query) {
  return useInfiniteQuery({
    queryKey: ['runs', 'list', query],
    queryFn: ({ pageParam, signal }) => get<Page<FlowRunRow>>('/api/flow-runs', { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useTaskRuns(runId: string, query: Query) {
  return useInfiniteQuery({
    queryKey: ['tasks', runId, query],
    queryFn: ({ pageParam, signal }) => get<Page<TaskRunRow>>(`/api/flow-runs/${runId}/task-runs`, { ...query, limit: 200, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}
