import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useAllocations, useArtifacts, useHistory, useNested, useRun, useWhy } from '../api/queries';
import { isFinal, type AllocationRow, type FlowRunDetail } from '../api/types';
import { Answered, Card, Empty, Facts, Failure, Loading, PageHead, Progress, Tags } from '../parts/Basics';
import { StateBadge, StateBar } from '../parts/State';
import { Tabs } from '../parts/Tabs';
import { LongText, Text, visible } from '../parts/Text';
import { Ago, Time, Took } from '../parts/Time';
import { plural } from '../time/format';
import { Allocations } from './run/Allocations';
import { Artifacts } from './run/Artifacts';
import { barOf } from './run/jobs';
import { prepareLayout } from './run/layout';
import { Logs } from './run/Logs';
import { RunActions } from './run/RunActions';
import { RunGraphView } from './run/RunGraphView';
import { TaskTable } from './run/TaskTable';
import { allStates, useTasks } from './run/tasks';
import { Timeline } from './run/Timeline';

const noJobs: AllocationRow[] = [];

export default function RunPage({ id, tab = 'tasks' }: { id: string; tab?: string | undefined }) {
  const run = useRun(id);
  const isLive = run.data !== undefined && !isFinal(run.data.state.type);
  const { tasks, error, again } = useTasks(id, run.data?.version ?? 0, isLive);
  const artifacts = useArtifacts(id);
  const nested = useNested(id);
  const { data: jobs = noJobs } = useAllocations(id);
  const jobBars = useMemo(() => jobs.map(barOf), [jobs]);
  const [job, setJob] = useState<string>();
  const [task, setTask] = useState<string>();
  useState(() => tab === 'tasks' && prepareLayout());
  const base = `/runs/${id}`;

  return (
    <Answered query={run}>
      {(data) => (
        <>
          <PageHead
            title={<Text limit={120}>{data.name}</Text>}
            under={
              <>
                <StateBadge type={data.state.type} name={data.state.name} />
                <Where run={data} />
                {data.startedAt === undefined ? (
                  <span>
                    created <Ago at={data.createdAt} />
                  </span>
                ) : (
                  <span>
                    started <Ago at={data.startedAt} />, {isLive ? 'runs for' : 'took'} <Took from={data.startedAt} to={data.endedAt} />
                  </span>
                )}
                <Tags tags={data.tags} />
              </>
            }
          >
            <RunActions run={data} />
          </PageHead>
          {data.state.message !== undefined && <Message run={data} text={data.state.message} />}
          {isLive && <Why id={id} version={data.version} />}
          {isLive && tasks !== undefined && tasks.bars.length > 0 && (
            <Progress fraction={tasks.bars.filter((bar) => isFinal(bar.type)).length / tasks.bars.length} label="Task runs that have ended" />
          )}
          <Tabs
            label="Parts of this run"
            current={tab}
            tabs={[
              { id: 'tasks', name: 'Tasks', href: base, count: tasks?.bars.length },
              { id: 'logs', name: 'Logs', href: `${base}/logs` },
              { id: 'artifacts', name: 'Artifacts', href: `${base}/artifacts`, count: artifacts.data?.length },
              ...((nested.data?.items.length ?? 0) > 0 ? [{ id: 'nested', name: 'Nested runs', href: `${base}/nested`, count: nested.data?.items.length }] : []),
              { id: 'details', name: 'Details', href: `${base}/details` },
            ]}
          />
          {tab === 'tasks' && error !== null && error !== undefined && <Failure error={error} again={again} />}
          {tab === 'tasks' && tasks === undefined && (error === null || error === undefined) && <Loading />}
          {tab === 'tasks' && tasks !== undefined && (
            <div className="run-tasks">
              <Card title="Graph" aside={<StateBar states={allStates(tasks.bars)} label="Task runs" />}>
                <RunGraphView runId={id} isLive={isLive} tasks={tasks} chosen={task} onChoose={setTask} />
              </Card>
              <Card title="Timeline">
                <Timeline tasks={tasks} jobs={jobBars} isLive={isLive} onJob={setJob} />
              </Card>
              {jobs.length > 0 && (
                <Card title="Slurm jobs">
                  <Allocations jobs={jobs} tasks={tasks} chosen={job} onChoose={setJob} />
                </Card>
              )}
              <Card title="Task runs">
                <TaskTable tasks={tasks} task={task} onTask={setTask} isLive={isLive} />
              </Card>
            </div>
          )}
          {tab === 'logs' && <Logs runId={id} isLive={isLive} tasks={tasks} />}
          {tab === 'artifacts' && <Artifacts runId={id} />}
          {tab === 'nested' && <Nested id={id} />}
          {tab === 'details' && <Details run={data} />}
        </>
      )}
    </Answered>
  );
}

