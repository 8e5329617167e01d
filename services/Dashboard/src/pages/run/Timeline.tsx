import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useIsDark } from '../../app/preferences';
import { Button, Empty } from '../../parts/Basics';
import { visible } from '../../parts/Text';
import { useNow, useZone } from '../../time/clock';
import { duration, plural } from '../../time/format';
import { axisHeight, barAt, draw, laneHeight, paletteOf, type Palette, type View } from './drawTimeline';
import { jobLanes, lanesOf } from './lanes';
import type { Bar, Tasks } from './tasks';

const tallest = 560;
const shortestSpan = 5;
/** With more jobs than these, their rows are there once they are asked for. */
const fewJobs = 100;

/** When each task run and Slurm job waited and ran: drawn on a canvas, zoomed by wheel, keys and buttons, dragged along. */
export function Timeline({ tasks, jobs, isLive, onJob }: { tasks: Tasks; jobs: readonly Bar[]; isLive: boolean; onJob: (key: string) => void }) {
  const zone = useZone();
  const isDark = useIsDark();
  const now = useNow(isLive);
  const [, go] = useLocation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [zoom, setZoom] = useState<View>();
  const [over, setOver] = useState<{ bar: Bar; x: number; y: number }>();
  const [withJobs, setWithJobs] = useState<boolean>();
  const hasJobs = jobs.length > 0 && (withJobs ?? jobs.length <= fewJobs);
  const drag = useRef<{ x: number; y: number; view: View; moved: boolean }>(undefined);

  const [start, end] = useMemo(() => {
    let [first, last] = [Infinity, -Infinity];
    for (const bar of hasJobs ? [...tasks.bars, ...jobs] : tasks.bars) {
      first = Math.min(first, bar.created);
      last = Math.max(last, bar.ended ?? bar.started ?? bar.created);
    }
    return [first, Math.max(last, first + shortestSpan)];
  }, [tasks, jobs, hasJobs]);
  const until = isLive ? Math.max(now, end) : end;
  const lanes = useMemo(() => [...(hasJobs ? jobLanes(jobs) : []), ...lanesOf(tasks.bars, until)], [tasks, jobs, hasJobs, isLive]); // eslint-disable-line react-hooks/exhaustive-deps
  const whole: View = useMemo(() => ({ from: start - (until - start) * 0.01, to: until + (until - start) * 0.02, top: 0 }), [start, until]);
  const view = zoom ?? whole;
  const height = Math.min(tallest, axisHeight + lanes.length * laneHeight + 6);
  const gutter = width < 560 ? 96 : 190;

  const [palette, setPalette] = useState<Palette>();
  const hasBars = tasks.bars.length + jobs.length > 0;
  useLayoutEffect(() => {
    if (canvas.current !== null) setPalette(paletteOf(canvas.current));
  }, [isDark, hasBars]);
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (element === null || element === undefined) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasBars]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || width === 0 || palette === undefined) return undefined;
    const frame = requestAnimationFrame(() => {
      const ratio = devicePixelRatio;
      if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(context, { width, height, gutter }, lanes, view, until, palette, zone, over?.bar.id);
      element.dataset['ready'] = 'true';
    });
    return () => cancelAnimationFrame(frame);
  }, [lanes, view, width, height, gutter, until, zone, over, palette]);

  const change = useCallback(
    (next: View): void => {
      const span = Math.min(Math.max(next.to - next.from, shortestSpan), (whole.to - whole.from) * 1.5);
      const from = Math.min(Math.max(next.from, whole.from - span * 0.5), whole.to - span * 0.5);
      const top = Math.min(Math.max(0, next.top), Math.max(0, lanes.length * laneHeight - (height - axisHeight) + 6));
      setZoom({ from, to: from + span, top });
    },
    [whole, lanes.length, height],
  );
  const zoomBy = useCallback(
    (factor: number, share = 0.5): void => {
      const span = (view.to - view.from) * factor;
      const at = view.from + (view.to - view.from) * share;
      change({ from: at - span * share, to: at + span * (1 - share), top: view.top });
    },
    [view, change],
  );

  // React's own wheel handler cannot keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const onWheel = (e: WheelEvent): void => {
      const share = Math.min(1, Math.max(0, (e.offsetX - gutter) / Math.max(1, width - gutter)));
      if (e.ctrlKey || e.metaKey || e.altKey) {
        e.preventDefault();
        zoomBy(Math.exp(e.deltaY * 0.0025), share);
      } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
        e.preventDefault();
        const by = ((e.deltaX || e.deltaY) / Math.max(1, width - gutter)) * (view.to - view.from);
        change({ from: view.from + by, to: view.to + by, top: view.top });
      } else if (lanes.length * laneHeight > height - axisHeight) {
        const most = lanes.length * laneHeight - (height - axisHeight) + 6;
        const top = Math.min(most, Math.max(0, view.top + e.deltaY));
        if (top !== view.top) {
          e.preventDefault();
          change({ ...view, top });
        }
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [view, change, zoomBy, width, gutter, lanes.length, height]);

  if (!hasBars) return <Empty>This run has no task yet.</Empty>;
  const point = (e: React.PointerEvent): [number, number] => {
    const box = e.currentTarget.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  };
  const onKey = (e: React.KeyboardEvent): void => {
    const span = view.to - view.from;
    const moves: Record<string, () => void> = {
      '+': () => zoomBy(0.6),
      '=': () => zoomBy(0.6),
      '-': () => zoomBy(1 / 0.6),
      '0': () => setZoom(undefined),
      ArrowLeft: () => change({ ...view, from: view.from - span * 0.15, to: view.to - span * 0.15 }),
      ArrowRight: () => change({ ...view, from: view.from + span * 0.15, to: view.to + span * 0.15 }),
      ArrowUp: () => change({ ...view, top: view.top - laneHeight * 3 }),
      ArrowDown: () => change({ ...view, top: view.top + laneHeight * 3 }),
    };
    const move = moves[e.key];
    if (move === undefined || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    move();
  };

  return (
    <div className="timeline">
      <div className="timeline-bar">
        <span className="dim">
          {plural(tasks.bars.length, 'task run')}
          {tasks.truncated ? ' (the first ones)' : ''} in {plural(lanes.length, 'row')}; a thin line is time in the queue{hasJobs ? ', stripes are time in Slurm’s queue' : ''}
        </span>
        <span className="grow" />
        {jobs.length > 0 && (
          <Button className="quiet" aria-pressed={hasJobs} onClick={() => setWithJobs(!hasJobs)}>
            {plural(jobs.length, 'Slurm job')}
          </Button>
        )}
        <Button className="quiet icon-only" icon="plus" aria-label="Zoom in" onClick={() => zoomBy(0.6)} />
        <Button className="quiet icon-only" icon="minus" aria-label="Zoom out" onClick={() => zoomBy(1 / 0.6)} />
        <Button className="quiet" disabled={zoom === undefined} onClick={() => setZoom(undefined)}>
          Whole run
        </Button>
      </div>
      <div className="timeline-canvas">
        <canvas
          ref={canvas}
          style={{ height }}
          tabIndex={0}
          role="application"
          aria-label={`Timeline of ${plural(tasks.bars.length, 'task run')}${hasJobs ? ` and ${plural(jobs.length, 'Slurm job')}` : ''}: plus and minus zoom, arrows move, 0 shows all. The table below lists the same.`}
          onKeyDown={onKey}
          onPointerDown={(e) => {
            const [x, y] = point(e);
            drag.current = { x, y, view, moved: false };
            e.currentTarget.setPointerCapture(e.pointerId);
          }}
          onPointerMove={(e) => {
            const [x, y] = point(e);
            const held = drag.current;
            if (held !== undefined) {
              if (Math.abs(x - held.x) + Math.abs(y - held.y) > 4) held.moved = true;
              if (held.moved) {
                const by = ((held.x - x) / Math.max(1, width - gutter)) * (held.view.to - held.view.from);
                change({ from: held.view.from + by, to: held.view.to + by, top: held.view.top + held.y - y });
              }
              return;
            }
            const bar = barAt(lanes, view, { width, gutter }, x, y, until);
            setOver(bar === undefined ? undefined : { bar, x, y });
          }}
          onPointerUp={(e) => {
            const held = drag.current;
            drag.current = undefined;
            if (held === undefined || held.moved) return;
            const bar = barAt(lanes, view, { width, gutter }, ...point(e), until);
            if (bar?.isJob === true) onJob(bar.id);
            else if (bar !== undefined) go(`/task-runs/${bar.id}`);
          }}
          onPointerLeave={() => setOver(undefined)}
        />
        {over !== undefined && (
          <div className="tip" style={{ left: Math.min(over.x + 14, Math.max(0, width - 250)), top: over.y + 16 }}>
            <strong>
              <bdi>{visible(over.bar.name.slice(0, 80))}</bdi>
            </strong>
            <span>{over.bar.state}</span>
            {over.bar.started !== null && <span>ran {duration((over.bar.ended ?? until) - over.bar.started)}</span>}
            <span className="dim">waited {duration((over.bar.started ?? until) - over.bar.created)}</span>
          </div>
        )}
      </div>
    </div>
  );
}
