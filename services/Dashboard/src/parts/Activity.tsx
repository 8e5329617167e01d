import { useState } from 'react';
import { useLocation } from 'wouter';
import { useZone } from '../time/clock';
import { date, time } from '../time/format';
import { lookOf, stateOrder } from './State';

const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

type Bucket = { start: string; byType: Record<string, number> };

const height = 120;
const hourMs = 3_600_000;

/** Runs by hour, stacked by state. */
export function Activity({ at, hours, buckets }: { at: string; hours: number; buckets: Bucket[] }) {
  const zone = useZone();
  const [, go] = useLocation();
  const [over, setOver] = useState<number>();
  const last = Math.floor(Date.parse(at) / hourMs) * hourMs;
  const found = new Map(buckets.map((bucket) => [Date.parse(bucket.start), bucket.byType]));
  const all = Array.from({ length: hours }, (_, i) => {
    const start = last - (hours - 1 - i) * hourMs;
    return { start, byType: found.get(start) ?? {} };
  });
  const sum = (byType: Record<string, number>): number => Object.values(byType).reduce((total, n) => total + n, 0);
  const most = Math.max(1, ...all.map((bucket) => sum(bucket.byType)));
  const total = all.reduce((n, bucket) => n + sum(bucket.byType), 0);
  const shown = over === undefined ? undefined : all[over];
  const width = 1000 / hours;
  const labelled = hours <= 24 ? 6 : hours <= 72 ? 12 : 24;

  return (
    <figure className="activity">
      <svg viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" role="img" aria-label={`${total} runs in ${hours} hours, at most ${most} in one`} onMouseLeave={() => setOver(undefined)}>
        {all.map((bucket, i) => {
          let y = height;
          return (
            <g key={bucket.start} onMouseEnter={() => setOver(i)} onClick={() => go(`/runs?since=${stamp(bucket.start)}&until=${stamp(bucket.start + hourMs)}`)}>
              <rect className={over === i ? 'slot over' : 'slot'} x={i * width} y={0} width={width} height={height} />
              {stateOrder.map((type) => {
                const n = bucket.byType[type] ?? 0;
                if (n === 0) return null;
                const h = Math.max(1.5, (n / most) * (height - 6));
                y -= h;
                return <rect key={type} className={`tone-${lookOf(type).tone}`} x={i * width + width * 0.12} y={y} width={width * 0.76} height={h} />;
              })}
            </g>
          );
        })}
      </svg>
      <div className="activity-axis" aria-hidden="true">
        {all.map((bucket, i) => {
          const moment = new Date(bucket.start);
          const hour = zone === 'utc' ? moment.getUTCHours() : moment.getHours();
          if (hour % labelled !== 0) return null;
          return (
            <span key={bucket.start} className={i < hours / 12 ? 'leading' : undefined} style={{ left: `${((i + 0.5) / hours) * 100}%` }}>
              {hour === 0 ? date(moment, zone).slice(5) : time(moment, zone, false)}
            </span>
          );
        })}
      </div>
      <figcaption>
        {shown === undefined
          ? `${total} runs in ${hours === 24 ? '24 hours' : `${hours / 24} days`}`
          : `${date(new Date(shown.start), zone)} ${time(new Date(shown.start), zone, false)}: ${
              sum(shown.byType) === 0
                ? 'no runs'
                : stateOrder
                    .filter((type) => shown.byType[type] !== undefined)
                    .map((type) => `${shown.byType[type]} ${type.toLowerCase()}`)
                    .join(', ')
            }`}
      </figcaption>
    </figure>
  );
}
