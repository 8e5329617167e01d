import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useSearch } from 'wouter/use-browser-location';
import { useArtifacts, useArtifactsOverRuns, useRun, useRunsWithParameter } from '../api/queries';
import type { ArtifactOfRun, Json } from '../api/types';
import { Answered, Card, Empty, Failure, Loading, PageHead } from '../parts/Basics';
import { JsonTable } from '../parts/JsonTable';
import { Picture, PictureDialog } from '../parts/Picture';
import { StateBadge } from '../parts/State';
import { Text, visible } from '../parts/Text';
import { Ago, Time } from '../parts/Time';
import { TrendChart, type Series } from '../parts/TrendChart';
import { plural } from '../time/format';
import { fileOf, rowsOf } from './run/Artifacts';
import { Markdown } from './run/Markdown';

const most = 100;

/** What the quality checks are called, in the words of who looks at beams. */
const trends = [
  { check: 'half-power width against 1.09 lambda/D, worst', title: 'FWHM: departure from 1.09 λ/D, worst beam' },
  { check: 'squint of X against Y, worst', title: 'Squint of X against Y, worst beam' },
  { check: 'antenna pointing off the array\'s, rms', title: 'Antenna pointing off the array’s, rms' },
  { check: 'mean beam off its nominal position, worst', title: 'Mean beam off its nominal position, worst' },
];

const stateOf: Record<string, string> = { pass: 'Completed', warn: 'Late', fail: 'Failed' };

export default function HolographyPage() {
  const reports = useArtifactsOverRuns(['qa'], most);
  return (
    <>
      <PageHead title="Holography" under="Quality over runs, and the pictures of each scheduling block" />
      <Answered query={reports}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty command="holoflow demo">No run has reported its quality yet. A small observation is simulated and reduced by</Empty>
          ) : (
            <>
              <Trends reports={page.items} />
              <Block reports={page.items} />
            </>
          )
        }
      </Answered>
    </>
  );
}

function Trends({ reports }: { reports: ArtifactOfRun[] }) {
  const all = useMemo(
    () =>
      trends.map(({ check, title }): { title: string; unit: string; series: Series } => {
        const found = reports
          .map((report) => ({ at: Date.parse(report.artifact.createdAt), row: rowsOf(report.artifact.data).find((row) => row['name'] === check) }))
          .filter((one) => typeof one.row?.['value'] === 'number')
          .sort((a, b) => a.at - b.at);
        const newest = found.at(-1)?.row;
        const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
        return {
          title,
          unit: typeof newest?.['unit'] === 'string' ? newest['unit'] : '',
          series: { name: title, points: found.map(({ at, row }) => ({ at, value: row?.['value'] as number })), warn: number(newest?.['warnAbove']), fail: number(newest?.['failAbove']) },
        };
      }),
    [reports],
  );
  return (
    <div className="trends">
      {all
        .filter((trend) => trend.series.points.length > 0)
        .map((trend) => (
          <Card key={trend.title} title={trend.title} aside={<span className="dim">{trend.unit}</span>}>
            <TrendChart series={trend.series} unit={trend.unit} />
          </Card>
        ))}
    </div>
  );
}

