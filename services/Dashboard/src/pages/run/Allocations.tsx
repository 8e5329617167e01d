import { Link } from 'wouter';
import type { AllocationRow } from '../../api/types';
import { Facts } from '../../parts/Basics';
import { StateBadge, StateDot } from '../../parts/State';
import { LongText, Text } from '../../parts/Text';
import { Time, Took } from '../../parts/Time';
import { VirtualRows } from '../../parts/VirtualRows';
import { plural } from '../../time/format';
import { fateOf, jobName, keyOf, waited } from './jobs';
import type { Bar, Tasks } from './tasks';

const rowHeight = 38;
const mostRows = 8;
const mostTasks = 100;

/** The Slurm jobs of a run: one line each, and all that is known of the one that is chosen. */
export function Allocations({ jobs, tasks, chosen, onChoose }: { jobs: AllocationRow[]; tasks: Tasks; chosen: string | undefined; onChoose: (key: string | undefined) => void }) {
  const shown = jobs.length === 1 ? jobs[0] : jobs.find((job) => keyOf(job) === chosen);
  return (
    <div className="jobs" style={{ '--rows': Math.min(jobs.length, mostRows) } as React.CSSProperties}>
      <VirtualRows
        className="job-rows"
        label="Slurm jobs"
        rows={jobs}
        height={rowHeight}
        keyOf={keyOf}
        head={
          <div className="rows-head" role="row">
            <span role="columnheader">State</span>
            <span role="columnheader">Job</span>
            <span role="columnheader">Where and why</span>
            <span role="columnheader">In the queue</span>
            <span role="columnheader">Ran</span>
            <span role="columnheader">Task runs</span>
          </div>
        }
        row={(job) => (
          <>
            <span role="cell">
              <StateBadge type={fateOf(job).type} name={fateOf(job).words} />
            </span>
            <span role="cell">
              <button type="button" className="quiet job-name" aria-pressed={shown === job} onClick={() => onChoose(chosen === keyOf(job) ? undefined : keyOf(job))}>
                <Text limit={40}>{jobName(job)}</Text>
              </button>
            </span>
            <span role="cell" className="dim">
              {job.node !== undefined && (
                <>
                  <Text limit={60}>{job.node}</Text>
                  {': '}
                </>
              )}
              <Text limit={160}>{job.reason ?? ''}</Text>
            </span>
            <span role="cell" className="dim time">
              <Took from={waited(job)[0]} to={waited(job)[1]} />
            </span>
            <span role="cell" className="dim time">
              {job.startedAt === undefined ? '–' : <Took from={job.startedAt} to={job.endedAt} />}
            </span>
            <span role="cell" className="dim time">
              {job.isRun ? 'the run' : job.taskRunIds.length}
            </span>
          </>
        )}
      />
      {shown !== undefined && <JobFacts job={shown} tasks={tasks} />}
    </div>
  );
}

function JobFacts({ job, tasks }: { job: AllocationRow; tasks: Tasks }) {
  const fate = fateOf(job);
  return (
    <section className="job-facts" aria-label={`Slurm job ${jobName(job)}`}>
      <Facts
        facts={[
          ['Job', <code key="j">{jobName(job)}</code>],
          ['Asked for as', <Text key="k" limit={100}>{job.isRun ? 'the run itself' : job.key}</Text>],
          job.arrayIndex !== undefined && ['Place in its array', String(job.arrayIndex)],
          ['State', <StateBadge key="s" type={fate.type} name={fate.words} />],
          job.reason !== undefined && ['Slurm says', <LongText key="r" limit={400}>{job.reason}</LongText>],
          job.waitedFor !== undefined && job.waitedFor !== job.reason && ['It waited for', <LongText key="w" limit={400}>{job.waitedFor}</LongText>],
          ['Cluster profile', <Text key="c" limit={100}>{job.cluster}</Text>],
          job.partition !== undefined && ['Partition', <Text key="p" limit={100}>{job.partition}</Text>],
          job.node !== undefined && ['Nodes', <Text key="n" limit={300}>{job.node}</Text>],
          ['In the queue since', <Time key="q" at={job.requestedAt} />],
          job.startedAt === undefined && job.expectedAt !== undefined && ['Slurm expects its start at', <Time key="e" at={job.expectedAt} />],
          job.startedAt !== undefined && ['Started', <Time key="b" at={job.startedAt} />],
          job.endedAt !== undefined && ['Ended', <Time key="d" at={job.endedAt} />],
          ['Time in the queue', <Took key="t" from={waited(job)[0]} to={waited(job)[1]} />],
          job.startedAt !== undefined && ['Time it ran', <Took key="u" from={job.startedAt} to={job.endedAt} />],
        ]}
      />
      {!job.isRun && <JobTasks job={job} tasks={tasks} />}
    </section>
  );
}

/** The task runs that it has begun to execute, by name where they are the run's own. */
function JobTasks({ job, tasks }: { job: AllocationRow; tasks: Tasks }) {
  if (job.taskRunIds.length === 0) return <p className="dim">It has executed no task run yet.</p>;
  const ids = new Set(job.taskRunIds);
  const bars = new Map<string, Bar>(tasks.bars.filter((bar) => ids.has(bar.id)).map((bar) => [bar.id, bar]));
  const begun = (id: string): number => bars.get(id)?.started ?? Infinity;
  const inOrder = [...job.taskRunIds].sort((a, b) => begun(a) - begun(b) || 0);
  return (
    <>
      <h3>{plural(job.taskRunIds.length, 'task run')}</h3>
      <ul className="list">
        {inOrder.slice(0, mostTasks).map((id) => {
          const bar = bars.get(id);
          return (
            <li key={id}>
              {bar !== undefined && <StateDot type={bar.type} name={bar.state} />}
              <Link href={`/task-runs/${id}`}>
                <Text limit={120}>{bar?.name ?? id}</Text>
              </Link>
              {bar?.started !== undefined && bar.started !== null && (
                <span className="dim">
                  <Took from={new Date(bar.started).toISOString()} to={bar.ended === null ? undefined : new Date(bar.ended).toISOString()} />
                </span>
              )}
            </li>
          );
        })}
        {job.taskRunIds.length > mostTasks && <li className="dim">and {job.taskRunIds.length - mostTasks} more</li>}
      </ul>
    </>
  );
}
