export type Zone = 'local' | 'utc';

const two = (n: number): string => String(n).padStart(2, '0');

/** 2026-11-22 13:05:09, the same in every language: an observatory's logs are read side by side. */
export function dateTime(at: Date, zone: Zone, seconds = true): string {
  return `${date(at, zone)} ${time(at, zone, seconds)}`;
}

export function date(at: Date, zone: Zone): string {
  return zone === 'utc'
    ? `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function time(at: Date, zone: Zone, seconds = true): string {
  const [h, m, s] = zone === 'utc' ? [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()] : [at.getHours(), at.getMinutes(), at.getSeconds()];
  return `${two(h)}:${two(m)}${seconds ? `:${two(s)}` : ''}`;
}

export function milliseconds(at: Date): string {
  return String(at.getMilliseconds()).padStart(3, '0');
}

/** 0.4 s, 12 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  const s = Math.max(0, ms) / 1000;
  if (s < 0.0995) return `${Math.round(s * 1000)} ms`;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 59.5) return `${Math.round(s)} s`;
  const whole = Math.round(s);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(s / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** 90 s, 15 min, 36 h, 7 d: a span that somebody set, exactly, in the largest unit of which it is a whole number. */
export function span(seconds: number): string {
  const [size, unit] = ([[86_400, 'd'], [3600, 'h'], [60, 'min']] as const).find(([length]) => seconds >= length && seconds % length === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

/** "3 min ago", "in 2 h". */
export function relative(at: Date, now: number): string {
  const ms = at.getTime() - now;
  const s = Math.abs(ms) / 1000;
  if (s < 5) return 'now';
  const [n, unit] = s < 60 ? [s, 's'] : s < 3600 ? [s / 60, 'min'] : s < 86_400 ? [s / 3600, 'h'] : [s / 86_400, 'd'];
  const text = `${Math.floor(n)} ${unit}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

export function count(n: number): string {
  return n.toLocaleString('en-GB');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