/** A scheduling block: its pictures and checks, of the newest run that reduced it or of one that is chosen. */
function Block({ reports }: { reports: ArtifactOfRun[] }) {
  const search = new URLSearchParams(useSearch());
  const [, go] = useLocation();
  const asked = search.get('sbid') ?? '';
  const ofAsked = useRunsWithParameter('sbid', asked);
  const runsOfBlock = new Set(ofAsked.data?.items.map((run) => run.id));
  const candidates = asked === '' ? reports : reports.filter((report) => runsOfBlock.has(report.artifact.flowRunId));
  const chosen = candidates.find((report) => report.artifact.flowRunId === search.get('run')) ?? candidates[0];
  const run = useRun(chosen?.artifact.flowRunId ?? '', chosen !== undefined);
  const sbid = chosen === undefined || run.data?.id !== chosen.artifact.flowRunId ? '' : blockOf(run.data.parameters);
  const address = (block: string, id?: string): string => `/holography?${new URLSearchParams({ ...(block === '' ? {} : { sbid: block }), ...(id === undefined ? {} : { run: id }) }).toString()}`;

  return (
    <Card
      title={asked !== '' ? `Scheduling block ${visible(asked.slice(0, 40))}` : sbid !== '' ? `Scheduling block ${sbid}` : 'One run'}
      aside={
        <span className="line">
          <BlockChoice key={asked} asked={asked} onChoose={(block) => go(address(block))} />
          {candidates.length > 0 && (
            <label className="line">
              <span className="hidden">Run</span>
              <select value={chosen?.artifact.flowRunId} onChange={(e) => go(address(asked, e.target.value), { replace: true })}>
                {candidates.map((report) => (
                  <option key={report.artifact.id} value={report.artifact.flowRunId}>
                    {report.artifact.createdAt.slice(0, 16).replace('T', ' ')} {visible(report.runName.slice(0, 60))}
                  </option>
                ))}
              </select>
            </label>
          )}
        </span>
      }
    >
      {ofAsked.error !== null && <Failure error={ofAsked.error} />}
      {chosen === undefined && asked !== '' && ofAsked.data === undefined && ofAsked.error === null && <Loading />}
      {chosen === undefined && ofAsked.data !== undefined && <Empty command={`holoflow flow-run ls --parameter sbid=${/^\d+$/.test(asked) ? asked : 'NUMBER'}`}>No run of this scheduling block has reported its quality. Its runs are listed by</Empty>}
      {chosen !== undefined && (
        <>
          <p className="line">
            <Status report={chosen} />
            <Link href={`/runs/${chosen.artifact.flowRunId}`}>
              <Text>{chosen.runName}</Text>
            </Link>
            <span className="dim">
              <Text>{chosen.flowName}</Text> · <Time at={chosen.artifact.createdAt} /> · <Ago at={chosen.artifact.createdAt} />
            </span>
            {asked === '' && sbid !== '' && <Link href={address(sbid)}>All its runs</Link>}
          </p>
          <Gallery key={chosen.artifact.flowRunId} runId={chosen.artifact.flowRunId} />
          <JsonTable rows={rowsOf(chosen.artifact.data)} label="Checks" />
        </>
      )}
    </Card>
  );
}

/** The number that the observatory gave what was observed. */
function blockOf(parameters: Json): string {
  const sbid = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters) ? parameters['sbid'] : undefined;
  return typeof sbid === 'number' && Number.isSafeInteger(sbid) ? String(sbid) : '';
}

function BlockChoice({ asked, onChoose }: { asked: string; onChoose: (block: string) => void }) {
  const [text, setText] = useState(asked);
  return (
    <form
      className="inline-form"
      onSubmit={(e) => {
        e.preventDefault();
        onChoose(text.trim());
      }}
    >
      <label className="line">
        Scheduling block
        <input type="search" inputMode="numeric" className="block-number" placeholder="the newest" value={text} maxLength={20} onChange={(e) => setText(e.target.value)} />
      </label>
    </form>
  );
}

function Status({ report }: { report: ArtifactOfRun }) {
  const statuses = rowsOf(report.artifact.data).map((row) => String(row['status']));
  const worst = statuses.includes('fail') ? 'fail' : statuses.includes('warn') ? 'warn' : 'pass';
  const passed = statuses.filter((status) => status === 'pass').length;
  return (
    <>
      <StateBadge type={stateOf[worst] ?? 'Pending'} name={{ pass: 'Pass', warn: 'Warn', fail: 'Fail' }[worst]} />
      <span className="dim">
        {passed} of {plural(statuses.length, 'check')} pass
      </span>
    </>
  );
}

function Gallery({ runId }: { runId: string }) {
  const artifacts = useArtifacts(runId);
  const [open, setOpen] = useState<number>();
  return (
    <Answered query={artifacts}>
      {(all) => {
        const images = all.filter((artifact) => artifact.type === 'image');
        const summary = all.find((artifact) => artifact.key === 'qa-summary' && typeof artifact.data === 'string');
        return (
          <>
            {typeof summary?.data === 'string' && <Markdown text={summary.data} />}
            <div className="gallery">
              {images.map((artifact, i) => (
                <figure key={artifact.id}>
                  <Picture path={fileOf(artifact)} title={artifact.title ?? artifact.key} onOpen={() => setOpen(i)} />
                  <figcaption>
                    <Text>{artifact.title ?? artifact.key}</Text>
                  </figcaption>
                </figure>
              ))}
            </div>
            {open !== undefined && <PictureDialog pictures={images.map((artifact) => ({ path: fileOf(artifact), title: artifact.title ?? artifact.key }))} at={open} onMove={setOpen} onClose={() => setOpen(undefined)} />}
          </>
        );
      }}
    </Answered>
  );
}
