import { coloursAt } from '../../look/colour';
import { dateTime, duration, time, type Zone } from '../../time/format';
import type { Lane } from './lanes';
import type { Bar } from './tasks';

export type View = { from: number; to: number; top: number };
export const laneHeight = 22;
export const axisHeight = 26;

export type Palette = { text: string; dim: string; line: string; surface: string; accent: string; tones: Record<string, string>; hatch: CanvasPattern | null };

const toneOf: Record<string, string> = { Completed: 'completed', Failed: 'failed', Crashed: 'crashed', Running: 'running', Pending: 'pending', Paused: 'late', Cancelled: 'cancelled' };

export function paletteOf(element: HTMLElement): Palette {
  const tones = [...new Set(Object.values(toneOf))];
  const colours = coloursAt(element, ['--text', '--dim', '--line', '--surface', '--accent', ...tones.map((tone) => `--${tone}`)]);
  const colour = (name: string): string => colours[`--${name}`] ?? '';
  return { hatch: hatchOf(colour('pending')), text: colour('text'), dim: colour('dim'), line: colour('line'), surface: colour('surface'), accent: colour('accent'), tones: Object.fromEntries(tones.map((tone) => [tone, colour(tone)])) };
}

/** Stripes: time in Slurm's queue, which no colour alone tells from time on a node. */
function hatchOf(colour: string): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const context = tile.getContext('2d');
  if (context === null) return null;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const shift of [-8, 0, 8]) {
    context.beginPath();
    context.moveTo(shift, 8);
    context.lineTo(shift + 8, 0);
    context.stroke();
  }
  return context.createPattern(tile, 'repeat');
}

/** Draws what is in sight and nothing else: its cost is that of the window, not of the run. */
export function draw(context: CanvasRenderingContext2D, size: { width: number; height: number; gutter: number }, lanes: readonly Lane[], view: View, end: number, palette: Palette, zone: Zone, over: string | undefined): void {
  const { width, height, gutter } = size;
  const scale = (width - gutter) / (view.to - view.from);
  const x = (at: number): number => gutter + (at - view.from) * scale;
  context.clearRect(0, 0, width, height);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';

  drawAxis(context, size, view, x, palette, zone);
  context.save();
  context.beginPath();
  context.rect(0, axisHeight, width, height - axisHeight);
  context.clip();
  const first = Math.max(0, Math.floor(view.top / laneHeight));
  const last = Math.min(lanes.length, Math.ceil((view.top + height - axisHeight) / laneHeight) + 1);
  for (let i = first; i < last; i++) {
    const lane = lanes[i];
    if (lane === undefined) continue;
    const y = axisHeight + i * laneHeight - view.top;
    if (lane.first && i > 0) {
      context.fillStyle = palette.line;
      context.fillRect(0, y - 0.5, width, 1);
    }
    context.save();
    context.beginPath();
    context.rect(gutter, axisHeight, width - gutter, height);
    context.clip();
    drawLane(context, lane, y, x, view, end, palette, over);
    context.restore();
    if (lane.first || i === first) drawName(context, lane, Math.max(y, axisHeight), gutter, palette);
  }
  context.restore();
}

function drawLane(context: CanvasRenderingContext2D, lane: Lane, y: number, x: (at: number) => number, view: View, end: number, palette: Palette, over: string | undefined): void {
  let drawnTo = -Infinity;
  for (const bar of lane.bars) {
    const to = bar.ended ?? end;
    if (to < view.from || bar.created > view.to) continue;
    const [queued, left, right] = [x(bar.created), x(bar.started ?? to), x(to)];
    // Many bars on one pixel are one bar.
    if (right < drawnTo + 0.4 && bar.id !== over && bar.type === 'Completed') continue;
    drawnTo = right;
    if (bar.isJob === true) drawQueue(context, queued, left, y, palette);
    else if (left - queued > 0.5) {
      context.fillStyle = palette.tones['pending'] ?? palette.dim;
      context.globalAlpha = 0.35;
      context.fillRect(queued, y + laneHeight / 2 - 1.5, left - queued, 3);
      context.globalAlpha = 1;
    }
    if (bar.started === null) continue;
    context.fillStyle = palette.tones[toneOf[bar.type] ?? 'pending'] ?? palette.dim;
    const w = Math.max(1.5, right - left - (right - left > 4 ? 1 : 0));
    context.globalAlpha = bar.state === 'Cached' ? 0.5 : 1;
    context.fillRect(left, y + 4, w, laneHeight - 8);
    context.globalAlpha = 1;
    // Not by colour alone: what went wrong bears a mark.
    if ((bar.type === 'Failed' || bar.type === 'Crashed') && w > 5) {
      context.fillStyle = palette.surface;
      context.fillRect(left + 1.5, y + laneHeight / 2 - 1, Math.min(w - 3, 8), 2);
    }
    if (bar.id === over) {
      context.strokeStyle = palette.text;
      context.lineWidth = 2;
      context.strokeRect(left - 1, y + 3, w + 2, laneHeight - 6);
    }
  }
}

