import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { Empty } from '../../parts/Basics';
import { StateBadge } from '../../parts/State';
import { Text, visible } from '../../parts/Text';
import { VirtualRows } from '../../parts/VirtualRows';
import { useNow } from '../../time/clock';
import { duration, plural } from '../../time/format';
import type { Tasks } from './tasks';

/** Task runs as rows: those of one task, or all; those in trouble first where that is asked. */
export function TaskTable({ tasks, task, onTask, isLive }: { tasks: Tasks; task: string | undefined; onTask: (task: string | undefined) => void; isLive: boolean }) {
  const now = useNow(isLive);
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  const types = useMemo(() => [...new Set(tasks.bars.map((bar) => bar.state))].sort(), [tasks]);
  const rows = useMemo(
    () =>
      tasks.bars.filter(
        (bar) => (task === undefined || bar.task === task) && (state === '' || bar.state === state) && (text === '' || bar.name.toLowerCase().includes(text.toLowerCase())),
      ),
    [tasks, task, state, text],
  );

  return (
    <div className="task-table">
      <div className="filter-line">
        <select aria-label="Task" value={task ?? ''} onChange={(e) => onTask(e.target.value === '' ? undefined : e.target.value)}>
          <option value="">all tasks</option>
          {tasks.names.map((name) => (
            <option key={name} value={name}>
              {visible(name.slice(0, 80))}
            </option>
          ))}
        </select>
        <select aria-label="State" value={state} onChange={(e) => setState(e.target.value)}>
          <option value="">any state</option>
          {types.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input type="search" aria-label="Name of the task run" placeholder="Name of the task run" value={text} onChange={(e) => setText(e.target.value)} />
        <span className="dim">{plural(rows.length, 'task run')}</span>
      </div>
      {rows.length === 0 ? (
        <Empty>{tasks.bars.length === 0 ? 'This run has no task yet.' : 'No task run fits.'}</Empty>
      ) : (
        <VirtualRows
          className="task-rows"
          label="Task runs"
          rows={rows}
          height={38}
          keyOf={(bar) => bar.id}
          head={
            <div className="rows-head" role="row">
              <span role="columnheader">State</span>
              <span role="columnheader">Task run</span>
              <span role="columnheader">Waited</span>
              <span role="columnheader">Ran</span>
            </div>
          }
          row={(bar) => (
            <>
              <span role="cell">
                <StateBadge type={bar.type} name={bar.state} />
              </span>
              <span role="cell" className="cell-name">
                <Link href={`/task-runs/${bar.id}`}>
                  <Text>{bar.name}</Text>
                </Link>
              </span>
              <span role="cell" className="dim time">
                {duration((bar.started ?? bar.ended ?? now) - bar.created)}
              </span>
              <span role="cell" className="dim time">
                {bar.started === null ? '–' : duration((bar.ended ?? Math.max(now, bar.started)) - bar.started)}
              </span>
            </>
          )}
        />
      )}
    </div>
  );
}
