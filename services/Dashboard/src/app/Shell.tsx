import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useServer } from '../api/queries';
import { Icon, type IconName } from '../parts/Icon';
import { useNow } from '../time/clock';
import { time, type Zone } from '../time/format';
import { applyTheme, remember, useIsDark } from './preferences';
import { Keys } from './Keys';

export const rooms: readonly { path: string; name: string; icon: IconName; key: string }[] = [
  { path: '/', name: 'Overview', icon: 'overview', key: 'o' },
  { path: '/runs', name: 'Runs', icon: 'runs', key: 'r' },
  { path: '/deployments', name: 'Deployments', icon: 'deployments', key: 'd' },
  { path: '/queues', name: 'Work queues', icon: 'queues', key: 'q' },
  { path: '/agents', name: 'Agents', icon: 'agents', key: 'a' },
  { path: '/schedules', name: 'Schedules', icon: 'schedules', key: 's' },
  { path: '/holography', name: 'Holography', icon: 'holography', key: 'h' },
];

export function Shell({ connected, zone, children }: { connected: boolean; zone: Zone; children: ReactNode }) {
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const room = rooms.find((r) => (r.path === '/' ? path === '/' : path.startsWith(r.path))) ?? (path.startsWith('/task-runs') ? rooms[1] : undefined);

  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    document.title = room === undefined ? 'Holoflow' : `${room.name} · Holoflow`;
  }, [room]);

  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to the page
      </a>
      <header className="top">
        <button type="button" className="quiet icon-only menu-button" aria-label="Menu" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="menu" size={20} />
        </button>
        <Link href="/" className="brand">
          <img src="/beam.svg" alt="" width="24" height="24" />
          Holoflow
        </Link>
        <span className="grow" />
        {!connected && (
          <span className="offline" role="status">
            <Icon name="bolt" size={14} /> <span>No connection: what is shown may be old</span>
          </span>
        )}
        <Clock zone={zone} />
        <ThemeSwitch />
      </header>
      <nav className={open ? 'rooms open' : 'rooms'} aria-label="Pages">
        {rooms.map((r) => (
          <Link key={r.path} href={r.path} aria-current={r === room ? 'page' : undefined}>
            <Icon name={r.icon} size={18} />
            {r.name}
          </Link>
        ))}
        <span className="grow" />
        <Version />
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Keys />
    </div>
  );
}

function Clock({ zone }: { zone: Zone }) {
  const now = useNow();
  return (
    <button
      type="button"
      className="quiet clock"
      title="Switch between local time and UTC"
      onClick={() => remember('zone', zone === 'utc' ? 'local' : 'utc')}
    >
      <span className="time">{time(new Date(now), zone, false)}</span> {zone === 'utc' ? 'UTC' : 'local'}
    </button>
  );
}

function ThemeSwitch() {
  const dark = useIsDark();
  return (
    <button
      type="button"
      className="quiet icon-only"
      aria-label={dark ? 'Light colours' : 'Dark colours'}
      title={dark ? 'Light colours' : 'Dark colours'}
      onClick={() => {
        localStorage.setItem('holoflow-theme', dark ? 'light' : 'dark');
        applyTheme();
        remember('theme', dark ? 'light' : 'dark');
      }}
    >
      <Icon name={dark ? 'sun' : 'moon'} size={18} />
    </button>
  );
}

function Version() {
  const { data } = useServer();
  return <p className="version dim">{data === undefined ? '' : `Holoflow ${data.version} · ${data.database}`}</p>;
}
