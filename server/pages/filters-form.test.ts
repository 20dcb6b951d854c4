import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../errors.ts';
import { changesScope } from '../../scope/changes.ts';
import { connection } from '../../test/browser/samples.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import { settingsFrom, storedValues, valuesOf } from './configure-form.ts';

const view = (settings: Settings) => ({ ...connection, settings });
type Change = Partial<Record<string, string>>;

function saved(change: Change, before: Settings = {}): Settings {
  return settingsFrom({ ...storedValues(view(before)), ...change }, view(before));
}

function faults(change: Change, before: Settings = {}): Record<string, string> {
  try {
    saved(change, before);
    return {};
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
}

test('lists are stored as they were meant, however they were pasted', () => {
  const { filters } = saved({
    spaceKeys: 'DOCS, docs\nDOCS',
    spaceKeysOperator: 'not_in',
    pageIds: `• ${connection.siteUrl}/wiki/spaces/HR/pages/98/Leave`,
    labels: '#Policy',
  });
  expect(filters).toEqual({
    spaceKeys: { operator: 'not_in', values: ['DOCS', 'docs'] },
    pageIds: { operator: 'in', values: ['98'] },
    labels: { operator: 'in', values: ['policy'] },
  });
});

test('an emptied list is no filter any more', () => {
  const before: Settings = { filters: { labels: { operator: 'in', values: ['a'] } } };
  expect(saved({ labels: ' \n ' }, before)).not.toHaveProperty('filters');
});

test.each<[string, Change, string[]]>([
  ['what is not understood', { pageIds: '12 Travel https://x.example/1' }, ['pageIds']],
  [
    'no type',
    Object.fromEntries(
      Object.keys(storedValues(view({})))
        .filter((n) => n.startsWith('contentTypes-'))
        .map((n) => [n, '']),
    ),
    ['contentTypes'],
  ],
  ['no type left', { contentTypesOperator: 'not_in' }, ['contentTypes']],
  ['no day', { modifiedOperator: 'is_after' }, ['modifiedFrom']],
  ['only one day', { createdOperator: 'is_between', createdFrom: '2026-01-31' }, ['createdTo']],
  ['a day that is none', { createdOperator: 'is_before', createdTo: '2026-02-30' }, ['createdTo']],
  [
    'a time that is none',
    { createdOperator: 'is_before', createdTo: '2026-02-03', createdToTime: '25:00' },
    ['createdToTime'],
  ],
  [
    'an end before the beginning',
    { createdOperator: 'is_between', createdFrom: '2026-02-03', createdTo: '2026-02-02' },
    ['createdTo'],
  ],
  [
    'no zone',
    { filterZone: 'Mars/Base', createdOperator: 'is_before', createdTo: '2026-02-03' },
    ['filterZone'],
  ],
  ['the same label twice', { scopeBy: 'labels', pageLabel: 'x', treeLabel: 'x' }, ['treeLabel']],
  ['a label that is none', { scopeBy: 'labels', pageLabel: 'a b' }, ['pageLabel']],
])('%s is told at its field', (_what, change, fields) => {
  expect(Object.keys(faults(change)).sort()).toEqual(fields);
});

test.each<[string, Change, object]>([
  [
    'After leaves the day out',
    { modifiedOperator: 'is_after', modifiedFrom: '2026-01-31' },
    { operator: 'is_after', from: '2026-01-31T22:59:59.999Z' },
  ],
  [
    'Before leaves the day out',
    { modifiedOperator: 'is_before', modifiedTo: '2026-01-31' },
    { operator: 'is_before', to: '2026-01-30T23:00:00.000Z' },
  ],
  [
    'Between takes both days in',
    { modifiedOperator: 'is_between', modifiedFrom: '2026-10-25', modifiedTo: '2026-10-25' },
    { operator: 'is_between', from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T22:59:59.999Z' },
  ],
  [
    'a time of day counts',
    { modifiedOperator: 'is_after', modifiedFrom: '2026-07-31', modifiedFromTime: '09:30' },
    { operator: 'is_after', from: '2026-07-31T07:30:00.000Z' },
  ],
])('%s, by the clock of the zone', (_what, change, expected) => {
  const { filters } = saved({ filterZone: 'Europe/Zurich', ...change });
  expect(filters?.modified).toEqual({ ...expected, timezone: 'Europe/Zurich' });
});

test('another zone moves the days with it, and the zone of the schedule is the first that is offered', () => {
  const before = saved({ filterZone: 'UTC', createdOperator: 'is_before', createdTo: '2026-01-31' });
  expect(saved({ filterZone: 'Asia/Tokyo' }, before).filters?.created).toMatchObject({
    to: '2026-01-30T15:00:00.000Z',
  });
  const values = storedValues(
    view({ sync: { strategy: 'scheduled', intervalMinutes: 60, timezone: 'Asia/Tokyo' } }),
  );
  expect(values.filterZone).toBe('Asia/Tokyo');
});

test('a form without these fields leaves all of it as it was', () => {
  const before = settingsSchema.parse({
    scope: { by: 'labels', pageLabel: 'x', personalSpaces: true, archivedSpaces: false },
    filters: { pageIds: { operator: 'in', values: ['1'] } },
    indexing: { pages: false, mode: 'manual' },
  });
  const values = valuesOf({ strategy: 'manual', personalSpaces: 'yes' }, view(before));
  expect(settingsFrom(values, view(before))).toEqual({ ...before, sync: { strategy: 'manual' } });
});

test('whatever is stored and shown is stored again as it was, to the millisecond', () => {
  const list = (value: fc.Arbitrary<string>) =>
    fc.record({
      operator: fc.constantFrom('in' as const, 'not_in' as const),
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 5 }),
    });
  const id = fc.integer({ min: 1, max: 1e9 }).map(String);
  const zone = fc.constantFrom('UTC', 'Europe/Zurich', 'America/Havana', 'Asia/Kathmandu');
  const instant = fc
    .date({ min: new Date('2001-01-01'), max: new Date('2039-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const time = fc.oneof(
    fc.record({ operator: fc.constant('is_after'), from: instant }),
    fc.record({ operator: fc.constant('is_before'), to: instant }),
    fc
      .tuple(instant, instant)
      .map((both) => both.sort())
      .map(([from, to]) => ({ operator: 'is_between', from, to })),
  );
  const filters = fc.record(
    {
      spaceKeys: list(fc.stringMatching(/^~?[A-Za-z0-9]{1,12}$/)),
      pageIds: list(id),
      blogpostIds: list(id),
      labels: list(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/)),
      authors: list(fc.stringMatching(/^[0-9a-f]{6,24}$/)),
      contentTypes: fc.constantFrom(
        { operator: 'in', values: ['page', 'folder'] },
        { operator: 'not_in', values: ['comment'] },
      ),
      modified: time,
      created: time,
    },
    { requiredKeys: [] },
  );
  const toggles = fc.record(
    { pages: fc.boolean(), blogpostComments: fc.boolean(), mode: fc.constantFrom('automatic', 'manual') },
    { requiredKeys: [] },
  );
  const scope = fc.record(
    { by: fc.constantFrom('filters', 'labels'), treeLabel: fc.constant('t'), personalSpaces: fc.boolean() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(filters, toggles, scope, zone, (some, indexing, chosen, timezone) => {
      const before = settingsSchema.parse({
        sync: { strategy: 'scheduled', intervalMinutes: 60, timezone },
        filters: some,
        indexing,
        scope: chosen,
      });
      const again = saved({}, before);
      expect(changesScope(before, again)).toBe(false);
      expect(again.filters?.modified).toEqual(
        before.filters?.modified === undefined ? undefined : { ...before.filters.modified, timezone },
      );
    }),
    { numRuns: 200 },
  );
});
