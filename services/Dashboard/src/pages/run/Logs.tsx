import { useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import type { LogLevel } from '../../api/types';
import { Button, Empty, Failure, Loading } from '../../parts/Basics';
import { useTell } from '../../parts/Deed';
import { visible } from '../../parts/Text';
import { count, plural } from '../../time/format';
import { useFoundLines, useWholeLog } from './logLines';
import { LogList } from './LogList';
import { levels } from './logLevels';
import { downloadLog } from './saving';
import type { Tasks } from './tasks';

const typing = 300;
const mostOffered = 50;

/** A run's log: all of it by position, or what a filter finds; the end is followed until somebody scrolls away. */
export function Logs({ runId, isLive, tasks }: { runId: string; isLive: boolean; tasks: Tasks | undefined }) {
  const search = new URLSearchParams(useSearch());
  const [path, go] = useLocation();
  const [text, setText] = useState(search.get('text') ?? '');
  const level = (search.get('level') as LogLevel | null) ?? '';
  const taskRun = search.get('taskRun') ?? '';
  const line = Number(search.get('line') ?? 0);
  const wantedPosition = Number.isSafeInteger(line) && line > 0 ? line : 0;
  const sought = search.get('text') ?? '';
  const filter = useMemo(() => ({ level, taskRun, text: sought }), [level, taskRun, sought]);
  const isFiltered = level !== '' || taskRun !== '' || sought !== '';
  const [follows, setFollows] = useState(wantedPosition === 0);

  const set = useCallback(
    (name: string, value: string): void => {
      const next = new URLSearchParams(location.search);
      if (value === '') next.delete(name);
      else next.set(name, value);
      if (name !== 'line') next.delete('line');
      const query = next.toString();
      go(query === '' ? path : `${path}?${query}`, { replace: true });
    },
    [go, path],
  );
  useEffect(() => {
    if (text === sought) return undefined;
    const timer = setTimeout(() => set('text', text), typing);
    return () => clearTimeout(timer);
  }, [text]); // eslint-disable-line react-hooks/exhaustive-deps

  const pick = useCallback(
    (position: number): void => {
      setFollows(false);
      set('line', String(position));
    },
    [set],
  );
  const names = useMemo(() => new Map(tasks?.bars.map((bar) => [bar.id, bar.name])), [tasks]);
  const whole = useWholeLog(runId, isLive, !isFiltered);
  const found = useFoundLines(runId, isLive, filter, wantedPosition > 0 ? wantedPosition : follows ? 'last' : 'first', isFiltered);
  const { ready, error, more, ...listed } = isFiltered ? found : whole;
  const wanted = useMemo(() => (wantedPosition === 0 || !ready ? undefined : isFiltered ? indexOf(found.keyAt, found.count, wantedPosition) : Math.min(wantedPosition, whole.count) - 1), [wantedPosition, ready, isFiltered, found.keyAt, found.count, whole.count]);

  return (
    <div className="logs">
      <div className="filter-line">
        <label className="search">
          <span className="hidden">Text in a line</span>
          <input type="search" placeholder="Text in a line" value={text} onChange={(e) => setText(e.target.value)} />
        </label>
        <select aria-label="Level" value={level} onChange={(e) => set('level', e.target.value)}>
          <option value="">any level</option>
          {levels.slice(1).map((one) => (
            <option key={one} value={one}>
              {one} or graver
            </option>
          ))}
        </select>
        <TaskChoice tasks={tasks} chosen={taskRun} onChoose={(id) => set('taskRun', id)} />
        <label className="check">
          <input type="checkbox" checked={follows} onChange={(e) => setFollows(e.target.checked)} /> Follow the end
        </label>
        {!isFiltered && whole.count > 0 && <LineChoice last={whole.count} onChoose={pick} />}
        <span className="grow" />
        <span className="dim">
          {plural(listed.count, 'line')}
          {more ? ' and more' : ''}
        </span>
        <Download runId={runId} filter={filter} />
      </div>
      {error !== undefined && <Failure error={error} />}
      {!ready && error === undefined && <Loading />}
      {ready && listed.count === 0 && (
        <Empty command={`holoflow flow-run logs ${runId}${isLive ? ' --follow' : ''}`}>
          {isFiltered ? 'No line fits. All of them are shown by' : isLive ? 'Nothing was written yet: lines show here as they come, and by' : 'This run wrote nothing. What a log holds is shown here, and by'}
        </Empty>
      )}
      {ready && <LogList key={isFiltered ? JSON.stringify(filter) : 'whole'} {...listed} wanted={wanted} wantedPosition={wantedPosition} follows={follows} onFollow={setFollows} onPick={pick} taskNames={names} />}
    </div>
  );
}

/** Where a line is among those that were found: they stand by position. */
function indexOf(keyAt: (index: number) => number, count: number, position: number): number | undefined {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(middle) < position) low = middle + 1;
    else high = middle;
  }
  return low < count ? low : undefined;
}

/** One task run of perhaps thousands, by a part of its name. */
function TaskChoice({ tasks, chosen, onChoose }: { tasks: Tasks | undefined; chosen: string; onChoose: (id: string) => void }) {
  const name = tasks?.bars.find((bar) => bar.id === chosen)?.name;
  const [text, setText] = useState<string>();
  const shown = text ?? name ?? chosen;
  const fitting = useMemo(() => {
    const part = (text ?? '').toLowerCase();
    const fits: string[] = [];
    for (const bar of tasks?.bars ?? []) {
      if (fits.length === mostOffered) break;
      if (bar.name.toLowerCase().includes(part) && !fits.includes(bar.name)) fits.push(bar.name);
    }
    return fits;
  }, [tasks, text]);
  const choose = (value: string): void => {
    const bar = tasks?.bars.find((one) => one.name === value);
    setText(bar === undefined && value !== '' ? value : undefined);
    if (bar !== undefined) onChoose(bar.id);
    else if (value === '') onChoose('');
  };
  return (
    <>
      <input type="search" list="log-task-runs" aria-label="Task run" placeholder="all task runs" value={visible(shown.slice(0, 200))} aria-invalid={text !== undefined && text !== ''} onChange={(e) => choose(e.target.value)} onBlur={() => setText(undefined)} />
      <datalist id="log-task-runs">
        {fitting.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

function LineChoice({ last, onChoose }: { last: number; onChoose: (line: number) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      className="inline-form"
      onSubmit={(e) => {
        e.preventDefault();
        const line = Number(text);
        if (line >= 1) onChoose(Math.min(line, last));
      }}
    >
      <input type="number" className="short" min={1} max={last} step={1} aria-label="Go to line" placeholder="line" value={text} onChange={(e) => setText(e.target.value)} />
    </form>
  );
}

function Download({ runId, filter }: { runId: string; filter: Record<string, string> }) {
  const tell = useTell();
  const [read, setRead] = useState<number>();

  const save = async (): Promise<void> => {
    setRead(0);
    try {
      await downloadLog(runId, filter, setRead);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
    } finally {
      setRead(undefined);
    }
  };
  return (
    <Button icon="download" disabled={read !== undefined} onClick={() => void save()}>
      {read === undefined ? 'Download' : count(read)}
    </Button>
  );
}
