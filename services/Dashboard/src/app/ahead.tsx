import type { QueryClient } from '@tanstack/react-query';
import { lazy, useState, type ComponentType, type FunctionComponent } from 'react';
import { first } from '../api/queries';

/** A page that is loaded where it is needed, or ahead of that: one that is there is shown at once, without the pause that a fallback brings. */
export function apart<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): FunctionComponent<P> & { load: () => Promise<void> } {
  let there: ComponentType<P> | undefined;
  const module = async (): Promise<{ default: ComponentType<P> }> => {
    const loaded = await load();
    there = loaded.default;
    return loaded;
  };
  const Later = lazy(module) as unknown as ComponentType<P>;
  const Page = (props: P) => {
    // One form for as long as it is shown: another would begin anew.
    const [Shown] = useState(() => there ?? Later);
    return <Shown {...props} />;
  };
  return Object.assign(Page, { load: () => module().then(() => undefined) });
}

/** Asks for what the page at an address shows while its own program still comes. */
export function readAhead(client: QueryClient, path: string): void {
  const [, id, tab] = /^\/runs\/([0-9a-f-]{36})(?:\/(\w+))?$/.exec(path) ?? [];
  if (id !== undefined) {
    void client.prefetchQuery(first.run(id));
    void client.prefetchQuery(first.timeline(id));
    if (tab === undefined) void client.prefetchQuery(first.graph(id));
  } else if (path === '/') void client.prefetchQuery(first.overview(24));
}
