import { useState } from 'react';
import { Link } from 'wouter';
import { useAgents, useOverview, useQueues } from '../api/queries';
import type { FlowRunRow, RunningRun, ServerOverview, WaitingRun } from '../api/types';
import { Activity } from '../parts/Activity';
import { Answered, Card, Empty, PageHead, Progress } from '../parts/Basics';
import { StateBadge, StateDot } from '../parts/State';
import { Text } from '../parts/Text';
import { Ago, Took } from '../parts/Time';
import { useNow } from '../time/clock';
import { count, duration, plural } from '../time/format';

const spans = [
  { hours: 24, name: '24 hours' },
  { hours: 72, name: '3 days' },
  { hours: 168, name: '7 days' },
];

export function OverviewPage() {
  const [hours, setHours] = useState(24);
  const overview = useOverview(hours);
  return (
    <>
      <PageHead title="Overview" />
      <Answered query={overview}>
        {(data) => (
          <div className="overview">
            <Numbers data={data} />
            <Card
              className="wide"
              title="Activity"
              aside={
                <div className="switch" role="group" aria-label="How far back">
                  {spans.map((span) => (
                    <button key={span.hours} type="button" aria-pressed={span.hours === hours} onClick={() => setHours(span.hours)}>
                      {span.name}
                    </button>
                  ))}
                </div>
              }
            >
              <Activity at={data.at} hours={data.hours} buckets={data.activity} />
            </Card>
            <Card className="wide" title="Running" aside={<More href="/runs?state=Running" all={data.unfinished['Running'] ?? 0} shown={data.running.length} />}>
              {data.running.length === 0 ? <Empty command="holoflow deployment run FLOW/NAME">Nothing runs now. Start a run of a deployment here, or type</Empty> : <RunningList runs={data.running} />}
            </Card>
            <Card title="Waiting" aside={<More href="/runs?state=Scheduled" all={data.due} shown={data.waiting.length} />}>
              {data.waiting.length === 0 ? <Empty command="holoflow work-queue ls">No run waits. What queues there are tells</Empty> : <WaitingList runs={data.waiting} />}
            </Card>
            <Card title="Went wrong" aside={<More href="/runs?state=Failed&state=Crashed" all={data.failed.length} shown={data.failed.length} />}>
              {data.failed.length === 0 ? <Empty command="holoflow flow-run ls --state Failed --state Crashed">No run failed or crashed in this time. Earlier ones are listed by</Empty> : <FailedList runs={data.failed} />}
            </Card>
            <AgentsCard />
            <QueuesCard />
          </div>
        )}
      </Answered>
    </>
  );
}

function More({ href, all, shown }: { href: string; all: number; shown: number }) {
  return (
    <Link href={href} className="more">
      {all > shown ? `All ${count(all)}` : 'All'}
    </Link>
  );
}

function Numbers({ data }: { data: ServerOverview }) {
  const sum = (...types: string[]): number => data.activity.reduce((n, bucket) => n + types.reduce((m, type) => m + (bucket.byType[type] ?? 0), 0), 0);
  const numbers = [
    { name: 'Running', n: (data.unfinished['Running'] ?? 0) + (data.unfinished['Pending'] ?? 0) + (data.unfinished['Cancelling'] ?? 0), href: '/runs?state=Running&state=Pending&state=Cancelling', type: 'Running' },
    { name: 'Waiting', n: data.due, href: '/runs?state=Scheduled', type: 'Scheduled' },
    { name: 'Late', n: data.late, href: '/runs?state=Late', type: 'Late' },
    { name: 'Completed', n: sum('Completed'), href: '/runs?state=Completed', type: 'Completed' },
    { name: 'Failed or crashed', n: sum('Failed', 'Crashed'), href: '/runs?state=Failed&state=Crashed', type: 'Failed' },
  ];
  return (
    <div className="numbers wide">
      {numbers.map((number) => (
        <Link key={number.name} href={number.href} className={number.n > 0 ? 'number' : 'number none'}>
          <StateDot type={number.type} />
          <strong>{count(number.n)}</strong>
          <span>{number.name}</span>
        </Link>
      ))}
    </div>
  );
}

