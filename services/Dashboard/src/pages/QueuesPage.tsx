import { useState } from 'react';
import { Link } from 'wouter';
import { patch, post, remove } from '../api/client';
import { useQueuePreview, useQueues } from '../api/queries';
import type { WorkQueueRow } from '../api/types';
import { Answered, Button, Card, Dialog, Empty, PageHead } from '../parts/Basics';
import { useAsk, useDeed } from '../parts/Deed';
import { Icon } from '../parts/Icon';
import { StateBadge } from '../parts/State';
import { Text, visible } from '../parts/Text';
import { count, plural } from '../time/format';
import { TagLimits } from './queues/TagLimits';
import { RunLines } from './runs/RunLines';

export function QueuesPage() {
  const queues = useQueues();
  const [making, setMaking] = useState(false);
  const { busy, run } = useDeed();

  // Queues of one priority have no order: each is given its place.
  const move = (all: WorkQueueRow[], from: number, by: number): void => {
    const order = [...all];
    const [moved] = order.splice(from, 1);
    if (moved === undefined) return;
    order.splice(from + by, 0, moved);
    void run(async () => {
      for (const [place, queue] of order.entries()) if (queue.priority !== place) await patch(`/api/work-queues/${encodeURIComponent(queue.name)}`, { priority: place });
    }, 'The order is kept');
  };

  return (
    <>
      <PageHead title="Work queues" under="The first goes first.">
        <Button icon="plus" onClick={() => setMaking(true)}>
          New queue
        </Button>
      </PageHead>
      <Answered query={queues}>
        {(all) =>
          all.length === 0 ? (
            <Empty command="holoflow work-queue create NAME">There is no work queue. Make one with</Empty>
          ) : (
            <ol className="queue-list">
              {all.map((queue, i) => (
                <Queue key={queue.name} queue={queue} busy={busy} onUp={i === 0 ? undefined : () => move(all, i, -1)} onDown={i === all.length - 1 ? undefined : () => move(all, i, 1)} />
              ))}
            </ol>
          )
        }
      </Answered>
      <TagLimits />
      {making && <NewQueue onClose={() => setMaking(false)} />}
    </>
  );
}

function Queue({ queue, busy: ordering, onUp, onDown }: { queue: WorkQueueRow; busy: boolean; onUp: (() => void) | undefined; onDown: (() => void) | undefined }) {
  const { busy, run } = useDeed();
  const ask = useAsk();
  const [open, setOpen] = useState(false);
  const [limit, setLimit] = useState<string>();
  const address = `/api/work-queues/${encodeURIComponent(queue.name)}`;

  const keepLimit = (): void => {
    const text = limit?.trim() ?? '';
    void run(() => patch(address, text === '' ? { clearConcurrencyLimit: true } : { concurrencyLimit: Number(text) }), 'The limit is kept').then((kept) => kept && setLimit(undefined));
  };
  const drop = async (): Promise<void> => {
    if (await ask({ title: 'Remove this work queue?', text: <p><Text>{queue.name}</Text> is removed if nothing uses it.</p>, verb: 'Remove', danger: true })) await run(() => remove(address), 'The work queue is removed');
  };

  return (
    <li>
      <Card
        title={
          <>
            <Text limit={80}>{queue.name}</Text> {queue.paused && <StateBadge type="Paused" />}
          </>
        }
        aside={
          <span className="line">
            <Button className="quiet icon-only" icon="up" aria-label={`Move ${queue.name} up`} disabled={onUp === undefined || ordering} onClick={onUp} />
            <Button className="quiet icon-only" icon="down" aria-label={`Move ${queue.name} down`} disabled={onDown === undefined || ordering} onClick={onDown} />
            <Button icon={queue.paused ? 'play' : 'pause'} disabled={busy} onClick={() => void run(() => post(`${address}/${queue.paused ? 'resume' : 'pause'}`), queue.paused ? 'The queue goes on' : 'The queue is paused: its runs wait')}>
              {queue.paused ? 'Resume' : 'Pause'}
            </Button>
          </span>
        }
      >
        {queue.description !== undefined && (
          <p className="dim">
            <Text>{queue.description}</Text>
          </p>
        )}
        <div className="queue-numbers">
          <span>
            <strong>{count(queue.waiting)}</strong> waiting
          </span>
          <span>
            <strong>{count(queue.active)}</strong> active
          </span>
          <form
            className="inline-form"
            onSubmit={(e) => {
              e.preventDefault();
              keepLimit();
            }}
          >
            <label>
              at most{' '}
              <input type="number" min={1} className="short" placeholder="any" value={limit ?? String(queue.concurrencyLimit ?? '')} onChange={(e) => setLimit(e.target.value)} />
            </label>
            {limit !== undefined && (
              <Button type="submit" className="primary" disabled={busy}>
                Keep
              </Button>
            )}
          </form>
          <span className="dim">{queue.agents === 0 ? 'no agent on line serves it' : `${plural(queue.agents, 'agent')} on line`}</span>
          <span className="grow" />
          <Button className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            What is next
          </Button>
          {queue.name !== 'default' && <Button className="quiet icon-only" icon="trash" aria-label={`Remove ${queue.name}`} disabled={busy} onClick={() => void drop()} />}
        </div>
        {queue.agents === 0 && queue.waiting > 0 && (
          <p className="message">
            <Icon name="alarm" size={14} /> Start an agent for it: <code>holoflow agent start -q {visible(queue.name.slice(0, 80))}</code>
          </p>
        )}
        {open && <Preview name={queue.name} />}
      </Card>
    </li>
  );
}

function Preview({ name }: { name: string }) {
  const preview = useQueuePreview(name, true);
  return (
    <Answered query={preview}>
      {(data) => (
        <>
          {data.blocked !== undefined && data.runs.length > 0 && (
            <p className="message">
              <Text>{data.blocked}</Text>
            </p>
          )}
          {data.runs.length === 0 ? <Empty>No run of this queue is due.</Empty> : <RunLines runs={data.runs} />}
          {data.runs.length > 0 && (
            <p>
              <Link href={`/runs?queue=${encodeURIComponent(name)}&state=Scheduled`}>All that wait</Link>
            </p>
          )}
        </>
      )}
    </Answered>
  );
}

function NewQueue({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [limit, setLimit] = useState('');
  const { busy, run } = useDeed();
  return (
    <Dialog title="New work queue" onClose={onClose}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void run(() => post('/api/work-queues', { name: name.trim(), ...(limit === '' ? {} : { concurrencyLimit: Number(limit) }) }), 'The work queue is there').then((made) => made && onClose());
        }}
      >
        <div className="field">
          <label htmlFor="queue-name">Name</label>
          <input id="queue-name" type="text" autoFocus value={name} onChange={(e) => setName(e.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="queue-limit">
            Runs at a time <span className="hint">any number where this is empty</span>
          </label>
          <input id="queue-limit" type="number" min={1} value={limit} onChange={(e) => setLimit(e.target.value)} />
        </div>
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" className="primary" disabled={busy || name.trim() === ''}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
