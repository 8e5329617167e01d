import { useEffect, useState } from 'react';
import { ApiError, post, put } from '../../api/client';
import type { DeploymentDetail, ScheduleSpec } from '../../api/types';
import { Button, Card, Empty, Failure } from '../../parts/Basics';
import { useDeed } from '../../parts/Deed';
import { StateBadge } from '../../parts/State';
import { Time } from '../../parts/Time';
import { zoneName } from '../../parts/TimeField';
import { useZone } from '../../time/clock';
import { span } from '../../time/format';

const typing = 300;

type Rule = 'cron' | 'interval' | 'rrule';

const ruleOf = (spec: ScheduleSpec): Rule => (spec.cron !== undefined && spec.cron !== null ? 'cron' : spec.rrule !== undefined && spec.rrule !== null ? 'rrule' : 'interval');

export const wordsOf = (spec: ScheduleSpec): string =>
  spec.cron ? `cron ${spec.cron}` : spec.rrule ? `rule ${spec.rrule}` : `every ${spec.intervalSeconds == null ? '?' : span(spec.intervalSeconds)}`;

/** The schedules of a deployment: each with the next five times it would fire, as it is written. */
export function ScheduleEditor({ deployment }: { deployment: DeploymentDetail }) {
  const [specs, setSpecs] = useState<ScheduleSpec[]>(() => deployment.scheduleList.map((row) => row.spec));
  const { busy, run } = useDeed();
  const isChanged = JSON.stringify(specs) !== JSON.stringify(deployment.scheduleList.map((row) => row.spec));
  const change = (at: number, spec: ScheduleSpec | undefined): void => setSpecs((old) => old.flatMap((one, i) => (i !== at ? [one] : spec === undefined ? [] : [spec])));
  const address = `/api/deployments/${deployment.id}`;

  return (
    <>
      {specs.length === 0 && <Empty>This deployment runs when it is asked to. Add a schedule, and it runs by itself.</Empty>}
      {specs.map((spec, i) => (
        <OneSchedule key={i} number={i + 1} spec={spec} onChange={(next) => change(i, next)} onRemove={() => change(i, undefined)} />
      ))}
      <div className="form-actions">
        <Button icon="plus" onClick={() => setSpecs((old) => [...old, { cron: '0 3 * * *', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, active: true, catchUp: 'Last' }])}>
          Add a schedule
        </Button>
        {deployment.scheduleList.length > 0 && !isChanged && (
          <Button icon={deployment.schedulesPaused ? 'play' : 'pause'} disabled={busy} onClick={() => void run(() => post(`${address}/${deployment.schedulesPaused ? 'resume' : 'pause'}-schedules`), deployment.schedulesPaused ? 'The schedules are on' : 'The schedules are off')}>
            {deployment.schedulesPaused ? 'Switch all on' : 'Switch all off'}
          </Button>
        )}
        <span className="grow" />
        {isChanged && (
          <>
            <Button onClick={() => setSpecs(deployment.scheduleList.map((row) => row.spec))}>Undo</Button>
            <Button className="primary" icon="check" disabled={busy} onClick={() => void run(() => put(`${address}/schedules`, { schedules: specs }), 'The schedules are kept')}>
              Keep these schedules
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function OneSchedule({ number, spec, onChange, onRemove }: { number: number; spec: ScheduleSpec; onChange: (spec: ScheduleSpec) => void; onRemove: () => void }) {
  const rule = ruleOf(spec);
  const id = `schedule-${number}`;
  const { cron: _, intervalSeconds: __, rrule: ___, anchorDate: ____, ...rest } = spec;
  const text = rule === 'cron' ? (spec.cron ?? '') : rule === 'rrule' ? (spec.rrule ?? '') : String(spec.intervalSeconds ?? '');
  const write = (next: Rule, value: string): void =>
    onChange({ ...rest, ...(next === 'cron' ? { cron: value } : next === 'rrule' ? { rrule: value } : { intervalSeconds: Number(value) || 0, ...(spec.anchorDate ? { anchorDate: spec.anchorDate } : {}) }) });

  return (
    <Card
      title={`Schedule ${number}`}
      aside={
        <span className="line">
          {spec.active === false && <StateBadge type="Paused" />}
          <Button className="quiet" icon={spec.active === false ? 'play' : 'pause'} onClick={() => onChange({ ...spec, active: spec.active === false })}>
            {spec.active === false ? 'Switch on' : 'Switch off'}
          </Button>
          <Button className="quiet" icon="trash" onClick={onRemove}>
            Remove
          </Button>
        </span>
      }
    >
      <div className="schedule-form">
        <div className="field">
          <label htmlFor={`${id}-rule`}>By</label>
          <select id={`${id}-rule`} value={rule} onChange={(e) => write(e.target.value as Rule, { cron: '0 3 * * *', interval: '3600', rrule: 'FREQ=DAILY;BYHOUR=3' }[e.target.value as Rule])}>
            <option value="cron">cron</option>
            <option value="interval">interval</option>
            <option value="rrule">recurrence rule</option>
          </select>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-text`}>{{ cron: 'Minute, hour, day, month, weekday', interval: 'Seconds', rrule: 'RFC 5545 rule' }[rule]}</label>
          <input id={`${id}-text`} type="text" className="code" spellCheck={false} value={text} onChange={(e) => write(rule, e.target.value)} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-zone`}>Time zone</label>
          <input id={`${id}-zone`} type="text" list="time-zones" placeholder="UTC" value={spec.timeZone ?? ''} onChange={(e) => onChange({ ...spec, timeZone: e.target.value === '' ? null : e.target.value })} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-missed`}>Times missed</label>
          <select id={`${id}-missed`} value={spec.catchUp ?? 'Last'} onChange={(e) => onChange({ ...spec, catchUp: e.target.value as 'Last' })}>
            <option value="Last">run the last</option>
            <option value="All">run all</option>
            <option value="None">run none</option>
          </select>
        </div>
      </div>
      <datalist id="time-zones">
        {timeZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <NextTimes spec={spec} />
    </Card>
  );
}

const timeZones = (): string[] => (typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : ['UTC']);

function NextTimes({ spec }: { spec: ScheduleSpec }) {
  const zone = useZone();
  const [next, setNext] = useState<string[]>();
  const [error, setError] = useState<unknown>();
  const key = JSON.stringify(spec);

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      post<{ next: string[] }>('/api/schedules/preview', { schedule: JSON.parse(key) as unknown, count: 5 }).then(
        (preview) => {
          if (!isCurrent) return;
          setNext(preview.next);
          setError(undefined);
        },
        (failure: unknown) => {
          if (isCurrent) setError(failure);
        },
      );
    }, typing);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key]);

  if (error !== undefined) {
    const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
    return fields.length === 0 ? (
      <Failure error={error} />
    ) : (
      <ul className="mistake" role="alert">
        {fields.map(([field, messages]) => (
          <li key={field}>
            {field.replace(/^schedule\./, '')} {messages.join('; ')}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="next-times">
      <span className="dim">
        {spec.active === false ? 'It is off; on, it would fire at' : 'The next times'}, in {zoneName(zone)}
      </span>
      <ol>
        {next?.map((at) => (
          <li key={at}>
            <Time at={at} />
          </li>
        ))}
      </ol>
      {next?.length === 0 && <span className="dim">none are left</span>}
    </div>
  );
}
