import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useArtifacts } from '../../api/queries';
import type { ArtifactRow, Json } from '../../api/types';
import { Answered, Button, Card, Empty, Progress } from '../../parts/Basics';
import { useDeed } from '../../parts/Deed';
import { JsonTable } from '../../parts/JsonTable';
import { Picture, PictureDialog } from '../../parts/Picture';
import { LongText, Text, visible } from '../../parts/Text';
import { Ago } from '../../parts/Time';
import { Markdown } from './Markdown';
import { download } from './saving';

export const fileOf = (artifact: ArtifactRow): string => `/api/flow-runs/${artifact.flowRunId}/artifacts/${artifact.id}/file`;

/** What the run shows to people: pictures side by side, tables, texts. */
export function Artifacts({ runId, taskRunId }: { runId: string; taskRunId?: string }) {
  const artifacts = useArtifacts(runId);
  const [open, setOpen] = useState<number>();
  return (
    <Answered query={artifacts}>
      {(every) => {
        const all = taskRunId === undefined ? every : every.filter((artifact) => artifact.taskRunId === taskRunId);
        const images = all.filter((artifact) => artifact.type === 'image');
        const pictures = images.map((artifact) => ({ path: fileOf(artifact), title: artifact.title ?? artifact.key }));
        const others = all.filter((artifact) => artifact.type !== 'image');
        if (all.length === 0) return taskRunId === undefined ? <Empty command={`holoflow flow-run inspect ${runId}`}>This run has shown nothing yet: pictures, tables and texts that its tasks make appear here. How far it is tells</Empty> : null;
        return (
          <>
            {images.length > 0 && (
              <div className="gallery">
                {images.map((artifact, i) => (
                  <figure key={artifact.id}>
                    <Picture path={fileOf(artifact)} title={artifact.title ?? artifact.key} onOpen={() => setOpen(i)} />
                    <figcaption>
                      <Text>{artifact.title ?? artifact.key}</Text>
                      <span className="dim">
                        <Ago at={artifact.createdAt} />
                      </span>
                    </figcaption>
                  </figure>
                ))}
              </div>
            )}
            {others.map((artifact) => (
              <Card key={artifact.id} title={<Text>{artifact.title ?? artifact.key}</Text>} aside={<Source artifact={artifact} />}>
                <Content artifact={artifact} />
              </Card>
            ))}
            {open !== undefined && <PictureDialog pictures={pictures} at={open} onMove={setOpen} onClose={() => setOpen(undefined)} />}
          </>
        );
      }}
    </Answered>
  );
}

function Source({ artifact }: { artifact: ArtifactRow }) {
  const { busy, run } = useDeed();
  return (
    <span className="dim">
      {artifact.fileName !== undefined && (
        <Button className="quiet" icon="download" disabled={busy} onClick={() => void run(() => download(fileOf(artifact), artifact.fileName ?? 'file'))}>
          Download
        </Button>
      )}{' '}
      {artifact.taskRunId !== undefined && <Link href={`/task-runs/${artifact.taskRunId}`}>its task run</Link>} <Ago at={artifact.createdAt} />
    </span>
  );
}

function Content({ artifact }: { artifact: ArtifactRow }): ReactNode {
  const data = artifact.data;
  if (artifact.type === 'table' && Array.isArray(data)) return <JsonTable rows={data} label={artifact.title ?? artifact.key} />;
  if (artifact.type === 'markdown' && typeof data === 'string') return <Markdown text={data} />;
  if (artifact.type === 'progress' && typeof data === 'number') return <Progress fraction={data} label={artifact.title ?? artifact.key} />;
  if (artifact.type === 'link' && typeof data === 'string') return <SafeLink address={data} />;
  return data === undefined ? null : <LongText>{JSON.stringify(data, undefined, 2)}</LongText>;
}

/** Only addresses of the web become links: no other scheme is followed by a click. */
export function SafeLink({ address, children }: { address: string; children?: ReactNode }) {
  return /^https?:\/\//i.test(address) ? (
    <a href={address} rel="noreferrer noopener" target="_blank">
      {children ?? visible(address.slice(0, 300))}
    </a>
  ) : (
    <code>{visible(address.slice(0, 300))}</code>
  );
}

export const rowsOf = (data: Json | undefined): Record<string, Json>[] =>
  Array.isArray(data) ? data.filter((row): row is Record<string, Json> => typeof row === 'object' && row !== null && !Array.isArray(row)) : [];
