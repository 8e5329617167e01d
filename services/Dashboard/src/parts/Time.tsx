import { useNow, useZone } from '../time/clock';
import { dateTime, duration, relative, time } from '../time/format';

/** A time in the zone that was chosen; the other one is in its title. */
export function Time({ at, short = false }: { at?: string | undefined; short?: boolean }) {
  const zone = useZone();
  if (at === undefined) return <span className="dim">–</span>;
  const moment = new Date(at);
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <time dateTime={at} className="time" title={`${dateTime(moment, other)} ${other === 'utc' ? 'UTC' : 'local'}`}>
      {short ? time(moment, zone, false) : dateTime(moment, zone)}
    </time>
  );
}

/** "3 min ago", kept right while it is looked at. */
export function Ago({ at }: { at?: string | undefined }) {
  const zone = useZone();
  const now = useNow(at !== undefined);
  if (at === undefined) return <span className="dim">–</span>;
  const moment = new Date(at);
  return (
    <time dateTime={at} className="time" title={`${dateTime(moment, zone)} ${zone === 'utc' ? 'UTC' : 'local'}`}>
      {relative(moment, now)}
    </time>
  );
}

/** From a start to an end, or to now. */
export function Took({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  const now = useNow(from !== undefined && to === undefined);
  if (from === undefined) return <span className="dim">–</span>;
  return <span className="time">{duration((to === undefined ? now : Date.parse(to)) - Date.parse(from))}</span>;
}
