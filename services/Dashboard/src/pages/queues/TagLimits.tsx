import { useState } from 'react';
import { Link } from 'wouter';
import { put, remove } from '../../api/client';
import { useTagLimits } from '../../api/queries';
import type { ConcurrencyLimitRow } from '../../api/types';
import { Answered, Button, Card, Empty } from '../../parts/Basics';
import { useAsk, useDeed } from '../../parts/Deed';
import { Text } from '../../parts/Text';
import { Ago } from '../../parts/Time';
import { plural } from '../../time/format';

const mostHolders = 10;
const addressOf = (tag: string): string => `/api/concurrency-limits/${encodeURIComponent(tag)}`;

/** How many runs and tasks that carry a tag go at a time, whatever queue they are in, and which do. */
export function TagLimits() {
  const limits = useTagLimits();
  return (
    <Card title="Limits by tag" aside={<NewLimit />}>
      <Answered query={limits}>
        {(all) =>
          all.length === 0 ? (
            <Empty command="holoflow concurrency-limit create TAG NUMBER">No tag limits how many runs and tasks go at a time. Limit one here, or type</Empty>
          ) : (
            <ul className="list">
              {all.map((limit) => (
                <Limit key={limit.tag} limit={limit} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  );
}

function Limit({ limit }: { limit: ConcurrencyLimitRow }) {
  const { busy, run } = useDeed();
  const ask = useAsk();
  const drop = async (): Promise<void> => {
    if (await ask({ title: 'Take this limit away?', text: <p>Any number of runs and tasks that carry <Text limit={60}>{limit.tag}</Text> may go at a time then.</p>, verb: 'Take it away', danger: true }))
      await run(() => remove(addressOf(limit.tag)), 'The limit is gone');
  };
  return (
    <li>
      <span className="stack">
        <span className="line">
          <Link href={`/runs?tag=${encodeURIComponent(limit.tag)}`}>
            <Text limit={60}>{limit.tag}</Text>
          </Link>
          <span className="dim">
            {limit.holders.length} of {plural(limit.slots, 'slot')} held
            {limit.waiting > 0 && `, ${plural(limit.waiting, 'task')} waiting`}
          </span>
        </span>
        {limit.holders.slice(0, mostHolders).map((holder) => (
          <span key={holder.runId + (holder.taskRunId ?? '')} className="reason">
            {holder.taskRunId !== undefined && (
              <>
                <Link href={`/task-runs/${holder.taskRunId}`}>
                  <Text limit={80}>{holder.taskRunName ?? holder.taskRunId}</Text>
                </Link>{' '}
                of{' '}
              </>
            )}
            <Link href={`/runs/${holder.runId}`}>
              <Text limit={80}>{holder.runName}</Text>
            </Link>{' '}
            since <Ago at={holder.since} />
          </span>
        ))}
        {limit.holders.length > mostHolders && <span className="reason">and {limit.holders.length - mostHolders} more</span>}
      </span>
      <Button className="quiet icon-only" icon="trash" aria-label={`Take the limit of ${limit.tag.slice(0, 60)} away`} disabled={busy} onClick={() => void drop()} />
    </li>
  );
}

function NewLimit() {
  const [tag, setTag] = useState('');
  const [slots, setSlots] = useState('');
  const { busy, run } = useDeed();
  return (
    <form
      className="inline-form limit-form"
      onSubmit={(e) => {
        e.preventDefault();
        void run(() => put(addressOf(tag.trim()), { slots: Number(slots) }), 'The limit is kept').then((kept) => {
          if (!kept) return;
          setTag('');
          setSlots('');
        });
      }}
    >
      <input type="text" aria-label="Tag to limit" placeholder="tag" value={tag} maxLength={100} onChange={(e) => setTag(e.target.value)} />
      <input type="number" min={0} className="short" aria-label="Slots" placeholder="at most" value={slots} onChange={(e) => setSlots(e.target.value)} />
      <Button type="submit" disabled={busy || tag.trim() === '' || slots === ''}>
        Limit
      </Button>
    </form>
  );
}
