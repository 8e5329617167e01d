import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { useRuns } from '../api/queries';
import { isFinal, type FlowRunRow } from '../api/types';
import { Empty, Failure, Loading, PageHead, Tags } from '../parts/Basics';
import { StateBadge } from '../parts/State';
import { Text } from '../parts/Text';
import { Ago, Took } from '../parts/Time';
import { VirtualRows } from '../parts/VirtualRows';
import { plural } from '../time/format';
import { BulkBar } from './runs/BulkBar';
import { FilterBar } from './runs/FilterBar';
import { isEmpty, read, write, type Filters } from './runs/filters';

const rowHeight = 44;

export function RunsPage() {
  const search = useSearch();
  const [, go] = useLocation();
  const filters = useMemo(() => read(search), [search]);
  const runs = useRuns(filters);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);

  const set = (next: Filters): void => {
    const text = write(next);
    go(text === '' ? '/runs' : `/runs?${text}`, { replace: true });
  };

  useEffect(() => setChosen(new Set()), [search]);

  const choose = (id: string, yes: boolean): void =>
    setChosen((old) => {
      const next = new Set(old);
      if (yes) next.add(id);
      else next.delete(id);
      return next;
    });
  const all = rows.length > 0 && rows.every((run) => chosen.has(run.id));

  return (
    <div className="page-full">
      <PageHead title="Runs" under={runs.data === undefined ? undefined : `${plural(rows.length, 'run')}${runs.hasNextPage ? ' and more' : ''}`} />
      <FilterBar filters={filters} onChange={set} />
      <BulkBar runs={rows.filter((run) => chosen.has(run.id))} onDone={() => setChosen(new Set())} />
      {runs.error !== null && <Failure error={runs.error} again={() => void runs.refetch()} />}
      {runs.data === undefined && runs.error === null && <Loading />}
      {runs.data !== undefined && rows.length === 0 && !runs.hasNextPage && (
        <Empty command={isEmpty(filters) ? 'holoflow demo' : 'holoflow flow-run ls'}>
          {isEmpty(filters) ? 'There are no runs yet. See one with' : 'No run fits these filters. Take one away, or list them all with'}
        </Empty>
      )}
      {(rows.length > 0 || runs.hasNextPage) && (
        <VirtualRows
          className="runs-table"
          label="Runs"
          rows={rows}
          height={rowHeight}
          keyOf={(run) => run.id}
          more={{ has: runs.hasNextPage, busy: runs.isFetchingNextPage, load: () => void runs.fetchNextPage() }}
          head={
            <div className="rows-head" role="row">
              <span role="columnheader">
                <input type="checkbox" aria-label="Choose all that are listed" checked={all} onChange={(e) => setChosen(e.target.checked ? new Set(rows.map((run) => run.id)) : new Set())} />
              </span>
              <span role="columnheader">State</span>
              <span role="columnheader">Run</span>
              <span role="columnheader">Flow</span>
              <span role="columnheader" className="col-tags">Tags</span>
              <span role="columnheader" className="col-queue">Queue</span>
              <span role="columnheader" className="col-age">Created</span>
              <span role="columnheader" className="col-took">Took</span>
            </div>
          }
          row={(run) => <RunRow run={run} chosen={chosen.has(run.id)} onChoose={(yes) => choose(run.id, yes)} />}
        />
      )}
    </div>
  );
}

function RunRow({ run, chosen, onChoose }: { run: FlowRunRow; chosen: boolean; onChoose: (yes: boolean) => void }) {
  return (
    <>
      <span role="cell">
        <input type="checkbox" aria-label={`Choose ${run.name.slice(0, 100)}`} checked={chosen} onChange={(e) => onChoose(e.target.checked)} />
      </span>
      <span role="cell">
        <StateBadge type={run.state.type} name={run.state.name} />
      </span>
      <span role="cell" className="cell-name">
        <Link href={`/runs/${run.id}`}>
          <Text>{run.name}</Text>
        </Link>
      </span>
      <span role="cell" className="cell-flow">
        <Text>{run.deploymentName === undefined ? run.flowName : `${run.flowName}/${run.deploymentName}`}</Text>
      </span>
      <span role="cell" className="col-tags">
        <Tags tags={run.tags} />
      </span>
      <span role="cell" className="col-queue dim">
        <Text>{run.queue}</Text>
      </span>
      <span role="cell" className="col-age dim">
        <Ago at={run.createdAt} />
      </span>
      <span role="cell" className="col-took dim">
        <Took from={run.startedAt} to={run.endedAt ?? (isFinal(run.state.type) ? run.state.at : undefined)} />
      </span>
    </>
  );
}
