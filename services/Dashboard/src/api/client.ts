import { authorization, signOut } from './token';

/** What the API says is wrong (application/problem+json). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly fields: Record<string, string[]>,
  ) {
    super(detail);
  }
}

export type Query = Record<string, string | number | boolean | string[] | undefined | null>;

export function url(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else if (value !== undefined && value !== null && value !== '') search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return answer<T>(await request(url(path, query), { signal: signal ?? null }));
}

/** One call is one deed: the key makes a repeat of the same call harmless. */
export function post<T>(path: string, body: unknown = {}, key: string = newKey()): Promise<T> {
  return send<T>('POST', path, body, { 'Idempotency-Key': key });
}

export const put = <T>(path: string, body: unknown): Promise<T> => send<T>('PUT', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => send<T>('PATCH', path, body);
export const remove = <T>(path: string): Promise<T> => send<T>('DELETE', path);

/** A file as something that an image or a link can show. */
export async function blob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await request(path, { signal: signal ?? null });
  if (!response.ok) throw await problem(response);
  return response.blob();
}

export async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...authorization(), ...(init.headers as Record<string, string> | undefined) } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'Not reachable', 'the server does not answer: is it running?', {});
  }
  if (response.status === 401) signOut();
  return response;
}

// A page may be served without the guarantees that crypto.randomUUID asks for (plain http on another host).
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function send<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...headers, 'Content-Type': 'application/json' };
  }
  return answer<T>(await request(path, init));
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw await problem(response);
  return (await response.json()) as T;
}

/** What an answer that is no success says. */
export async function problem(response: Response): Promise<ApiError> {
  const title = response.statusText || String(response.status);
  try {
    const told = (await response.json()) as { title?: string; detail?: string; errors?: Record<string, string[]> };
    return new ApiError(response.status, told.title ?? title, told.detail ?? told.title ?? title, told.errors ?? {});
  } catch {
    return new ApiError(response.status, title, `the server answers ${response.status}`, {});
  }
}