function Where({ run }: { run: FlowRunDetail }) {
  if (run.deploymentName === undefined) return <Text>{run.flowName}</Text>;
  return (
    <Link href={`/deployments/${encodeURIComponent(run.flowName)}/${encodeURIComponent(run.deploymentName)}`}>
      <Text>{`${run.flowName}/${run.deploymentName}`}</Text>
    </Link>
  );
}

function Message({ run, text }: { run: FlowRunDetail; text: string }) {
  const bad = run.state.type === 'Failed' || run.state.type === 'Crashed';
  return (
    <div className={bad ? 'message bad' : 'message'}>
      <LongText limit={800}>{text}</LongText>
    </div>
  );
}

/** Why it waits: the whole chain, the nearest cause first. */
function Why({ id, version }: { id: string; version: number }) {
  const why = useWhy(id, version > 0);
  const reasons = why.data?.reasons.filter((reason) => reason.kind !== 'NotWaiting') ?? [];
  if (reasons.length === 0) return null;
  return (
    <div className="message why">
      <strong>Why it waits</strong>
      <ol>
        {reasons.map((reason) => (
          <li key={reason.kind + reason.text}>
            <Text limit={1000}>{reason.text}</Text>
            {reason.until !== undefined && (
              <span className="dim">
                {' '}
                until <Time at={reason.until} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Nested({ id }: { id: string }) {
  const nested = useNested(id);
  return (
    <Answered query={nested}>
      {(page) => (
        <ul className="list">
          {page.items.map((run) => (
            <li key={run.id}>
              <StateBadge type={run.state.type} name={run.state.name} />
              <Link href={`/runs/${run.id}`}>
                <Text>{run.name}</Text>
              </Link>
              <span className="dim">
                <Text>{run.flowName}</Text>
              </span>
              <span className="dim">
                <Took from={run.startedAt} to={run.endedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Answered>
  );
}

function Details({ run }: { run: FlowRunDetail }) {
  const history = useHistory(run.id, run.version);
  const parameters = typeof run.parameters === 'object' && run.parameters !== null ? Object.entries(run.parameters) : [];
  return (
    <div className="columns">
      <Card title="Parameters">
        {parameters.length === 0 ? (
          <Empty>This run has no parameters.</Empty>
        ) : (
          <Facts facts={parameters.map(([name, value]) => [visible(name.slice(0, 200)), typeof value === 'string' ? <LongText limit={400}>{value}</LongText> : <LongText limit={400}>{JSON.stringify(value, undefined, 1)}</LongText>] as const)} />
        )}
      </Card>
      {run.result !== undefined && (
        <Card title="Result">
          <LongText>{JSON.stringify(run.result, undefined, 2)}</LongText>
        </Card>
      )}
      <Card title="States">
        <Answered query={history}>
          {(entries) => (
            <ol className="history">
              {entries.map((entry) => (
                <li key={entry.version}>
                  <StateBadge type={entry.state.type} name={entry.state.name} />
                  <Time at={entry.state.at} />
                  {entry.state.message !== undefined && <Text limit={300}>{entry.state.message}</Text>}
                </li>
              ))}
            </ol>
          )}
        </Answered>
      </Card>
      <Card title="About this run">
        <Facts
          facts={[
            ['Id', <code key="id">{run.id}</code>],
            ['Flow', <Text key="f">{run.flowName}</Text>],
            ['Work queue', <Text key="q">{run.queue}</Text>],
            ['Priority', String(run.priority)],
            ['Created', <Time key="c" at={run.createdAt} />],
            ['Due', <Time key="d" at={run.dueAt} />],
            ['Started', <Time key="s" at={run.startedAt} />],
            ['Ended', <Time key="e" at={run.endedAt} />],
            ['Launched', `${plural(run.runCount, 'time')}, ${plural(run.retriesUsed, 'retry', 'retries')} used`],
            run.agentId !== undefined && ['Agent', <Text key="a">{run.agentId}</Text>],
            run.expiresAt !== undefined && ['Skipped if not started by', <Time key="x" at={run.expiresAt} />],
            run.parentRunId !== undefined && ['Called by', <Link key="p" href={`/runs/${run.parentRunId}`}>its parent run</Link>],
            run.program !== undefined && ['Program', <code key="pr">{visible(`${run.program.path}${run.program.method === undefined ? '' : `:${run.program.method}`}`.slice(0, 300))}</code>],
          ]}
        />
      </Card>
    </div>
  );
}