function drawQueue(context: CanvasRenderingContext2D, from: number, to: number, y: number, palette: Palette): void {
  if (to - from <= 0.5) return;
  context.fillStyle = palette.hatch ?? palette.dim;
  context.fillRect(from, y + 4, to - from, laneHeight - 8);
  context.strokeStyle = palette.tones['pending'] ?? palette.dim;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, y + 4.5, Math.max(0, to - from - 1), laneHeight - 9);
}

function drawName(context: CanvasRenderingContext2D, lane: Lane, y: number, gutter: number, palette: Palette): void {
  context.direction = 'ltr';
  context.fillStyle = palette.text;
  const runs = lane.count > 1 ? `× ${lane.count}` : '';
  const room = gutter - 16 - (runs === '' ? 0 : context.measureText(runs).width + 6);
  const name = fitting(context, lane.task.slice(0, 40), room);
  context.fillText(name, 8, y + laneHeight / 2);
  if (runs === '') return;
  const w = context.measureText(name).width;
  context.fillStyle = palette.dim;
  context.fillText(runs, 14 + w, y + laneHeight / 2);
}

/** As much of a text as there is room for, with … where something is left out. */
function fitting(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const characters = [...text];
  while (characters.length > 1 && context.measureText(`${characters.join('')}…`).width > room) characters.pop();
  return `${characters.join('')}…`;
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000];

function drawAxis(context: CanvasRenderingContext2D, { width, height, gutter }: { width: number; height: number; gutter: number }, view: View, x: (at: number) => number, palette: Palette, zone: Zone): void {
  const span = view.to - view.from;
  const wanted = Math.max(2, (width - gutter) / 110);
  const step = steps.find((s) => span / s <= wanted) ?? 2_592_000_000;
  context.fillStyle = palette.dim;
  context.textAlign = 'center';
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
    const left = x(at);
    context.fillStyle = palette.line;
    context.fillRect(left, axisHeight - 4, 1, height);
    context.fillStyle = palette.dim;
    const moment = new Date(at);
    const label = step >= 86_400_000 ? dateTime(moment, zone).slice(5, 10) : step < 1000 ? `${time(moment, zone)}.${String(moment.getMilliseconds()).padStart(3, '0')}` : time(moment, zone, step < 60_000);
    if (left > gutter + 24 && left < width - 24) context.fillText(label, left, axisHeight / 2 - 1);
  }
  context.textAlign = 'left';
  context.fillText(duration(span), 8, axisHeight / 2 - 1);
}

/** The bar under a point. */
export function barAt(lanes: readonly Lane[], view: View, size: { width: number; gutter: number }, px: number, py: number, end: number): Bar | undefined {
  if (py < axisHeight || px < size.gutter) return undefined;
  const lane = lanes[Math.floor((py - axisHeight + view.top) / laneHeight)];
  if (lane === undefined) return undefined;
  const perPixel = (view.to - view.from) / (size.width - size.gutter);
  const at = view.from + (px - size.gutter) * perPixel;
  let best: Bar | undefined;
  for (const bar of lane.bars) {
    if (bar.created - 2 * perPixel > at || (bar.ended ?? end) + 2 * perPixel < at) continue;
    // Of what has started, what runs there; its wait lies under what ran before it.
    if (best === undefined || (bar.started ?? Infinity) - 2 * perPixel <= at) best = bar;
  }
  return best;
}
