/** The filters of the list of runs: they live in the address, so that a link shows what its sender saw. */
export type Filters = {
  state: string[];
  flow: string[];
  deployment: string[];
  queue: string[];
  tag: string[];
  parameter: string[];
  text: string;
  since: string;
  until: string;
  parent: string;
  sort: string;
};

const many = ['state', 'flow', 'deployment', 'queue', 'tag', 'parameter'] as const;
const single = ['text', 'since', 'until', 'parent', 'sort'] as const;

export const noFilters: Filters = { state: [], flow: [], deployment: [], queue: [], tag: [], parameter: [], text: '', since: '', until: '', parent: '', sort: '' };

export function read(search: string): Filters {
  const query = new URLSearchParams(search);
  const filters = { ...noFilters };
  for (const name of many) filters[name] = query.getAll(name).filter((value) => value !== '');
  for (const name of single) filters[name] = query.get(name) ?? '';
  return filters;
}

export function write(filters: Filters): string {
  const query = new URLSearchParams();
  for (const name of many) for (const value of filters[name]) query.append(name, value);
  for (const name of single) if (filters[name] !== '') query.set(name, filters[name]);
  return query.toString();
}

export function isEmpty(filters: Filters): boolean {
  return write({ ...filters, sort: '' }) === '';
}

export type SavedFilter = { name: string; search: string };

export function saved(text: string | null): SavedFilter[] {
  try {
    const all = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(all) ? all.filter((one): one is SavedFilter => typeof (one as SavedFilter)?.name === 'string' && typeof (one as SavedFilter)?.search === 'string') : [];
  } catch {
    return [];
  }
}
