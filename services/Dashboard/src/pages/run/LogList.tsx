import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogRow } from '../../api/types';
import { visible } from '../../parts/Text';
import { useZone } from '../../time/clock';
import { count as counted, milliseconds, time, type Zone } from '../../time/format';
import { pieces } from './ansi';
import { shortLevel } from './logLevels';

const lineHeight = 24;
const longestShown = 4000;

/** The rows that can be scrolled to at once: a browser ends a page at some 33 million pixels, and each row has its cost. */
const windowSize = 30_000;
const step = windowSize / 2;
const edge = 1000 * lineHeight;
const nearEnd = 200;

export type Listed = {
  count: number;
  /** What stays the same of a row when others come before it. */
  keyAt: (index: number) => number;
  lineAt: (index: number) => LogRow | undefined;
  /** Told which rows are in sight. */
  onShown: (first: number, last: number) => void;
};

type LogListProps = Listed & {
  /** The row to be seen, and its line's position. */
  wanted: number | undefined;
  wantedPosition: number;
  follows: boolean;
  onFollow: (follows: boolean) => void;
  onPick: (position: number) => void;
  taskNames: ReadonlyMap<string, string> | undefined;
};

/** Lines of any number: a window onto them moves along with what is looked at. */
export function LogList({ count, keyAt, lineAt, onShown, wanted, wantedPosition, follows, onFollow, onPick, taskNames }: LogListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const zone = useZone();
  const [chosenBase, setBase] = useState(0);
  const most = Math.max(0, count - windowSize);
  // The window of what is followed moves by steps: every move counts its rows anew.
  const base = follows ? Math.ceil(most / step) * step : Math.min(chosenBase, Math.ceil(most / step) * step);
  const shown = Math.min(windowSize, count - base);

  const getItemKey = useCallback((index: number) => keyAt(base + index), [keyAt, base]);
  const virtual = useVirtualizer({ count: shown, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan: 20, getItemKey });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];

  useEffect(() => onShown(base + first, base + last), [onShown, base, first, last]);

  // Where rows come or go before what is in sight, that stays where it is.
  const before = useRef<{ firstKey: number | undefined; rows: readonly VirtualItem[] }>({ firstKey: undefined, rows: [] });
  useLayoutEffect(() => {
    const element = scroller.current;
    const { firstKey, rows } = before.current;
    const nowFirst = shown === 0 ? undefined : keyAt(base);
    if (element !== null && !follows && firstKey !== undefined && nowFirst !== undefined && firstKey !== nowFirst) {
      const top = element.scrollTop;
      const anchor = rows.find((row) => row.end > top);
      const index = anchor === undefined ? -1 : virtual.measurementsCache.findIndex((row) => row.key === anchor.key);
      const now = virtual.measurementsCache[index];
      if (anchor !== undefined && now !== undefined) element.scrollTop = now.start + top - anchor.start;
    }
    before.current = { firstKey: nowFirst, rows: virtual.measurementsCache };
  });

  const size = virtual.getTotalSize();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (follows && element !== null) element.scrollTop = element.scrollHeight;
  }, [follows, count, size]);
  useEffect(() => {
    if (follows) setBase(base);
  }, [follows, base]);

  const jumpedTo = useRef(0);
  useEffect(() => {
    if (wanted === undefined || wanted >= count || jumpedTo.current === wantedPosition) return;
    if (wanted < base || wanted >= base + shown) {
      setBase(Math.floor(Math.max(0, wanted - step / 2) / step) * step);
      return;
    }
    jumpedTo.current = wantedPosition;
    const [row, element] = [virtual.measurementsCache[wanted - base], scroller.current];
    const isInSight = row !== undefined && element !== null && row.start >= element.scrollTop && row.end <= element.scrollTop + element.clientHeight;
    if (!isInSight) virtual.scrollToIndex(wanted - base, { align: 'center' });
  });

  const lastTop = useRef(0);
  return (
    <div
      className="log-scroll"
      ref={scroller}
      tabIndex={0}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      hidden={count === 0}
      onWheel={(e) => {
        if (e.deltaY < 0) onFollow(false);
      }}
      onScroll={(e) => {
        const { scrollTop, scrollHeight, clientHeight } = e.currentTarget;
        const below = scrollHeight - clientHeight - scrollTop;
        // Drawn up by its bar or a finger.
        if (follows && scrollTop < lastTop.current && below > nearEnd) onFollow(false);
        if (!follows && scrollTop < edge && base > 0) setBase(Math.max(0, base - step));
        else if (!follows && below < edge && base + shown < count) setBase(base + step);
        lastTop.current = scrollTop;
      }}
      onKeyDown={(e) => {
        if (['ArrowUp', 'PageUp', 'Home'].includes(e.key)) onFollow(false);
        if (e.key === 'Home') setBase(0);
        if (e.key === 'End') onFollow(true);
      }}
    >
      <div className="log-all" style={{ height: size }}>
        {items.map((item) => {
          const line = lineAt(base + item.index);
          return (
            <div key={item.key} data-index={item.index} ref={virtual.measureElement} className={line !== undefined && line.position === wantedPosition ? 'log-line wanted' : 'log-line'} style={{ transform: `translateY(${item.start}px)` }}>
              {line === undefined ? <span className="log-number">…</span> : <Line line={line} task={line.taskRunId === undefined ? undefined : taskNames?.get(line.taskRunId)} zone={zone} onPick={onPick} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const Line = memo(function Line({ line, task, zone, onPick }: { line: LogRow; task: string | undefined; zone: Zone; onPick: (position: number) => void }) {
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
          onPick(line.position);
        }}
      >
        {line.position}
      </a>
      <span className="log-time">
        {time(at, zone)}.{milliseconds(at)}
      </span>
      <span className={`log-level level-${line.level.toLowerCase()}`} title={line.level}>
        {shortLevel(line.level)}
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
            … {counted(line.text.length)} characters
          </button>
        )}
      </bdi>
    </>
  );
});
