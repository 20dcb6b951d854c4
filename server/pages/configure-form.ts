import { InvalidInput } from '../../errors.ts';
import type { FieldErrors } from '../../web/components/form.ts';
import { configureFields, type ConfigureValues } from '../../web/screens/connection/configure.ts';
import { days, type Day } from '../../web/screens/connection/schedule.ts';
import { filterFields } from '../../web/screens/connection/filters/fields.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import type { ConnectionView } from '../views.ts';
import { filtersFrom, filterValues } from './filters-form.ts';

const usualInterval = 60;
const usualTime = '02:00';

/** Time zones by name, for the list to choose from. */
export const zones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].sort();

/** The form as it was posted, or as a draft of it was kept; fields that are not there are as stored. */
export function valuesOf(from: Partial<Record<string, string>>, connection: ConnectionView): ConfigureValues {
  const stored = storedValues(connection);
  const ofFilters: ReadonlySet<string> = new Set(from['filtersShown'] === '1' ? [] : filterFields);
  const values = configureFields.map((name) => {
    const given = from[name] ?? '';
    if (ofFilters.has(name)) return [name, stored[name]];
    // Of these, empty says nothing: a form without them leaves them as they are.
    const isChoice = /^(strategy|rhythm|personalSpaces|archivedSpaces)$/.test(name);
    return [name, given === '' && isChoice ? (name === 'rhythm' ? 'interval' : stored[name]) : given];
  });
  return Object.fromEntries(values) as ConfigureValues;
}

/** The form of what is stored. */
export function storedValues({ settings, settingsVersion }: ConnectionView): ConfigureValues {
  const { sync, scope, deletions } = settings;
  const window = sync?.window;
  const boxes = (prefix: 'weekly' | 'window', on: readonly string[]) =>
    Object.fromEntries(days.map((day) => [`${prefix}-${day}`, on.includes(day) ? 'on' : '']));
  const cron = presetOf(sync?.cron);
  return {
    strategy: sync?.strategy ?? 'scheduled',
    rhythm: cron.rhythm,
    intervalMinutes: String(sync?.intervalMinutes ?? usualInterval),
    dailyAt: cron.at,
    weeklyAt: cron.at,
    ...boxes('weekly', cron.days),
    cron: sync?.cron ?? '',
    timezone: sync?.timezone ?? 'UTC',
    windowed: window === undefined ? '' : 'on',
    windowFrom: window?.from ?? '22:00',
    windowTo: window?.to ?? '06:00',
    ...boxes('window', window?.days ?? days),
    requestsPerMinute: sync?.requestsPerMinute?.toString() ?? '',
    askAbovePercent: deletions?.askAbovePercent?.toString() ?? '',
    personalSpaces: scope?.personalSpaces === undefined ? 'usual' : scope.personalSpaces ? 'yes' : 'no',
    archivedSpaces: scope?.archivedSpaces === true ? 'yes' : 'no',
    ...filterValues(settings),
    version: String(settingsVersion),
  } as ConfigureValues;
}

/** Which choice of the form a cron expression came from. */
function presetOf(cron: string | undefined): { rhythm: string; at: string; days: string[] } {
  const none = { at: usualTime, days: ['sun'] };
  if (cron === undefined) return { rhythm: 'interval', ...none };
  const [, minute, hour, weekdays = ''] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[a-z,]+)$/.exec(cron) ?? [];
  if (minute === undefined || hour === undefined) return { rhythm: 'cron', ...none };
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (weekdays === '*') return { rhythm: 'daily', at, days: none.days };
  const named = weekdays.split(',');
  return named.every((day) => (days as string[]).includes(day))
    ? { rhythm: 'weekly', at, days: named }
    : { rhythm: 'cron', ...none };
}

/**
 * What is stored, with what the form says in its place.
 * @throws InvalidInput naming the fields as the form has them
 */
