/** The state of the search page that its URL holds: a link reproduces the view. */
export interface SearchState {
  q: string;
  connection: string[];
  space: string[];
  type: string[];
  label: string[];
  author: string[];
  /** Names of audiences. */
  audience: string[];
  /** `YYYY-MM-DD`, or empty. */
  modifiedAfter: string;
}

export const listFilters = ['connection', 'space', 'type', 'label', 'author', 'audience'] as const;
export type ListFilter = (typeof listFilters)[number];

/** The URL of a view, with the cursor of one of its pages where given. Parameters are those of GET /api/v1/search. */
export function searchUrl(state: SearchState, extra: Record<string, string> = {}): string {
  const parameters = new URLSearchParams();
  if (state.q !== '') parameters.set('q', state.q);
  for (const name of listFilters) for (const value of state[name]) parameters.append(name, value);
  if (state.modifiedAfter !== '') parameters.set('modifiedAfter', state.modifiedAfter);
  for (const [name, value] of Object.entries(extra)) parameters.set(name, value);
  const query = parameters.toString();
  return query === '' ? '/' : `/?${query}`;
}

/** The same view with one value of a filter added, or removed when it was there. */
export function toggled(state: SearchState, filter: ListFilter, value: string): SearchState {
  const values = state[filter];
  const without = values.filter((other) => other !== value);
  return { ...state, [filter]: without.length === values.length ? [...values, value] : without };
}

/** The same words without any filter. */
export function unfiltered(state: SearchState): SearchState {
  return {
    q: state.q,
    connection: [],
    space: [],
    type: [],
    label: [],
    author: [],
    audience: [],
    modifiedAfter: '',
  };
}

export function isFiltered(state: SearchState): boolean {
  return state.modifiedAfter !== '' || listFilters.some((name) => state[name].length > 0);
}

/** Presets of "modified after", as dates counted back from `now` in UTC. */
export function modifiedPresets(now: Date): { value: string; label: string }[] {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
  return [
    { value: before(7), label: 'Past week' },
    { value: before(30), label: 'Past month' },
    { value: before(365), label: 'Past year' },
  ];
}
