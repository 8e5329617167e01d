import { useLocation } from 'wouter';
import { remove } from '../api/client';
import { useDeployment, useRuns } from '../api/queries';
import type { DeploymentDetail } from '../api/types';
import { Answered, Button, Card, Empty, Facts, PageHead, Tags } from '../parts/Basics';
import { useAsk, useDeed } from '../parts/Deed';
import { Tabs } from '../parts/Tabs';
import { LongText, Text, visible } from '../parts/Text';
import { Time } from '../parts/Time';
import { RunForm } from './deployment/RunForm';
import { ScheduleEditor } from './deployment/ScheduleEditor';
import { RunLines } from './runs/RunLines';

export function DeploymentPage({ flow, name, tab = 'run' }: { flow: string; name: string; tab?: string | undefined }) {
  const deployment = useDeployment(flow, name);
  const base = `/deployments/${encodeURIComponent(flow)}/${encodeURIComponent(name)}`;
  return (
    <Answered query={deployment}>
      {(data) => (
        <>
          <PageHead title={<Text limit={100}>{`${data.flowName}/${data.name}`}</Text>} under={data.description === undefined ? undefined : <Text>{data.description}</Text>}>
            <DeleteButton deployment={data} />
          </PageHead>
          <Tabs
            label="Parts of this deployment"
            current={tab}
            tabs={[
              { id: 'run', name: 'Run now', href: `${base}/run` },
              { id: 'runs', name: 'Runs', href: `${base}/runs` },
              { id: 'schedules', name: 'Schedules', href: `${base}/schedules`, count: data.scheduleList.length },
              { id: 'details', name: 'Details', href: `${base}/details` },
            ]}
          />
          {tab === 'run' && <RunForm deployment={data} />}
          {tab === 'runs' && <Runs id={data.id} />}
          {tab === 'schedules' && <ScheduleEditor key={data.revision} deployment={data} />}
          {tab === 'details' && <Details deployment={data} />}
        </>
      )}
    </Answered>
  );
}

function Runs({ id }: { id: string }) {
  const runs = useRuns({ deployment: id });
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return runs.data !== undefined && rows.length === 0 ? <Empty command="holoflow deployment run FLOW/NAME">This deployment has no run yet. Start one here, or type</Empty> : <RunLines runs={rows} />;
}

function DeleteButton({ deployment }: { deployment: DeploymentDetail }) {
  const ask = useAsk();
  const [, go] = useLocation();
  const { busy, run } = useDeed();
  const onClick = async (): Promise<void> => {
    const yes = await ask({ title: 'Remove this deployment?', text: <p>Its schedules go with it; its runs stay.</p>, verb: 'Remove', danger: true });
    if (yes && (await run(() => remove(`/api/deployments/${deployment.id}`), 'The deployment is removed'))) go('/deployments');
  };
  return (
    <Button icon="trash" className="danger" disabled={busy} onClick={() => void onClick()}>
      Remove
    </Button>
  );
}

function Details({ deployment }: { deployment: DeploymentDetail }) {
  return (
    <div className="columns">
      <Card title="About this deployment">
        <Facts
          facts={[
            ['Program', <code key="p">{visible(deployment.program.path.slice(0, 400))}</code>],
            deployment.program.method !== undefined && ['Method', <code key="m">{visible(deployment.program.method)}</code>],
            ['Work queue', <Text key="q">{deployment.queue}</Text>],
            ['Priority', String(deployment.priority)],
            ['Infrastructure', deployment.infrastructure],
            ['Tags', <Tags key="t" tags={deployment.tags} />],
            ['Retries', String(deployment.program.retries)],
            ['Created', <Time key="c" at={deployment.createdAt} />],
            ['Changed', <Time key="u" at={deployment.updatedAt} />],
            ['Id', <code key="i">{deployment.id}</code>],
          ]}
        />
      </Card>
      <Card title="Parameters it sets">
        <LongText>{JSON.stringify(deployment.parameters, undefined, 2)}</LongText>
      </Card>
    </div>
  );
}
