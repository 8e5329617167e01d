import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Zone } from './format';

export const ZoneContext = createContext<Zone>('local');
export const useZone = (): Zone => useContext(ZoneContext);

// One timer for all that counts seconds; it runs while somebody looks.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, every second; a clock that nobody needs stands still. */
export function useNow(runs = true): number {
  const ticking = useSyncExternalStore(runs ? subscribe : idle, () => now);
  const [still] = useState(() => Date.now());
  useEffect(() => {
    now = Date.now();
  }, []);
  return runs ? Math.max(ticking, still) : still;
}

const idle = (): (() => void) => () => undefined;
