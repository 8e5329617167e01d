import { useState } from 'react';
import { Link } from 'wouter';
import { useDeployments } from '../api/queries';
import { Answered, Empty, PageHead, Tags } from '../parts/Basics';
import { Icon } from '../parts/Icon';
import { StateBadge } from '../parts/State';
import { Text } from '../parts/Text';
import { plural } from '../time/format';

export function DeploymentsPage() {
  const [text, setText] = useState('');
  const deployments = useDeployments({ limit: 200, text });
  return (
    <>
      <PageHead title="Deployments" />
      <div className="filter-line">
        <label className="search">
          <Icon name="search" />
          <span className="hidden">Name</span>
          <input type="search" placeholder="Name of the flow or the deployment" value={text} onChange={(e) => setText(e.target.value)} />
        </label>
      </div>
      <Answered query={deployments}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty command={text === '' ? 'holoflow deployment build path/to/Program.dll --name NAME --apply' : 'holoflow deployment ls'}>{text === '' ? 'There is no deployment yet. Make one with' : 'No deployment has this in its name. List them with'}</Empty>
          ) : (
            <ul className="cards">
              {page.items.map((deployment) => {
                const address = `/deployments/${encodeURIComponent(deployment.flowName)}/${encodeURIComponent(deployment.name)}`;
                return (
                  <li key={deployment.id} className="card">
                    <div className="card-head">
                      <h2>
                        <Link href={address}>
                          <Text limit={80}>{`${deployment.flowName}/${deployment.name}`}</Text>
                        </Link>
                      </h2>
                      <Link className="button" href={`${address}/run`}>
                        <Icon name="play" size={14} /> Run
                      </Link>
                    </div>
                    {deployment.description !== undefined && (
                      <p>
                        <Text limit={240}>{deployment.description}</Text>
                      </p>
                    )}
                    <p className="dim line">
                      <span>
                        queue <Text>{deployment.queue}</Text>
                      </span>
                      <span>{deployment.schedules === 0 ? 'no schedule' : plural(deployment.schedules, 'schedule')}</span>
                      {deployment.schedulesPaused && <StateBadge type="Paused" />}
                      <Tags tags={deployment.tags} />
                    </p>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Answered>
    </>
  );
}
