import { useState } from 'react';
import { useZone } from '../time/clock';
import { date, time, type Zone } from '../time/format';

/** Asks for a time in the zone that was chosen; what is kept of it is UTC, so that a link means the same to everybody. */
export function TimeField({ id, at, onChange, isWrong = false }: { id?: string; at: string; onChange: (at: string) => void; isWrong?: boolean }) {
  const zone = useZone();
  const [typed, setTyped] = useState<{ text: string; at: string; zone: Zone }>();
  const text = typed !== undefined && typed.at === at && typed.zone === zone ? typed.text : inZone(at, zone);
  return (
    <input
      id={id}
      type="datetime-local"
      value={text}
      aria-invalid={isWrong}
      onChange={(e) => {
        const next = utcOf(e.target.value, zone);
        setTyped({ text: e.target.value, at: next, zone });
        onChange(next);
      }}
    />
  );
}

export const zoneName = (zone: Zone): string => (zone === 'utc' ? 'UTC' : 'local time');

function inZone(at: string, zone: Zone): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? '' : `${date(moment, zone)}T${time(moment, zone, false)}`;
}

function utcOf(text: string, zone: Zone): string {
  const moment = new Date(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(moment.getTime()) ? '' : `${date(moment, 'utc')}T${time(moment, 'utc', false)}Z`;
}
