import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useSchedules } from '../api/queries';
import type { ScheduleRow } from '../api/types';
import { Answered, Button, Card, Empty, PageHead } from '../parts/Basics';
import { StateBadge } from '../parts/State';
import { Text, visible } from '../parts/Text';
import { Ago, Time } from '../parts/Time';
import { useZone } from '../time/clock';
import { date, time, type Zone } from '../time/format';
import { wordsOf } from './deployment/ScheduleEditor';

const asked = 100;
const shownADay = 4;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A time at which a schedule fires; or none: it goes on after the last one that is known. */
type Firing = { at: Date | undefined; row: ScheduleRow };

export function SchedulesPage() {
  const schedules = useSchedules(asked);
  return (
    <>
      <PageHead title="Schedules" />
      <Answered query={schedules}>
        {(all) =>
          all.length === 0 ? (
            <Empty command='holoflow deployment build path/to/Program.dll --name NAME --cron "0 3 * * *" --apply'>Nothing is scheduled. Add a schedule on a deployment’s page, or make a deployment with one:</Empty>
          ) : (
            <>
              <Calendar all={all} />
              <Card title="All schedules">
                <ul className="list schedule-list">
                  {all.map((row) => (
                    <li key={row.id}>
                      {row.spec.active === false && <StateBadge type="Paused" />}
                      <span className="stack">
                        <Link href={addressOf(row)}>
                          <Text>{`${row.flowName}/${row.deploymentName}`}</Text>
                        </Link>
                        <span className="dim">
                          <Text>{`${wordsOf(row.spec)}, ${row.spec.timeZone ?? 'UTC'}`}</Text>
                        </span>
                      </span>
                      <span className="dim">{row.next[0] === undefined ? 'does not fire' : <><Time at={row.next[0]} /> · <Ago at={row.next[0]} /></>}</span>
                    </li>
                  ))}
                </ul>
              </Card>
            </>
          )
        }
      </Answered>
    </>
  );
}

const addressOf = (row: ScheduleRow): string => `/deployments/${encodeURIComponent(row.flowName)}/${encodeURIComponent(row.deploymentName)}/schedules`;

function Calendar({ all }: { all: ScheduleRow[] }) {
  const zone = useZone();
  const today = new Date();
  const [month, setMonth] = useState(() => ({ year: today.getFullYear(), month: today.getMonth() }));
  const byDay = useMemo(() => {
    const days = new Map<string, Firing[]>();
    for (const row of all) {
      for (const at of row.next) {
        const moment = new Date(at);
        const day = date(moment, zone);
        days.set(day, [...(days.get(day) ?? []), { at: moment, row }]);
      }
    }
    for (const firings of days.values()) firings.sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity));
    return days;
  }, [all, zone]);
  const goingOn = all.filter((row) => row.next.length === asked);
  const firingsOf = (day: string): Firing[] => [
    ...(byDay.get(day) ?? []),
    ...goingOn.filter((row) => day > date(new Date(row.next.at(-1) ?? 0), zone)).map((row) => ({ at: undefined, row })),
  ];
  const days = daysOf(month.year, month.month);
  const step = (by: number): void => setMonth(({ year, month: m }) => ({ year: year + Math.floor((m + by) / 12), month: (m + by + 12) % 12 }));
  const name = new Date(month.year, month.month, 1).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' });

  return (
    <Card
      title={name}
      aside={
        <span className="line">
          <Button className="quiet icon-only" icon="left" aria-label="Month before" onClick={() => step(-1)} />
          <Button className="quiet" onClick={() => setMonth({ year: today.getFullYear(), month: today.getMonth() })}>
            Today
          </Button>
          <Button className="quiet icon-only" icon="right" aria-label="Month after" onClick={() => step(1)} />
        </span>
      }
    >
      <div className="calendar" role="table" aria-label={`Fire times in ${name}`}>
        <div role="row" className="calendar-row calendar-head">
          {weekdays.map((day) => (
            <span key={day} role="columnheader">
              {day}
            </span>
          ))}
        </div>
        {Array.from({ length: days.length / 7 }, (_, week) => (
          <div key={week} role="row" className="calendar-row">
            {days.slice(week * 7, week * 7 + 7).map((day) => (
              <Day key={day.text} day={day} isToday={day.text === date(today, zone)} firings={firingsOf(day.text)} zone={zone} />
            ))}
          </div>
        ))}
      </div>
      <p className="dim">
        Times are {zone === 'utc' ? 'UTC' : 'local'}.{goingOn.length > 0 && ` Of each schedule the next ${asked} times are shown; where it goes on after them, a day shows … and its name.`}
      </p>
    </Card>
  );
}

function Day({ day, isToday, firings, zone }: { day: { text: string; number: number; inMonth: boolean }; isToday: boolean; firings: Firing[]; zone: Zone }) {
  return (
    <div role="cell" className={`day ${day.inMonth ? '' : 'other-month'} ${isToday ? 'today' : ''}`}>
      <span className="day-number">{day.number}</span>
      {firings.slice(0, shownADay).map(({ at, row }) => (
        <Link key={row.id + (at?.getTime() ?? '')} href={addressOf(row)} className={at === undefined ? 'firing later' : 'firing'} title={`${at === undefined ? wordsOf(row.spec) : time(at, zone)} ${row.flowName}/${row.deploymentName}`}>
          <span className="time">{at === undefined ? '…' : time(at, zone, false)}</span> <span className="firing-name">{visible(row.deploymentName.slice(0, 40))}</span>
        </Link>
      ))}
      {firings.length > shownADay && <span className="dim firing-more">+{firings.length - shownADay}<span className="firing-name"> more</span></span>}
    </div>
  );
}

/** The days of a month in whole weeks from Monday. */
function daysOf(year: number, month: number): { text: string; number: number; inMonth: boolean }[] {
  const first = new Date(Date.UTC(year, month, 1));
  const before = (first.getUTCDay() + 6) % 7;
  const count = Math.ceil((before + new Date(Date.UTC(year, month + 1, 0)).getUTCDate()) / 7) * 7;
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(Date.UTC(year, month, 1 - before + i));
    return { text: date(day, 'utc'), number: day.getUTCDate(), inMonth: day.getUTCMonth() === month };
  });
}