export function settingsFrom(
  values: ConfigureValues,
  connection: Pick<ConnectionView, 'settings' | 'siteUrl'>,
): Settings {
  const { settings: stored } = connection;
  const faults: Record<string, string> = {};
  const sync = syncOf(values, faults);
  const number = (name: 'requestsPerMinute' | 'askAbovePercent') => numberOf(values[name], name, faults);
  const [requestsPerMinute, askAbovePercent] = [number('requestsPerMinute'), number('askAbovePercent')];
  const { deletions: _deletions, filters: _filters, indexing: _indexing, scope: _scope, ...others } = stored;
  const read = filtersFrom(values, connection, faults);
  const settings = {
    ...others,
    sync: { ...sync, ...(requestsPerMinute === null ? {} : { requestsPerMinute }) },
    scope: {
      ...read.scope,
      ...(values.personalSpaces === 'usual' ? {} : { personalSpaces: values.personalSpaces !== 'no' }),
      archivedSpaces: values.archivedSpaces === 'yes',
    },
    ...(read.filters === undefined ? {} : { filters: read.filters }),
    ...(read.indexing === undefined ? {} : { indexing: read.indexing }),
    ...(askAbovePercent === null ? {} : { deletions: { askAbovePercent } }),
  };
  const parsed = settingsSchema.safeParse(settings);
  const found = { ...schemaFaults(parsed.error?.issues ?? [], values), ...faults };
  if (Object.keys(found).length > 0) throw new InvalidInput(found);
  return parsed.data ?? stored;
}

function syncOf(values: ConfigureValues, faults: Record<string, string>): Record<string, unknown> {
  const { strategy, rhythm, timezone } = values;
  if (strategy === 'manual') return { strategy };
  const zone = timezone === '' ? {} : { timezone };
  const window = values.windowed === 'on' ? { window: windowOf(values, faults) } : {};
  const shared = { strategy: 'scheduled', ...zone, ...window };
  const cronAt = (name: 'dailyAt' | 'weeklyAt', weekdays: string) => {
    const [hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)/.exec(values[name])?.slice(1).map(Number) ?? [];
    if (hour === undefined) faults[name] = 'Give a time of day such as 02:00.';
    return { ...shared, cron: `${minute ?? 0} ${hour ?? 0} * * ${weekdays}` };
  };
  if (rhythm === 'daily') return cronAt('dailyAt', '*');
  if (rhythm === 'weekly') return cronAt('weeklyAt', chosen('weekly', values, faults).join(',') || '*');
  if (rhythm === 'cron') return { ...shared, cron: values.cron };
  return { ...shared, intervalMinutes: intervalOf(values.intervalMinutes, faults) };
}

function windowOf(values: ConfigureValues, faults: Record<string, string>) {
  const on = chosen('window', values, faults);
  const every = on.length === days.length || on.length === 0;
  return {
    from: values.windowFrom.slice(0, 5),
    to: values.windowTo.slice(0, 5),
    ...(every ? {} : { days: on }),
  };
}

function chosen(prefix: 'weekly' | 'window', values: ConfigureValues, faults: Record<string, string>): Day[] {
  const on = days.filter((day) => values[`${prefix}-${day}`] === 'on');
  if (on.length === 0) faults[`${prefix}-days`] = 'Choose at least one day.';
  return on;
}

function intervalOf(text: string, faults: Record<string, string>): number {
  const minutes = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (minutes >= 5 && minutes <= 10_080) return minutes;
  faults['intervalMinutes'] = Number.isNaN(minutes)
    ? 'Give the interval as a whole number of minutes, 5 to 10,080.'
    : 'The interval is 5 to 10,080 minutes (a week).';
  return usualInterval;
}

/** Null for an empty field. */
function numberOf(text: string, name: string, faults: Record<string, string>): number | null {
  if (text === '') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  faults[name] = 'Give a whole number, or leave it empty.';
  return null;
}

/** What the settings' own rules say, at the fields that somebody sees. */
function schemaFaults(
  issues: readonly { path: PropertyKey[]; message: string }[],
  { rhythm }: ConfigureValues,
): FieldErrors {
  const places: Record<string, string> = {
    'sync.cron': rhythm === 'daily' ? 'dailyAt' : rhythm === 'weekly' ? 'weeklyAt' : 'cron',
    'sync.window.from': 'windowFrom',
    'sync.window.to': 'windowTo',
    'deletions.askAbovePercent': 'askAbovePercent',
  };
  return Object.fromEntries(
    issues.map(({ path, message }) => {
      const place = path.join('.');
      return [places[place] ?? filterField(place) ?? place.replace(/^sync\./, ''), message];
    }),
  );
}

/** `filters.spaceKeys.values.3` is told at `spaceKeys`, `filters.created.to` at `createdTo`. */
function filterField(place: string): string | undefined {
  const [, scope] = /^scope\.(\w+)$/.exec(place) ?? [];
  if (scope !== undefined) return scope;
  const [, name, edge] = /^filters\.(\w+)(?:\.(from|to)$)?/.exec(place) ?? [];
  if (name === undefined || edge === undefined) return name;
  return `${name}${edge === 'from' ? 'From' : 'To'}`;
}
