import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, wantedOf } from '../../../scope/decide.ts';
import type { Facts } from '../../../scope/facts.ts';
import type { WantedSettings } from '../../../scope/settings.ts';
import type { RecordState } from '../../../store/schema.ts';
import type { ScopeFacts } from '../../../store/scope-facts.ts';
import { idleCost } from '../forecast-cost.ts';
import { changeCost } from './cost.ts';
import { mayBringNew } from './newcomers.ts';
import { emptyTally, samplesEach, sumOf, tally } from './tally.ts';

const page = (externalId: string, labels: readonly string[]): Facts => ({
  kind: 'page',
  externalId,
  space: { key: 'DOCS', type: 'global', status: 'current' },
  labels,
  authorId: null,
  createdAt: null,
  modifiedAt: null,
  mediaType: null,
  fileSize: null,
  title: '',
  above: { named: false, treeLabel: false, choice: null },
});

const label = fc.constantFrom('a', 'b', 'c');
const stored = fc.record({
  labels: fc.uniqueArray(label),
  state: fc.constantFrom<RecordState>('indexed', 'waiting', 'filtered', 'manual'),
});
const settings: fc.Arbitrary<WantedSettings> = fc.record({
  filters: fc.record({
    labels: fc.record({
      operator: fc.constantFrom('in' as const, 'not_in' as const),
      values: fc.uniqueArray(label, { minLength: 1 }),
    }),
  }),
});

test('every stored record is counted once, as the decision and its state say, whatever the batches', () => {
  fc.assert(
    fc.property(
      fc.array(stored, { maxLength: 60 }),
      settings,
      fc.integer({ min: 1, max: 60 }),
      (all, by, size) => {
        const wanted = wantedOf(by);
        const records = all.map(
          ({ labels, state }, n): ScopeFacts =>
            ({
              id: String(n),
              state,
              reason: null,
              item: page(String(n), labels),
              container: null,
            }) as ScopeFacts,
        );
        const counts = emptyTally();
        for (let from = 0; from < records.length; from += size)
          tally(counts, wanted, records.slice(from, from + size));
        const number = (isIn: boolean, isWanted: boolean) =>
          records.filter(
            ({ state, item }) =>
              ['indexed', 'waiting'].includes(state) === isIn &&
              decide(wanted, item, null).wanted === isWanted,
          ).length;
        expect(sumOf(counts)).toEqual({
          added: number(false, true),
          removed: number(true, false),
          kept: number(true, true),
          leftOut: number(false, false),
        });
        const removed = [...counts.removed.values()].reduce((sum, n) => sum + n, 0);
        expect(removed).toBe(number(true, false));
        expect(counts.samples.removed).toHaveLength(Math.min(samplesEach, removed));
      },
    ),
  );
});

const nothing = { pages: 0, blogposts: 0, comments: 0, attachments: 0 };

test('what takes nothing in costs what a sync without news costs, and more taken in never costs less', () => {
  const none = { ofNewSpaces: { spaces: 0, ...nothing }, ofNewKinds: nothing, bodies: 0, discussion: 0 };
  expect(changeCost(none)).toEqual(idleCost);
  const amount = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(amount, amount, amount, amount, (bodies, discussion, pages, comments) => {
      const taken = {
        ofNewSpaces: { ...nothing, spaces: pages > 0 ? 1 : 0, pages },
        ofNewKinds: { ...nothing, comments },
        bodies,
        discussion: bodies === 0 ? 0 : discussion,
      };
      const cost = changeCost(taken);
      const more = changeCost({ ...taken, bodies: bodies + 1_000 });
      expect(cost.points).toBeGreaterThanOrEqual(taken.bodies + taken.discussion + pages + comments);
      expect(more.requests).toBeGreaterThanOrEqual(cost.requests);
      expect(more.points).toBeGreaterThan(cost.points);
    }),
  );
});

const known = {
  spaces: new Map([['1', { key: 'DOCS', type: 'global', status: 'current' }]]),
  kinds: new Map<string, number>(),
};

test.each<[name: string, before: WantedSettings, after: WantedSettings, expected: boolean]>([
  ['the same', {}, {}, false],
  ['filters that look at pages', {}, { filters: { labels: { operator: 'in', values: ['a'] } } }, false],
  [
    'a space that is stored alone',
    {},
    { filters: { spaceKeys: { operator: 'in', values: ['DOCS'] } } },
    false,
  ],
  ['a space that is not', {}, { filters: { spaceKeys: { operator: 'in', values: ['HR'] } } }, true],
  [
    'no filter of spaces any more',
    { filters: { spaceKeys: { operator: 'in', values: ['DOCS'] } } },
    {},
    true,
  ],
  ['archived spaces', {}, { scope: { archivedSpaces: true } }, true],
  ['a kind that is turned off', {}, { indexing: { pageComments: false } }, false],
  ['a kind that is turned on', { indexing: { pageComments: false } }, {}, true],
  ['posts that are turned on', { indexing: { blogposts: false } }, {}, true],
])('the site is asked only where something may come: %s', (_name, before, after, expected) => {
  expect(mayBringNew(wantedOf(before), wantedOf(after), known)).toBe(expected);
});

test('before the first sync the site is always asked', () => {
  const empty = { spaces: new Map(), kinds: new Map() };
  expect(mayBringNew(wantedOf({}), wantedOf({}), empty)).toBe(true);
});
