import { request } from './client';

export type StreamOptions<T> = {
  /** Where to go on: the id of the last event that is known already. */
  after?: string;
  onEvent: (event: T) => void;
  /** True for the event after which the stream is complete. */
  isLast?: (event: T) => boolean;
  /** Told when the connection is lost and when it is back. */
  onConnected?: (connected: boolean) => void;
};

const longestPause = 15_000;

/**
 * Reads server-sent events by fetch (an EventSource sends no authorization) and takes them up again where they broke, by the id of the
 * last one. Answers with what ends it. A page that nobody sees holds no stream: a browser opens six connections to a server over HTTP/1.1,
 * for all its pages together.
 */
export function follow<T>(path: string, options: StreamOptions<T>): () => void {
  const ending = new AbortController();
  void run(path, options, ending.signal);
  return () => ending.abort();
}

async function run<T>(path: string, options: StreamOptions<T>, signal: AbortSignal): Promise<void> {
  let last = options.after ?? '';
  let pause = 500;
  while (!signal.aborted) {
    await seen(signal);
    if (signal.aborted) return;
    const connection = new AbortController();
    const cut = (): void => {
      if (signal.aborted || document.visibilityState === 'hidden') connection.abort();
    };
    document.addEventListener('visibilitychange', cut);
    signal.addEventListener('abort', cut);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (last !== '') headers['Last-Event-ID'] = last;
      const response = await request(path, { headers, signal: connection.signal, cache: 'no-store' });
      // What is refused stays refused, whoever asks again.
      if (response.status >= 400 && response.status < 500) return;
      if (response.ok && response.body !== null) {
        options.onConnected?.(true);
        for await (const event of events(response.body)) {
          pause = 500;
          if (event.id !== '') last = event.id;
          if (event.data === '') continue;
          const told = JSON.parse(event.data) as T;
          options.onEvent(told);
          if (options.isLast?.(told) === true) return;
        }
      }
    } catch {
      // Broken: taken up again below.
    } finally {
      document.removeEventListener('visibilitychange', cut);
      signal.removeEventListener('abort', cut);
    }
    if (signal.aborted) return;
    options.onConnected?.(false);
    if (document.visibilityState === 'hidden') continue;
    await sleep(pause, signal);
    pause = Math.min(pause * 2, longestPause);
  }
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  let id = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const raw of lines) {
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
        if (line === '') {
          if (data.length > 0) yield { id, data: data.join('\n') };
          data = [];
        } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        else if (line.startsWith('id:')) id = line.slice(line[3] === ' ' ? 4 : 3);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Ends when the page is seen. */
function seen(signal: AbortSignal): Promise<void> {
  if (document.visibilityState !== 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
