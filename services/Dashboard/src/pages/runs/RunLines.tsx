import { Link } from 'wouter';
import type { FlowRunRow } from '../../api/types';
import { StateBadge } from '../../parts/State';
import { Text } from '../../parts/Text';
import { Ago, Took } from '../../parts/Time';

/** A short list of runs. */
export function RunLines({ runs }: { runs: FlowRunRow[] }) {
  return (
    <ul className="list">
      {runs.map((run) => (
        <li key={run.id}>
          <StateBadge type={run.state.type} name={run.state.name} />
          <Link href={`/runs/${run.id}`}>
            <Text>{run.name}</Text>
          </Link>
          <span className="dim">
            <Ago at={run.createdAt} />
          </span>
          <span className="dim">
            <Took from={run.startedAt} to={run.endedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
