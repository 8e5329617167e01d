import { useLocation } from 'wouter';
import { post, remove } from '../../api/client';
import { isFinal, type FlowRunDetail } from '../../api/types';
import { Button } from '../../parts/Basics';
import { useAsk, useDeed } from '../../parts/Deed';
import { Text } from '../../parts/Text';

export function RunActions({ run }: { run: FlowRunDetail }) {
  const ask = useAsk();
  const [, go] = useLocation();
  const { busy, run: carryOut } = useDeed();
  const type = run.state.type;
  if (run.parentRunId !== undefined) return null;

  const confirmed = async (verb: string, text: string, deed: () => Promise<unknown>, done: string): Promise<boolean> => {
    const yes = await ask({ title: `${verb} this run?`, text: <p><Text>{run.name}</Text>: {text}</p>, verb, danger: true });
    return yes && carryOut(deed, done);
  };
  return (
    <>
      {(type === 'Running' || type === 'Scheduled' || type === 'Pending') && (
        <Button icon="pause" disabled={busy} onClick={() => void carryOut(() => post(`/api/flow-runs/${run.id}/pause`), 'The run pauses: no further task starts')}>
          Pause
        </Button>
      )}
      {type === 'Paused' && (
        <Button icon="play" disabled={busy} onClick={() => void carryOut(() => post(`/api/flow-runs/${run.id}/resume`), 'The run goes on')}>
          Resume
        </Button>
      )}
      {!isFinal(type) && type !== 'Cancelling' && (
        <Button
          icon="stop"
          className="danger"
          disabled={busy}
          onClick={() => void confirmed('Cancel', 'its process, that one’s children and its jobs are ended.', () => post(`/api/flow-runs/${run.id}/cancel`), 'The run is being cancelled')}
        >
          Cancel
        </Button>
      )}
      {isFinal(type) && (
        <>
          <Button icon="retry" disabled={busy} onClick={() => void carryOut(() => post(`/api/flow-runs/${run.id}/retry`), 'The run is tried again; finished tasks are not run again')}>
            Retry
          </Button>
          <Button
            icon="trash"
            className="danger"
            disabled={busy}
            onClick={() => void confirmed('Delete', 'its history, logs and artifacts are removed.', () => remove(`/api/flow-runs/${run.id}`), 'The run is deleted').then((gone) => gone && go('/runs'))}
          >
            Delete
          </Button>
        </>
      )}
    </>
  );
}
