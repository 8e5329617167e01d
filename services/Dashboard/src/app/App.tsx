import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Route, Switch } from 'wouter';
import { ApiError } from '../api/client';
import { keepUpToDate } from '../api/live';
import { isAsked, subscribe } from '../api/token';
import { Empty, Loading, PageHead } from '../parts/Basics';
import { DeedProvider } from '../parts/Deed';
import { ZoneContext } from '../time/clock';
import { AgentsPage } from '../pages/AgentsPage';
import { DeploymentPage } from '../pages/DeploymentPage';
import { DeploymentsPage } from '../pages/DeploymentsPage';
import { OverviewPage } from '../pages/OverviewPage';
import { QueuesPage } from '../pages/QueuesPage';
import { RunsPage } from '../pages/RunsPage';
import { SchedulesPage } from '../pages/SchedulesPage';
import { SignInPage } from '../pages/SignInPage';
import { TaskRunPage } from '../pages/TaskRunPage';
import { useRemembered } from './preferences';
import { partsOf } from './address';
import { apart, readAhead } from './ahead';
import { Shell } from './Shell';
import { Boundary } from './Boundary';

// What draws graphs and charts is loaded where it is needed.
const RunPage = apart(() => import('../pages/RunPage'));
const HolographyPage = apart(() => import('../pages/HolographyPage'));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Events tell what is old.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 3 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});

/** What the first page needs before it is drawn; what the others need comes when there is time. */
export async function begin(path: string): Promise<void> {
  readAhead(client, path);
  if (path.startsWith('/runs/')) await RunPage.load();
  else if (path === '/holography') await HolographyPage.load();
  else (globalThis.requestIdleCallback ?? setTimeout)(() => void RunPage.load());
}

export function App() {
  const zone = useRemembered('zone') === 'utc' ? 'utc' : 'local';
  const asked = useSyncExternalStore(subscribe, isAsked);
  const [connected, setConnected] = useState(true);

  useEffect(() => (asked ? undefined : keepUpToDate(client, setConnected)), [asked]);

  if (asked) return <SignInPage onSignedIn={() => client.clear()} />;
  return (
    <QueryClientProvider client={client}>
      <ZoneContext value={zone}>
        <DeedProvider>
          <Shell connected={connected} zone={zone}>
            <Boundary>
              <Suspense fallback={<Loading />}>
                <Switch>
                  <Route path="/" component={OverviewPage} />
                  <Route path="/runs" component={RunsPage} />
                  <Route path="/runs/:id/:tab?">{({ id, tab }) => <RunPage key={id} id={id} tab={tab} />}</Route>
                  <Route path="/task-runs/:id">{({ id }) => <TaskRunPage key={id} id={id} />}</Route>
                  <Route path="/deployments" component={DeploymentsPage} />
                  <Route path="/deployments/:flow/:name/:tab?">{({ tab }) => <DeploymentAt path={location.pathname} tab={tab} />}</Route>
                  <Route path="/queues" component={QueuesPage} />
                  <Route path="/agents" component={AgentsPage} />
                  <Route path="/schedules" component={SchedulesPage} />
                  <Route path="/holography">
                    <HolographyPage />
                  </Route>
                  <Route>
                    <PageHead title="No such page" />
                    <Empty command="holoflow flow-run ls">There is no page at this address. All runs are listed by</Empty>
                  </Route>
                </Switch>
              </Suspense>
            </Boundary>
          </Shell>
        </DeedProvider>
      </ZoneContext>
    </QueryClientProvider>
  );
}

function DeploymentAt({ path, tab }: { path: string; tab: string | undefined }) {
  const [, flow = '', name = ''] = partsOf(path);
  return <DeploymentPage key={`${flow}/${name}`} flow={flow} name={name} tab={tab} />;
}
