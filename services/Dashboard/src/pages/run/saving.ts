import { get, request } from '../../api/client';
import type { LogPage } from '../../api/types';
import { shortLevel } from './logLevels';

/** Has the browser save a file as such, whatever its type. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export async function download(path: string, name: string): Promise<void> {
  const response = await request(path, {});
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  saveAs(await response.blob(), name);
}

/** Saves every line that a filter lets through; tells how many it has. */
export async function downloadLog(runId: string, filter: Record<string, string>, onRead: (lines: number) => void): Promise<void> {
  // Blobs, which the browser may lay on disk: a log can be larger than what a script may hold.
  const parts: Blob[] = [];
  let [after, read] = [0, 0];
  for (;;) {
    const page = await get<LogPage>(`/api/flow-runs/${runId}/logs`, { ...filter, after, limit: 10_000 });
    parts.push(new Blob([page.lines.map((line) => `${line.at} ${shortLevel(line.level)} ${line.text}\n`).join('')]));
    after = page.last;
    onRead((read += page.lines.length));
    if (!page.more) break;
  }
  saveAs(new Blob(parts, { type: 'text/plain' }), `${runId}.log`);
}
