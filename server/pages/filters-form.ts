import { parsePastedList, type ListKind, type PastedList } from '../../scope/pasted-list.ts';
import {
  contentTypes,
  listFilters,
  timeFilters,
  toggles,
  type FilterValues,
} from '../../web/screens/connection/filters/fields.ts';
import type { Settings } from '../settings.ts';
import { isZone } from '../zoned-time.ts';
import { timeFilterFrom, timeValues } from './time-filter.ts';

type Filters = NonNullable<Settings['filters']>;
type Indexing = NonNullable<Settings['indexing']>;
type Scope = NonNullable<Settings['scope']>;

/** Faults of a pasted list that are told one by one. */
const mostTold = 10;

/** What is stored, as the form shows it. Lists stand one value a line. */
export function filterValues({ filters = {}, scope = {}, indexing = {}, sync }: Settings): FilterValues {
  const zone = filters.modified?.timezone ?? filters.created?.timezone ?? sync?.timezone ?? 'UTC';
  const types = filters.contentTypes;
  const lists = listFilters.map((name) => [
    [name, (filters[name]?.values ?? []).join('\n')],
    [`${name}Operator`, filters[name]?.operator ?? 'in'],
  ]);
  const boxes = contentTypes.map((type) => [
    `contentTypes-${type}`,
    types === undefined || types.values.includes(type) ? 'on' : '',
  ]);
  return {
    filtersShown: '1',
    scopeBy: scope.by ?? 'filters',
    pageLabel: scope.pageLabel ?? '',
    treeLabel: scope.treeLabel ?? '',
    ...Object.fromEntries(lists.flat()),
    contentTypesOperator: types?.operator ?? 'in',
    ...Object.fromEntries(boxes),
    filterZone: zone,
    ...timeValues('modified', filters.modified, zone),
    ...timeValues('created', filters.created, zone),
    ...Object.fromEntries(toggles.map((name) => [`indexing-${name}`, indexing[name] === false ? '' : 'on'])),
    indexingMode: indexing.mode ?? 'automatic',
    spaceSearch: '',
    authorSearch: '',
    confirmed: '',
  } as FilterValues;
}

/** The parts of the settings that the form holds, as it says them; `filters` and `indexing` are undefined where nothing is set. */
export interface FiltersRead {
  filters: Filters | undefined;
  scope: Scope;
  indexing: Indexing | undefined;
}

/** @param faults is given words for each field that cannot be understood */
export function filtersFrom(
  values: FilterValues,
  { settings: stored, siteUrl }: { settings: Settings; siteUrl: string },
  faults: Record<string, string>,
): FiltersRead {
  if (values.filtersShown !== '1') {
    const { archivedSpaces: _archived, personalSpaces: _personal, ...scope } = stored.scope ?? {};
    return { filters: stored.filters, scope, indexing: stored.indexing };
  }
  if (values.filterZone !== '' && !isZone(values.filterZone)) {
    faults['filterZone'] = 'A time zone by its IANA name, for example Europe/Zurich.';
  }
  const filters: Record<string, unknown> = {};
  for (const name of listFilters) {
    const list = parsePastedList(name, values[name], new URL(siteUrl).host);
    if (list.faults.length > 0) faults[name] = notUnderstood(list);
    const operator = operatorOf(values[`${name}Operator`]);
    if (list.values.length > 0) filters[name] = { operator, values: list.values };
  }
  const types = typesFrom(values, faults);
  if (types !== undefined) filters['contentTypes'] = types;
  for (const name of timeFilters) {
    const filter = timeFilterFrom(name, values, stored.filters?.[name], faults);
    if (filter !== undefined) filters[name] = filter;
  }
  return {
    filters: Object.keys(filters).length === 0 ? undefined : (filters as Filters),
    scope: scopeFrom(values),
    indexing: indexingFrom(values, stored.indexing),
  };
}

/** The values of each list as the form has them; what is not understood is left out. */
export function listsIn(values: FilterValues, siteUrl: string): Record<ListKind, string[]> {
  const host = new URL(siteUrl).host;
  return Object.fromEntries(
    listFilters.map((name) => [name, parsePastedList(name, values[name], host).values]),
  ) as Record<ListKind, string[]>;
}

const operatorOf = (text: string): 'in' | 'not_in' => (text === 'not_in' ? 'not_in' : 'in');

function notUnderstood({ faults }: PastedList): string {
  const told = faults.slice(0, mostTold).map(({ value, why }) => `“${shortened(value)}”: ${why}`);
  const more = faults.length - told.length;
  return `Not understood: ${told.join(' ')}${more > 0 ? ` And ${more.toLocaleString('en')} more.` : ''}`;
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function typesFrom(values: FilterValues, faults: Record<string, string>): Filters['contentTypes'] {
  const on = contentTypes.filter((type) => values[`contentTypes-${type}`] === 'on');
  const operator = operatorOf(values.contentTypesOperator);
  if (operator === 'in') {
    if (on.length === 0) faults['contentTypes'] = 'Choose at least one type, or all of them for no filter.';
    return on.length === contentTypes.length || on.length === 0 ? undefined : { operator, values: on };
  }
  if (on.length === contentTypes.length)
    faults['contentTypes'] = 'This would leave out everything: choose fewer.';
  return on.length === 0 || on.length === contentTypes.length ? undefined : { operator, values: on };
}

function scopeFrom(values: FilterValues): Scope {
  const { pageLabel, treeLabel } = values;
  return {
    ...(values.scopeBy === 'labels' ? { by: 'labels' as const } : {}),
    ...(pageLabel === '' ? {} : { pageLabel }),
    ...(treeLabel === '' ? {} : { treeLabel }),
  };
}

/** What was never set stays unset while it is as usual. */
function indexingFrom(values: FilterValues, stored: Indexing | undefined): Indexing | undefined {
  const indexing: Indexing = {};
  for (const name of toggles) {
    const on = values[`indexing-${name}`] === 'on';
    if (!on || stored?.[name] !== undefined) indexing[name] = on;
  }
  const mode = values.indexingMode === 'manual' ? 'manual' : 'automatic';
  if (mode === 'manual' || stored?.mode !== undefined) indexing.mode = mode;
  return Object.keys(indexing).length === 0 ? undefined : indexing;
}
