import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { get, request } from '../../api/client';
import type { LogLevel, LogPage, LogRow } from '../../api/types';
import { Button, Empty, Failure, Loading } from '../../parts/Basics';
import { useTell } from '../../parts/Deed';
import { visible } from '../../parts/Text';
import { useZone } from '../../time/clock';
import { count, milliseconds, plural, time } from '../../time/format';
import { pieces } from './ansi';
import { useFoundLines, useWholeLog } from './logLines';
import type { Tasks } from './tasks';

const levels: LogLevel[] = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'];
const shortOf: Record<LogLevel, string> = { Trace: 'TRC', Debug: 'DBG', Information: 'INF', Warning: 'WRN', Error: 'ERR', Critical: 'CRT' };
const longestShown = 4000;
const typing = 300;

/** A run's log: all of it by position, or what a filter finds; the end is followed until somebody scrolls away. */
export function Logs({ runId, isLive, tasks }: { runId: string; isLive: boolean; tasks: Tasks | undefined }) {
  const search = new URLSearchParams(useSearch());
  const [path, go] = useLocation();
  const [text, setText] = useState(search.get('text') ?? '');
  const level = (search.get('level') as LogLevel | null) ?? '';
  const taskRun = search.get('taskRun') ?? '';
  const wanted = Number(search.get('line') ?? 0);
  const sought = search.get('text') ?? '';
  const filter = useMemo(() => ({ level, taskRun, text: sought }), [level, taskRun, sought]);
  const isFiltered = level !== '' || taskRun !== '' || sought !== '';

  const set = (name: string, value: string): void => {
    const next = new URLSearchParams(location.search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    if (name !== 'line') next.delete('line');
    const query = next.toString();
    go(query === '' ? path : `${path}?${query}`, { replace: true });
  };
  useEffect(() => {
    if (text === sought) return undefined;
    const timer = setTimeout(() => set('text', text), typing);
    return () => clearTimeout(timer);
  }, [text]); // eslint-disable-line react-hooks/exhaustive-deps

  const whole = useWholeLog(runId, isLive, !isFiltered);
  const found = useFoundLines(runId, isLive, filter, isFiltered);
  const total = isFiltered ? found.lines.length : whole.last;
  const names = useMemo(() => new Map(tasks?.bars.map((bar) => [bar.id, bar.name])), [tasks]);
  const [follows, setFollows] = useState(wanted === 0);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    overscan: 20,
    getItemKey: (i) => (isFiltered ? (found.lines[i]?.position ?? i) : i),
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];

  const { want } = whole;
  const { load, more, busy } = found;
  useEffect(() => {
    if (!isFiltered) want(first + 1, last + 1);
    else if (more && !busy && last >= total - 50) load();
  }, [isFiltered, want, first, last, more, busy, load, total]);
  useEffect(() => {
    if (follows && total > 0) virtual.scrollToIndex(total - 1, { align: 'end' });
  }, [follows, total]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (wanted > 0 && whole.ready && !isFiltered) virtual.scrollToIndex(Math.min(wanted, total) - 1, { align: 'center' });
  }, [wanted, whole.ready, isFiltered]); // eslint-disable-line react-hooks/exhaustive-deps

  const error = isFiltered ? found.error : whole.error;
  const isReady = isFiltered ? !(found.busy && total === 0) : whole.ready;
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
        <select aria-label="Task run" value={taskRun} onChange={(e) => set('taskRun', e.target.value)}>
          <option value="">all task runs</option>
          {tasks?.bars.slice(0, 500).map((bar) => (
            <option key={bar.id} value={bar.id}>
              {visible(bar.name.slice(0, 80))}
            </option>
          ))}
        </select>
        <label className="check">
          <input type="checkbox" checked={follows} onChange={(e) => setFollows(e.target.checked)} /> Follow the end
        </label>
        <span className="grow" />
        <span className="dim">
          {plural(total, 'line')}
          {isFiltered && found.more ? ' and more' : ''}
        </span>
        <Download runId={runId} filter={filter} />
      </div>
      {error !== undefined && <Failure error={error} />}
      {!isReady && error === undefined && <Loading />}
      {isReady && total === 0 && <Empty>{isFiltered ? 'No line fits.' : isLive ? 'Nothing was written yet: lines show here as they come.' : 'This run wrote nothing.'}</Empty>}
      <div
        className="log-scroll"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Log lines"
        aria-live="off"
        hidden={total === 0}
        onWheel={(e) => {
          if (e.deltaY < 0) setFollows(false);
        }}
        onKeyDown={(e) => {
          if (['ArrowUp', 'PageUp', 'Home'].includes(e.key)) setFollows(false);
          if (e.key === 'End') setFollows(true);
        }}
      >
        <div className="log-all" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = isFiltered ? found.lines[item.index] : whole.line(item.index + 1);
            return (
              <div key={item.key} data-index={item.index} ref={virtual.measureElement} className={`log-line ${line?.position === wanted ? 'wanted' : ''}`} style={{ transform: `translateY(${item.start}px)` }}>
                {line === undefined ? (
                  <span className="log-number">{item.index + 1}</span>
                ) : (
                  <Line line={line} task={line.taskRunId === undefined ? undefined : names.get(line.taskRunId)} onPick={() => set('line', String(line.position))} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Line({ line, task, onPick }: { line: LogRow; task: string | undefined; onPick: () => void }) {
  const zone = useZone();
  const [whole, setWhole] = useState(false);
  const at = new Date(line.at);
  const text = whole ? line.text : line.text.slice(0, longestShown);
  return (
    <>
      <a
        className="log-number"
        href={`?line=${line.position}`}
        title="Link to this line"
        onClick={(e) => {
          e.preventDefault();
          onPick();
        }}
      >
        {line.position}
      </a>
      <span className="log-time">
        {time(at, zone)}.{milliseconds(at)}
      </span>
      <span className={`log-level level-${line.level.toLowerCase()}`} title={line.level}>
        {shortOf[line.level]}
      </span>
      <bdi className={`log-text level-${line.level.toLowerCase()}`}>
        {task !== undefined && <span className="log-task">{visible(task.slice(0, 40))}</span>}
        {pieces(text).map((piece, i) => (
          <span key={i} className={piece.style}>
            {visible(piece.text).replaceAll('\u240a', '\n')}
          </span>
        ))}
        {text.length < line.text.length && (
          <button type="button" className="quiet" onClick={() => setWhole(true)}>
            … {count(line.text.length)} characters
          </button>
        )}
      </bdi>
    </>
  );
}

function Download({ runId, filter }: { runId: string; filter: Record<string, string> }) {
  const tell = useTell();
  const [done, setDone] = useState<number>();

  const save = async (): Promise<void> => {
    setDone(0);
    try {
      const parts: string[] = [];
      let after = 0;
      for (;;) {
        const page: LogPage = await get<LogPage>(`/api/flow-runs/${runId}/logs`, { ...filter, after, limit: 10_000 });
        parts.push(page.lines.map((line) => `${line.at} ${shortOf[line.level]} ${line.text}\n`).join(''));
        after = page.last;
        setDone((n) => (n ?? 0) + page.lines.length);
        if (!page.more) break;
      }
      saveAs(new Blob(parts, { type: 'text/plain' }), `${runId}.log`);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
    } finally {
      setDone(undefined);
    }
  };
  return (
    <Button icon="download" disabled={done !== undefined} onClick={() => void save()}>
      {done === undefined ? 'Download' : count(done)}
    </Button>
  );
}

/** Has the browser save a file as such, whatever its type. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export async function download(path: string, name: string): Promise<void> {
  const response = await request(path, {});
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  saveAs(await response.blob(), name);
}