function RunName({ run }: { run: FlowRunRow }) {
  return (
    <span className="run-name">
      <Link href={`/runs/${run.id}`}>
        <Text>{run.name}</Text>
      </Link>
      <span className="dim">
        <Text>{run.deploymentName === undefined ? run.flowName : `${run.flowName}/${run.deploymentName}`}</Text>
      </span>
    </span>
  );
}

function RunningList({ runs }: { runs: RunningRun[] }) {
  const now = useNow();
  return (
    <ul className="list running-list">
      {runs.map(({ run, progress, fraction, tasks, tasksEnded, endsAt }) => {
        const left = endsAt === undefined ? undefined : Date.parse(endsAt) - now;
        return (
          <li key={run.id}>
            <StateDot type={run.state.type} name={run.state.name} />
            <RunName run={run} />
            <span className="running-progress">
              <Progress fraction={fraction} label={`Progress of ${run.name}`} />
              <span className="dim">
                {fraction !== undefined && <b>{Math.round(fraction * 100)} %</b>} {tasks > 0 && `${count(tasksEnded)} of ${plural(tasks, 'task')}`}{' '}
                {progress?.message !== undefined && (
                  <>
                    {tasks > 0 && '· '}
                    <Text limit={80}>{progress.message}</Text>
                  </>
                )}
              </span>
            </span>
            <span className="dim running-times">
              <Took from={run.startedAt} />
              {left !== undefined && <span>{left > 0 ? `${duration(left)} left` : 'should have ended'}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function WaitingList({ runs }: { runs: WaitingRun[] }) {
  return (
    <ul className="list">
      {runs.slice(0, 8).map(({ run, reasons }) => (
        <li key={run.id}>
          <StateDot type={run.state.type} name={run.state.name} />
          <span className="stack">
            <RunName run={run} />
            <span className="reason">{reasons[0] === undefined ? '' : <Text>{reasons[0].text}</Text>}</span>
          </span>
          <span className="dim">
            due <Ago at={run.dueAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function FailedList({ runs }: { runs: FlowRunRow[] }) {
  return (
    <ul className="list">
      {runs.slice(0, 8).map((run) => (
        <li key={run.id}>
          <StateDot type={run.state.type} name={run.state.name} />
          <span className="stack">
            <RunName run={run} />
            {run.state.message !== undefined && (
              <span className="reason">
                <Text limit={160}>{run.state.message}</Text>
              </span>
            )}
          </span>
          <span className="dim">
            <Ago at={run.endedAt ?? run.state.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function AgentsCard() {
  const agents = useAgents();
  return (
    <Card title="Agents" aside={<Link href="/agents" className="more">All</Link>}>
      <Answered query={agents}>
        {(all) => {
          const shown = all.filter((agent) => agent.slots > 0).slice(0, 6);
          if (shown.length === 0) return <Empty command="holoflow agent start -q default">No agent has been here yet. Start one with</Empty>;
          return (
            <ul className="list">
              {shown.map((agent) => (
                <li key={agent.id}>
                  <span className={agent.online ? 'lamp on' : 'lamp'} role="img" aria-label={agent.online ? 'online' : 'offline'} />
                  <Text>{agent.name}</Text>
                  <span className="dim">{agent.online ? `${agent.slots - agent.freeSlots} of ${plural(agent.slots, 'slot')} in use` : <>heard of <Ago at={agent.lastSeenAt} /></>}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Answered>
    </Card>
  );
}

function QueuesCard() {
  const queues = useQueues();
  return (
    <Card title="Work queues" aside={<Link href="/queues" className="more">All</Link>}>
      <Answered query={queues}>
        {(all) => (
          <ul className="list">
            {all.slice(0, 6).map((queue) => (
              <li key={queue.name}>
                {queue.paused ? <StateBadge type="Paused" /> : null}
                <Text>{queue.name}</Text>
                <span className="dim">
                  {count(queue.waiting)} waiting, {count(queue.active)}
                  {queue.concurrencyLimit === undefined ? '' : ` of ${queue.concurrencyLimit}`} active
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </Card>
  );
}
