import { Background, BackgroundVariant, Controls, Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useEffect, useMemo, useState } from 'react';
import { useGraph } from '../../api/queries';
import { Empty, Failure, Loading } from '../../parts/Basics';
import { StateBar, StateDot } from '../../parts/State';
import { visible } from '../../parts/Text';
import { count, plural } from '../../time/format';
import { layOut, nodeSize, type Placed } from './layout';
import { countStates, type Bar, type Tasks } from './tasks';

type TaskNodeData = { name: string; states: Record<string, number>; total: number; only: Bar | undefined; direction: 'RIGHT' | 'DOWN' };

/** The state that is to be seen first in a node of many. */
const gravest = ['Failed', 'Crashed', 'Running', 'Paused', 'Pending', 'Cancelled', 'Completed'];

function TaskNode({ data }: NodeProps<Node<TaskNodeData>>) {
  const lead = gravest.find((type) => (data.states[type] ?? 0) > 0) ?? 'Pending';
  const ended = (data.states['Completed'] ?? 0) + (data.states['Failed'] ?? 0) + (data.states['Crashed'] ?? 0) + (data.states['Cancelled'] ?? 0);
  const [target, source] = data.direction === 'RIGHT' ? [Position.Left, Position.Right] : [Position.Top, Position.Bottom];
  return (
    <div className="task-node">
      <Handle type="target" position={target} isConnectable={false} />
      <span className="task-node-name">
        <StateDot type={lead} name={data.only?.state ?? lead} />
        <bdi>{visible(data.name.slice(0, 60))}</bdi>
      </span>
      <StateBar states={data.states} label={data.name.slice(0, 60)} />
      <span className="dim">{data.total === 1 ? visible((data.only?.state ?? '').slice(0, 40)) : `${count(ended)} of ${plural(data.total, 'task run')}`}</span>
      <Handle type="source" position={source} isConnectable={false} />
    </div>
  );
}

/** Nodes that are laid out within a moment; tasks of more names than this are read as a table. */
const mostDrawn = 1000;

const nodeTypes = { task: TaskNode };

/** The graph by task: all runs of one task are one node, however many they are. */
export function RunGraphView({ runId, isLive, tasks, chosen, onChoose }: { runId: string; isLive: boolean; tasks: Tasks; chosen: string | undefined; onChoose: (task: string) => void }) {
  const graph = useGraph(runId);
  const [placed, setPlaced] = useState<Placed[]>();
  const [failure, setFailure] = useState<unknown>();
  const refetch = graph.refetch;
  const counts = useMemo(() => countStates(tasks.bars), [tasks]);
  const names = tasks.names.slice(0, mostDrawn).join('\n');
  const direction = innerWidth < 700 ? 'DOWN' : 'RIGHT';

  // New tasks bring new edges.
  useEffect(() => {
    const known = new Set(graph.data?.nodes.map((node) => node.id));
    if (graph.data !== undefined && names !== '' && names.split('\n').some((name) => !known.has(name))) void refetch();
  }, [names, graph.data, refetch]);

  useEffect(() => {
    let isCurrent = true;
    if (graph.data === undefined) return undefined;
    layOut(names === '' ? [] : names.split('\n'), graph.data.edges, direction).then(
      (all) => isCurrent && setPlaced(all),
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [names, graph.data, direction]);

  const nodes = useMemo((): Node<TaskNodeData>[] => {
    const single = new Map<string, Bar>();
    for (const bar of tasks.bars) single.set(bar.task, bar);
    return (placed ?? []).map((at) => {
      const states = counts.get(at.id) ?? {};
      const total = Object.values(states).reduce((sum, n) => sum + n, 0);
      return {
        id: at.id,
        type: 'task',
        position: at,
        ...nodeSize,
        selected: at.id === chosen,
        draggable: false,
        ariaLabel: `Task ${at.id.slice(0, 60)}, ${plural(total, 'task run')}`,
        data: { name: at.id, states, total, only: total === 1 ? single.get(at.id) : undefined, direction },
      };
    });
  }, [placed, counts, tasks, chosen, direction]);

  const edges = useMemo(
    (): Edge[] =>
      (graph.data?.edges ?? [])
        .filter((edge) => edge.from !== edge.to)
        .map((edge) => ({
          id: `${edge.from}\n${edge.to}`,
          source: edge.from,
          target: edge.to,
          focusable: false,
          ...(edge.count > 1 ? { label: count(edge.count) } : {}),
          markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
        })),
    [graph.data],
  );

  if (failure !== undefined || (graph.data === undefined && graph.error !== null)) return <Failure error={failure ?? graph.error} />;
  if (tasks.bars.length === 0) return <Empty command={`holoflow flow-run ${isLive ? 'why' : 'inspect'} ${runId}`}>{isLive ? 'This run has no task yet. Why it is where it is tells' : 'This run had no task. All of it tells'}</Empty>;
  if (placed === undefined) return <Loading />;
  return (
    <>
      {tasks.names.length > mostDrawn && (
        <p className="dim">
          The first {count(mostDrawn)} of {plural(tasks.names.length, 'task')} are drawn; the table below has all.
        </p>
      )}
      <div className="graph" data-ready={nodes.length > 0}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          fitView
          fitViewOptions={{ padding: 0.12, maxZoom: 1.1 }}
          minZoom={0.05}
          maxZoom={2}
          nodesConnectable={false}
          onlyRenderVisibleElements={nodes.length > 300}
          proOptions={{ hideAttribution: true }}
          onNodeClick={(_, node) => onChoose(node.id)}
          onSelectionChange={({ nodes: some }) => {
            const one = some[0];
            if (one !== undefined && one.id !== chosen) onChoose(one.id);
          }}
        >
          <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </>
  );
}
