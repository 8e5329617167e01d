import { QueryClient } from '@tanstack/react-query';
import { follow } from './stream';
import type { ChangeEvent } from './types';

/** However fast things change, a list is read again no more often than this. */
const gather = 400;

/** Which lists an event makes old. */
function keysOf(event: ChangeEvent): string[][] {
  switch (event.kind) {
    case 'flowRun':
      return [['runs'], ['overview'], ['queues'], ['limits'], ['agents'], ['run', event.runId], ...(event.parentRunId === undefined ? [] : [['run', event.parentRunId]])];
    case 'taskRuns':
      return [['overview'], ['artifacts'], ['tasks', event.runId], ['allocations', event.runId]];
    case 'definition':
      return [['deployments'], ['deployment'], ['schedules'], ['queues'], ['limits'], ['flows']];
    case 'agent':
      return [['agents'], ['queues'], ['overview']];
    default:
      return [];
  }
}

/** Keeps what is shown up to date by the server's events: nothing is asked for again and again. */
export function keepUpToDate(client: QueryClient, onConnected: (connected: boolean) => void): () => void {
  const old = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasAway = false;

  const refresh = (): void => {
    timer = undefined;
    const keys = [...old.values()];
    old.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };

  const end = follow<ChangeEvent>('/api/events', {
    onEvent: (event) => {
      if (event.kind === 'reset') {
        void client.invalidateQueries();
        return;
      }
      for (const key of keysOf(event)) old.set(key.join('\n'), key);
      timer ??= setTimeout(refresh, gather);
    },
    onConnected: (connected) => {
      if (connected && wasAway) {
        // A server that was started anew does not know what this page has missed.
        void client.invalidateQueries();
      } else if (connected) {
        // What was asked for ahead was read before changes were heard of.
        for (const queryKey of [['run'], ['overview']]) void client.invalidateQueries({ queryKey });
      }
      wasAway = !connected;
      onConnected(connected);
    },
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}
