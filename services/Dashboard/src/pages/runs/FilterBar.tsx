import { useEffect, useState } from 'react';
import { remember, useRemembered } from '../../app/preferences';
import { useDeployments, useFlows, useQueues } from '../../api/queries';
import { Button } from '../../parts/Basics';
import { Icon } from '../../parts/Icon';
import { StateDot, wordOf } from '../../parts/State';
import { visible } from '../../parts/Text';
import { TimeField, zoneName } from '../../parts/TimeField';
import { useZone } from '../../time/clock';
import { isEmpty, noFilters, read, saved, write, type Filters } from './filters';

const states = ['Scheduled', 'Late', 'Pending', 'Running', 'Paused', 'Cancelling', 'Completed', 'Failed', 'Crashed', 'Cancelled'];
const typing = 250;

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const [text, setText] = useState(filters.text);
  const [open, setOpen] = useState(false);
  const zone = useZone();
  const isTurned = filters.since !== '' && filters.until !== '' && Date.parse(filters.since) >= Date.parse(filters.until);
  const flows = useFlows();
  const queues = useQueues();
  const deployments = useDeployments({ limit: 200 });

  useEffect(() => setText(filters.text), [filters.text]);
  useEffect(() => {
    if (text === filters.text) return;
    const timer = setTimeout(() => onChange({ ...filters, text }), typing);
    return () => clearTimeout(timer);
  }, [text, filters, onChange]);

  const toggle = (state: string): void =>
    onChange({ ...filters, state: filters.state.includes(state) ? filters.state.filter((s) => s !== state) : [...filters.state, state] });

  return (
    <div className="filters">
      <div className="filter-line">
        <label className="search">
          <Icon name="search" />
          <span className="hidden">Name of the run or the flow</span>
          <input type="search" placeholder="Name of the run or the flow" value={text} onChange={(e) => setText(e.target.value)} />
        </label>
        <Button aria-expanded={open} onClick={() => setOpen(!open)} icon={open ? 'minus' : 'plus'}>
          More filters
        </Button>
        <SavedFilters filters={filters} onChange={onChange} />
        {!isEmpty(filters) && (
          <Button className="quiet" onClick={() => onChange({ ...noFilters, sort: filters.sort })} icon="close">
            Clear
          </Button>
        )}
      </div>
      <div className="chips" role="group" aria-label="States">
        {states.map((state) => (
          <button key={state} type="button" className="chip" aria-pressed={filters.state.includes(state)} onClick={() => toggle(state)}>
            <StateDot type={state} /> {wordOf(state)}
          </button>
        ))}
      </div>
      {open && (
        <div className="filter-grid">
          <Choice name="Flow" values={flows.data?.items.map((f) => f.name) ?? []} chosen={filters.flow} onChange={(flow) => onChange({ ...filters, flow })} />
          <Choice name="Deployment" values={deployments.data?.items.map((d) => `${d.flowName}/${d.name}`) ?? []} chosen={filters.deployment} onChange={(deployment) => onChange({ ...filters, deployment })} />
          <Choice name="Work queue" values={queues.data?.map((q) => q.name) ?? []} chosen={filters.queue} onChange={(queue) => onChange({ ...filters, queue })} />
          <Added name="Tag" hint="a tag" chosen={filters.tag} onChange={(tag) => onChange({ ...filters, tag })} />
          <Added name="Parameter" hint="beams=36" chosen={filters.parameter} onChange={(parameter) => onChange({ ...filters, parameter })} isRight={(value) => value.indexOf('=') > 0} />
          <label>
            Created since ({zoneName(zone)})
            <TimeField at={filters.since} isWrong={isTurned} onChange={(since) => onChange({ ...filters, since })} />
          </label>
          <label>
            Created before ({zoneName(zone)})
            <TimeField at={filters.until} isWrong={isTurned} onChange={(until) => onChange({ ...filters, until })} />
          </label>
          <label>
            Order
            <select value={filters.sort} onChange={(e) => onChange({ ...filters, sort: e.target.value })}>
              <option value="">newest first</option>
              <option value="Oldest">oldest first</option>
            </select>
          </label>
        </div>
      )}
      <Chosen filters={filters} onChange={onChange} />
    </div>
  );
}

function Choice({ name, values, chosen, onChange }: { name: string; values: string[]; chosen: string[]; onChange: (chosen: string[]) => void }) {
  return (
    <label>
      {name}
      <select value="" onChange={(e) => e.target.value !== '' && onChange([...chosen, e.target.value])}>
        <option value="">any</option>
        {values
          .filter((value) => !chosen.includes(value))
          .map((value) => (
            <option key={value} value={value}>
              {visible(value.slice(0, 100))}
            </option>
          ))}
      </select>
    </label>
  );
}

function Added({ name, hint, chosen, onChange, isRight = () => true }: { name: string; hint: string; chosen: string[]; onChange: (chosen: string[]) => void; isRight?: (value: string) => boolean }) {
  const [value, setValue] = useState('');
  const wrong = value !== '' && !isRight(value);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (value === '' || wrong) return;
        onChange([...new Set([...chosen, value])]);
        setValue('');
      }}
    >
      <label>
        {name}
        <input type="text" placeholder={`${hint}, then Enter`} value={value} aria-invalid={wrong} onChange={(e) => setValue(e.target.value)} />
      </label>
    </form>
  );
}

function Chosen({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const lists = ['flow', 'deployment', 'queue', 'tag', 'parameter'] as const;
  const singles = ['since', 'until', 'parent'] as const;
  const chips = [
    ...lists.flatMap((list) => filters[list].map((value) => ({ text: `${list}: ${value}`, without: { ...filters, [list]: filters[list].filter((v) => v !== value) } }))),
    ...singles.filter((name) => filters[name] !== '').map((name) => ({ text: `${name}: ${filters[name]}`, without: { ...filters, [name]: '' } })),
  ];
  if (chips.length === 0) return null;
  return (
    <div className="chips">
      {chips.map((chip) => (
        <button key={chip.text} type="button" className="chip set" aria-label={`Take away ${chip.text}`} onClick={() => onChange(chip.without)}>
          {visible(chip.text.slice(0, 80))} <Icon name="close" size={12} />
        </button>
      ))}
    </div>
  );
}

function SavedFilters({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const all = saved(useRemembered('filters'));
  const search = write(filters);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const keep = (next: typeof all): void => remember('filters', JSON.stringify(next));
  const current = all.find((one) => one.search === search);

  return (
    <>
      {all.length > 0 && (
        <select
          aria-label="Saved filters"
          value={current?.name ?? ''}
          onChange={(e) => {
            const one = all.find((o) => o.name === e.target.value);
            if (one !== undefined) onChange(read(one.search));
          }}
        >
          <option value="">Saved filters</option>
          {all.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      )}
      {current !== undefined && (
        <Button className="quiet" icon="trash" onClick={() => keep(all.filter((one) => one !== current))}>
          Forget
        </Button>
      )}
      {current === undefined && !isEmpty(filters) && !naming && (
        <Button className="quiet" icon="star" onClick={() => setNaming(true)}>
          Save
        </Button>
      )}
      {naming && (
        <form
          className="inline-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (name.trim() !== '') keep([...all.filter((one) => one.name !== name.trim()), { name: name.trim(), search }]);
            setNaming(false);
            setName('');
          }}
        >
          <input aria-label="Name of the filter" autoFocus placeholder="Name, then Enter" maxLength={60} value={name} onChange={(e) => setName(e.target.value)} onBlur={() => setNaming(false)} />
        </form>
      )}
    </>
  );
}
