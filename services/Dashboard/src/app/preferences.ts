import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

export function remember(name: string, value: string | null): void {
  if (value === null) localStorage.removeItem(`holoflow-${name}`);
  else localStorage.setItem(`holoflow-${name}`, value);
  for (const listener of listeners) listener();
}

/** What this browser was told to remember. */
export function useRemembered(name: string): string | null {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(`holoflow-${name}`));
}

export function applyTheme(): void {
  const theme = localStorage.getItem('holoflow-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}

const night = matchMedia('(prefers-color-scheme: dark)');

function subscribeTheme(listener: () => void): () => void {
  const end = subscribe(listener);
  night.addEventListener('change', listener);
  return () => {
    end();
    night.removeEventListener('change', listener);
  };
}

/** Dark by choice, or by the system's where nothing was chosen. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribeTheme, () => {
    const theme = document.documentElement.dataset['theme'];
    return theme === undefined ? night.matches : theme === 'dark';
  });
}
