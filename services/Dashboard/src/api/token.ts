const key = 'holoflow-token';
const listeners = new Set<() => void>();

/** The token that the API asked for: kept by this tab, and gone with it. */
export function token(): string | null {
  return sessionStorage.getItem(key);
}

export function signIn(value: string): void {
  sessionStorage.setItem(key, value);
  changed(false);
}

/** The API took the token no longer, or asks for one. */
export function signOut(): void {
  sessionStorage.removeItem(key);
  changed(true);
}

let asked = false;

export const isAsked = (): boolean => asked;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function authorization(): Record<string, string> {
  const value = token();
  return value === null ? {} : { Authorization: `Bearer ${value}` };
}

function changed(now: boolean): void {
  asked = now;
  for (const listener of listeners) listener();
}
