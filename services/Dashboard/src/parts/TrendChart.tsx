import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useIsDark } from '../app/preferences';
import { coloursAt } from '../look/colour';
import { useZone } from '../time/clock';
import { date, time, type Zone } from '../time/format';

const day = 86_400;

function dayOrTime(at: Date, zone: Zone, increment: number): string {
  const clock = time(at, zone, false);
  return increment >= day || clock === '00:00' ? date(at, zone).slice(5) : clock;
}

export type Series = { name: string; points: { at: number; value: number }[]; warn?: number | undefined; fail?: number | undefined };

/** One figure over runs, with the limits it is held to. */
export function TrendChart({ series, unit }: { series: Series; unit: string }) {
  const box = useRef<HTMLDivElement>(null);
  const zone = useZone();
  const isDark = useIsDark();

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const colours = coloursAt(element, ['--dim', '--line', '--accent', '--late', '--failed']);
    const colour = (name: string): string => colours[name] ?? '';
    const [xs, ys] = [series.points.map((point) => point.at / 1000), series.points.map((point) => point.value)];
    // One run alone has a day to stand in.
    const margin = ((xs.at(-1) ?? 0) - (xs[0] ?? 0)) * 0.03 || day / 2;
    const limits = [series.warn, series.fail].filter((limit): limit is number => limit !== undefined);
    // A limit far above everything would press the figures flat.
    const most = Math.max(...ys, ...limits.filter((limit) => limit < Math.max(...ys) * 4), 0);
    const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: '12px system-ui' };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: 170,
        tzDate: (ts) => (zone === 'utc' ? uPlot.tzDate(new Date(ts * 1000), 'UTC') : new Date(ts * 1000)),
        cursor: { points: { size: 8 } },
        legend: { live: true },
        scales: { y: { range: () => [0, most * 1.12 || 1] }, x: { range: () => [(xs[0] ?? 0) - margin, (xs.at(-1) ?? 0) + margin] } },
        axes: [{ ...axis, values: (_, splits, __, ___, increment) => splits.map((at) => dayOrTime(new Date(at * 1000), zone, increment)) }, { ...axis, size: 56 }],
        series: [
          { label: 'run of', value: '{YYYY}-{MM}-{DD} {HH}:{mm}' },
          { label: unit === '' ? series.name : unit, stroke: colour('--accent'), width: 2, points: { show: true, size: 7, fill: colour('--accent') }, value: (_, v) => (v === null ? '–' : String(Number(v.toPrecision(4)))) },
        ],
        hooks: {
          // Where nobody points at a run, the last one is told.
          ready: [(plot) => plot.setLegend({ idx: xs.length - 1 }, false)],
          setCursor: [
            (plot) => {
              if ((plot.cursor.idx ?? null) === null) plot.setLegend({ idx: xs.length - 1 }, false);
            },
          ],
          draw: [
            (plot) => {
              for (const [limit, tone] of [
                [series.warn, '--late'],
                [series.fail, '--failed'],
              ] as const) {
                if (limit === undefined || limit > most * 1.12) continue;
                const y = plot.valToPos(limit, 'y', true);
                plot.ctx.save();
                plot.ctx.strokeStyle = colour(tone);
                plot.ctx.lineWidth = 1.5 * devicePixelRatio;
                plot.ctx.setLineDash(tone === '--late' ? [3, 5] : [10, 5]);
                plot.ctx.beginPath();
                plot.ctx.moveTo(plot.bbox.left, y);
                plot.ctx.lineTo(plot.bbox.left + plot.bbox.width, y);
                plot.ctx.stroke();
                plot.ctx.restore();
              }
            },
          ],
        },
      },
      [xs, ys],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 170 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [series, unit, zone, isDark]);

  const last = series.points.at(-1);
  return <div ref={box} className="trend" role="img" aria-label={`${series.name}: ${series.points.length} runs, the last ${last === undefined ? 'none' : last.value} ${unit}`} />;
}
