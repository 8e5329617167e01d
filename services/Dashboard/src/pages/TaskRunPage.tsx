import { useMemo } from 'react';
import { Link } from 'wouter';
import { useAllocations, useTaskRun, useTimeline } from '../api/queries';
import type { TaskRunDetail } from '../api/types';
import { Answered, Card, Facts, PageHead, Progress, Tags } from '../parts/Basics';
import { Icon } from '../parts/Icon';
import { StateBadge, StateDot } from '../parts/State';
import { LongText, Text, visible } from '../parts/Text';
import { Ago, Time, Took } from '../parts/Time';
import { plural } from '../time/format';
import { Artifacts } from './run/Artifacts';
import { jobName } from './run/jobs';

export function TaskRunPage({ id }: { id: string }) {
  const task = useTaskRun(id);
  return (
    <Answered query={task}>
      {(data) => (
        <>
          <PageHead
            title={<Text limit={120}>{data.name}</Text>}
            under={
              <>
                <StateBadge type={data.state.type} name={data.state.name} />
                <span>
                  of <Link href={`/runs/${data.flowRunId}`}><Text>{data.flowRunName}</Text></Link>
                </span>
                <span>
                  {data.startedAt === undefined ? <>created <Ago at={data.createdAt} /></> : <>took <Took from={data.startedAt} to={data.endedAt} /></>}
                </span>
                <Tags tags={data.tags} />
              </>
            }
          >
            <Link className="button" href={`/runs/${data.flowRunId}/logs?taskRun=${data.id}`}>
              <Icon name="runs" size={15} /> Its log lines
            </Link>
          </PageHead>
          {data.state.message !== undefined && (
            <div className={data.state.type === 'Failed' || data.state.type === 'Crashed' ? 'message bad' : 'message'}>
              <LongText limit={2000}>{data.state.message}</LongText>
            </div>
          )}
          {data.description !== undefined && (
            <p className="dim">
              <LongText limit={2000}>{data.description}</LongText>
            </p>
          )}
          <div className="columns">
            <Card title="About this task run">
              <Facts
                facts={[
                  ['Task', <Text key="t">{data.taskName}</Text>],
                  ['Key', <code key="k">{visible(data.key.slice(0, 200))}</code>],
                  data.mapIndex !== undefined && ['Place in the map', String(data.mapIndex)],
                  ['Executed', plural(data.runCount, 'time')],
                  ['Created', <Time key="c" at={data.createdAt} />],
                  ['Started', <Time key="s" at={data.startedAt} />],
                  ['Ended', <Time key="e" at={data.endedAt} />],
                  ['Waited', <Took key="w" from={data.createdAt} to={data.startedAt ?? data.endedAt} />],
                  ['Slurm job', <Jobs key="j" task={data} />],
                  ['Id', <code key="id">{data.id}</code>],
                ]}
              />
            </Card>
            {data.progress !== undefined && (
              <Card title="Progress">
                <Progress fraction={data.progress.fraction} label="Progress" />
                <p className="dim">
                  {data.progress.count !== undefined && `${data.progress.count}${data.progress.total === undefined ? '' : ` of ${data.progress.total}`} `}
                  {data.progress.message !== undefined && <Text>{data.progress.message}</Text>}
                </p>
              </Card>
            )}
            {data.inputs.length > 0 && (
              <Card title={data.startedAt === undefined ? 'Waits for' : 'Made from the results of'}>
                <Inputs task={data} />
              </Card>
            )}
          </div>
          <Artifacts runId={data.flowRunId} taskRunId={data.id} />
        </>
      )}
    </Answered>
  );
}

/** The Slurm jobs that have begun to execute it: more than one where an allocation was lost. */
function Jobs({ task }: { task: TaskRunDetail }) {
  const jobs = useAllocations(task.flowRunId).data?.filter((job) => job.taskRunIds.includes(task.id)) ?? [];
  return jobs.length === 0 ? '–' : <Text>{jobs.map((job) => `${jobName(job)}${job.node === undefined ? '' : ` on ${job.node}`}`).join(', ')}</Text>;
}

const mostInputs = 100;

/** The task runs whose results it takes, by name. */
function Inputs({ task }: { task: TaskRunDetail }) {
  const timeline = useTimeline(task.flowRunId);
  const places = useMemo(() => new Map(timeline.data?.id.map((id, i) => [id, i])), [timeline.data]);
  return (
    <ul className="list">
      {task.inputs.slice(0, mostInputs).map((input) => {
        const place = places.get(input.taskRunId);
        const name = place === undefined ? undefined : timeline.data?.name[place];
        const [type, state] = (place === undefined ? '' : (timeline.data?.states[timeline.data.state[place] ?? 0] ?? '')).split(' ');
        return (
          <li key={input.taskRunId + input.name}>
            {type !== undefined && type !== '' && <StateDot type={type} name={state ?? type} />}
            <Link href={`/task-runs/${input.taskRunId}`}>
              <Text limit={120}>{name ?? input.taskRunId}</Text>
            </Link>
            {input.name !== '' && (
              <span className="dim">
                as <Text limit={60}>{input.name}</Text>
              </span>
            )}
          </li>
        );
      })}
      {task.inputs.length > mostInputs && <li className="dim">and {task.inputs.length - mostInputs} more</li>}
    </ul>
  );
}
