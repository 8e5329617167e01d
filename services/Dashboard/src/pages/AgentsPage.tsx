import { Link } from 'wouter';
import { useAgents } from '../api/queries';
import type { AgentRow } from '../api/types';
import { Answered, Card, Empty, Facts, PageHead, Tags } from '../parts/Basics';
import { Text } from '../parts/Text';
import { Ago } from '../parts/Time';
import { plural } from '../time/format';

export function AgentsPage() {
  const agents = useAgents();
  return (
    <>
      <PageHead title="Agents" under={agents.data === undefined ? undefined : `${agents.data.filter((agent) => agent.online).length} on line`} />
      <Answered query={agents}>
        {(all) =>
          all.length === 0 ? (
            <Empty command="holoflow agent start -q default">No agent has been here yet. On each machine that is to run flows, type</Empty>
          ) : (
            <ul className="cards">
              {all.map((agent) => (
                <Agent key={agent.id} agent={agent} />
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  );
}

const mostDrawn = 64;

function Agent({ agent }: { agent: AgentRow }) {
  const used = Math.max(0, agent.slots - agent.freeSlots);
  return (
    <li>
      <Card
        title={
          <>
            <span className={agent.online ? 'lamp on' : 'lamp'} role="img" aria-label={agent.online ? 'online' : 'offline'} /> <Text limit={60}>{agent.name}</Text>
          </>
        }
        aside={<span className="dim">{agent.online ? 'on line' : <>heard of <Ago at={agent.lastSeenAt} /></>}</span>}
      >
        <div className="slots" role="img" aria-label={`${used} of ${plural(agent.slots, 'slot')} in use`}>
          {Array.from({ length: Math.min(agent.slots, mostDrawn) }, (_, i) => (
            <span key={i} className={i < used ? 'slot used' : 'slot'} />
          ))}
        </div>
        <p className="dim">
          {used} of {plural(agent.slots, 'slot')} in use, {plural(agent.runs, 'run')} held
        </p>
        <Facts
          facts={[
            ['Host', <Text key="h">{agent.host}</Text>],
            [
              'Queues',
              <span key="q" className="line">
                {agent.queues.slice(0, 10).map((queue) => (
                  <Link key={queue} href={`/runs?queue=${encodeURIComponent(queue)}`}>
                    <Text limit={60}>{queue}</Text>
                  </Link>
                ))}
              </span>,
            ],
            agent.tags.length > 0 && ['Asks for tags', <Tags key="t" tags={agent.tags} />],
            agent.version !== undefined && ['Version', agent.version],
          ]}
        />
      </Card>
    </li>
  );
}
