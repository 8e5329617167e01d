import { useState } from 'react';
import type { Json } from '../api/types';
import { visible } from './Text';

const page = 100;

/** Rows of objects as a table, sorted by a click on a column. */
export function JsonTable({ rows, label }: { rows: Json[]; label: string }) {
  const [sort, setSort] = useState<{ column: string; down: boolean }>();
  const [shown, setShown] = useState(page);
  const objects = rows.map((row) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row }));
  const columns = [...new Set(objects.slice(0, 1000).flatMap((row) => Object.keys(row)))].slice(0, 40);
  const sorted = sort === undefined ? objects : [...objects].sort((a, b) => compare(a[sort.column], b[sort.column]) * (sort.down ? -1 : 1));
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label.slice(0, 100)}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} aria-sort={sort?.column === column ? (sort.down ? 'descending' : 'ascending') : 'none'}>
                <button type="button" className="quiet" onClick={() => setSort({ column, down: sort?.column === column && !sort.down })}>
                  {visible(column.slice(0, 60))}
                  {sort?.column === column ? (sort.down ? ' ↓' : ' ↑') : ''}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column} className={typeof row[column] === 'number' ? 'number-cell' : ''}>
                  <bdi>{cell(row[column])}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > shown && (
        <button type="button" onClick={() => setShown((n) => n + page * 5)}>
          Show more of {sorted.length} rows
        </button>
      )}
    </div>
  );
}

function cell(value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return visible(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return cell(a).localeCompare(cell(b));
}
