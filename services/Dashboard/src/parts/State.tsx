import { Icon, type IconName } from './Icon';

/** How a state looks: a colour that the colour-blind tell apart, and a form for those who see none. */
const looks: Record<string, { tone: string; icon: IconName }> = {
  Scheduled: { tone: 'waiting', icon: 'clock' },
  Late: { tone: 'late', icon: 'alarm' },
  AwaitingRetry: { tone: 'late', icon: 'retry' },
  Retrying: { tone: 'running', icon: 'retry' },
  Pending: { tone: 'pending', icon: 'dots' },
  Running: { tone: 'running', icon: 'play' },
  Paused: { tone: 'late', icon: 'pause' },
  Cancelling: { tone: 'cancelled', icon: 'stop' },
  Completed: { tone: 'completed', icon: 'check' },
  Cached: { tone: 'completed', icon: 'half' },
  Failed: { tone: 'failed', icon: 'cross' },
  TimedOut: { tone: 'failed', icon: 'clock' },
  Crashed: { tone: 'crashed', icon: 'bolt' },
  Cancelled: { tone: 'cancelled', icon: 'stop' },
  Skipped: { tone: 'cancelled', icon: 'minus' },
};

const unknown = { tone: 'waiting', icon: 'dots' as IconName };

const words: Record<string, string> = { AwaitingRetry: 'Awaiting retry', TimedOut: 'Timed out' };

/** The order in which states are counted and drawn. */
export const stateOrder = ['Completed', 'Running', 'Pending', 'Scheduled', 'Paused', 'Cancelling', 'Cancelled', 'Failed', 'Crashed'] as const;

export const lookOf = (type: string, name = type) => looks[name] ?? looks[type] ?? unknown;
export const wordOf = (name: string): string => words[name] ?? name;

export function StateBadge({ type, name = type }: { type: string; name?: string }) {
  const look = lookOf(type, name);
  return (
    <span className={`state tone-${look.tone}`}>
      <Icon name={look.icon} size={13} />
      {wordOf(name)}
    </span>
  );
}

export function StateDot({ type, name = type }: { type: string; name?: string }) {
  const look = lookOf(type, name);
  return (
    <span className={`state-dot tone-${look.tone}`} title={wordOf(name)}>
      <Icon name={look.icon} size={13} />
      <span className="hidden">{wordOf(name)}</span>
    </span>
  );
}

/** Counts by state type as one bar. */
export function StateBar({ states, label }: { states: Record<string, number>; label?: string }) {
  const total = Object.values(states).reduce((sum, n) => sum + n, 0);
  const parts = stateOrder.filter((type) => (states[type] ?? 0) > 0);
  const text = parts.map((type) => `${states[type]} ${type.toLowerCase()}`).join(', ');
  return (
    <span className="state-bar" role="img" aria-label={`${label === undefined ? '' : `${label}: `}${text === '' ? 'none' : text}`} title={text}>
      {parts.map((type) => (
        <span key={type} className={`tone-${lookOf(type).tone}`} style={{ flexGrow: (states[type] ?? 0) / Math.max(1, total) }} />
      ))}
    </span>
  );
}
