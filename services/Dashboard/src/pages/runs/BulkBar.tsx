import { useState } from 'react';
import { ApiError, post, remove } from '../../api/client';
import { isFinal, type FlowRunRow } from '../../api/types';
import { Button } from '../../parts/Basics';
import { useAsk, useDeed, useTell } from '../../parts/Deed';
import { Text } from '../../parts/Text';
import { plural } from '../../time/format';

const sideBySide = 6;

/** What can be done to several runs at once. */
export function BulkBar({ runs, onDone }: { runs: FlowRunRow[]; onDone: () => void }) {
  const ask = useAsk();
  const tell = useTell();
  const { busy, run } = useDeed();
  const [done, setDone] = useState(0);
  if (runs.length === 0) return null;
  const live = runs.filter((one) => !isFinal(one.state.type));
  const ended = runs.filter((one) => isFinal(one.state.type));

  const each = async (verb: string, past: string, danger: boolean, some: FlowRunRow[], deed: (id: string) => Promise<unknown>): Promise<void> => {
    const yes = await ask({ title: `${verb} ${plural(some.length, 'run')}?`, text: <Names runs={some} />, verb: `${verb} ${plural(some.length, 'run')}`, danger });
    if (!yes) return;
    setDone(0);
    const failed: string[] = [];
    await run(async () => {
      const left = [...some];
      const worker = async (): Promise<void> => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          try {
            await deed(one.id);
          } catch (error) {
            failed.push(`${one.name}: ${error instanceof ApiError ? error.detail : String(error)}`);
          }
          setDone((n) => n + 1);
        }
      };
      await Promise.all(Array.from({ length: sideBySide }, worker));
    });
    if (failed.length > 0) tell(`${plural(failed.length, 'run')} not ${past}: ${failed.slice(0, 3).join('; ')}${failed.length > 3 ? '; …' : ''}`, true);
    if (failed.length < some.length) tell(`${plural(some.length - failed.length, 'run')} ${past}`);
    onDone();
  };

  return (
    <div className="bulk" role="group" aria-label="Chosen runs">
      <strong>{busy ? `${done} of ${runs.length}` : `${plural(runs.length, 'run')} chosen`}</strong>
      <span className="grow" />
      {live.length > 0 && (
        <Button icon="stop" disabled={busy} onClick={() => void each('Cancel', 'cancelled', true, live, (id) => post(`/api/flow-runs/${id}/cancel`))}>
          Cancel {live.length}
        </Button>
      )}
      {ended.length > 0 && (
        <>
          <Button icon="retry" disabled={busy} onClick={() => void each('Retry', 'retried', false, ended, (id) => post(`/api/flow-runs/${id}/retry`))}>
            Retry {ended.length}
          </Button>
          <Button icon="trash" className="danger" disabled={busy} onClick={() => void each('Delete', 'deleted', true, ended, (id) => remove(`/api/flow-runs/${id}`))}>
            Delete {ended.length}
          </Button>
        </>
      )}
      <Button className="quiet" disabled={busy} onClick={onDone}>
        Choose none
      </Button>
    </div>
  );
}

function Names({ runs }: { runs: FlowRunRow[] }) {
  return (
    <ul className="names">
      {runs.slice(0, 8).map((one) => (
        <li key={one.id}>
          <Text limit={80}>{one.name}</Text>
        </li>
      ))}
      {runs.length > 8 && <li>and {runs.length - 8} more</li>}
    </ul>
  );
}
