import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, inScopeSpace, leavesOut, wantedOf, type Wanted } from './decide.ts';
import type { Facts } from './facts.ts';
import { reasons } from './reasons.ts';
import type { FilterSettings } from './settings.ts';

const space = { key: 'DOCS', type: 'global', status: 'current' };
const noon = '2026-03-29T12:00:00.000Z';
const labels = ['a', 'b', 'ai-ingest'];
const list = (values: string[]) =>
  fc.record({
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.subarray(values, { minLength: 1 }),
  });
const instant = fc
  .constantFrom(-1, 0, 1, 5)
  .map((offset) => new Date(Date.parse(noon) + offset).toISOString());
const time = fc.oneof(
  fc.record({ operator: fc.constant('is_after' as const), from: instant }),
  fc.record({ operator: fc.constant('is_before' as const), to: instant }),
  fc.record({ operator: fc.constant('is_between' as const), from: instant, to: instant }),
);
const allFilters = fc.record({
  spaceKeys: list(['DOCS', 'HR']),
  pageIds: list(['1', '9']),
  blogpostIds: list(['1', '9']),
  labels: list(labels),
  contentTypes: list(['page', 'blogpost', 'comment', 'attachment', 'folder']),
  authors: list(['ada', 'bob']),
  created: time,
  modified: time,
});
const filterNames = [
  'spaceKeys',
  'pageIds',
  'blogpostIds',
  'labels',
  'contentTypes',
  'authors',
  'created',
  'modified',
] as const;
const some = (all: FilterSettings, names: readonly string[]): FilterSettings =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
const settings = fc
  .record({
    all: allFilters,
    names: fc.subarray([...filterNames]),
    by: fc.constantFrom('filters' as const, 'labels' as const),
    indexing: fc.record(
      { pages: fc.boolean(), pageComments: fc.boolean(), blogpostAttachments: fc.boolean() },
      { requiredKeys: [] },
    ),
    mode: fc.constantFrom('automatic' as const, 'manual' as const),
  })
  .map(({ all, names, by: scopeBy, indexing, mode }) => ({
    filters: some(all, names),
    scope: { by: scopeBy },
    indexing: { ...indexing, mode },
  }));
const at = fc.constantFrom(null, ...[-1, 0, 1, 5].map((offset) => Date.parse(noon) + offset));
const facts = (...kinds: string[]) =>
  fc.record<Facts>({
    kind: fc.constantFrom(...kinds),
    externalId: fc.constantFrom('1', '2', '9'),
    space: fc.constantFrom(space, { ...space, key: 'HR' }, { ...space, type: 'personal' }, null),
    labels: fc.subarray(labels),
    authorId: fc.constantFrom(null, 'ada', 'bob', 'eve'),
    createdAt: at,
    modifiedAt: at,
    mediaType: fc.constantFrom(null, 'text/plain'),
    fileSize: fc.constantFrom(null, 1),
    title: fc.constantFrom('', 'x'),
    above: fc.record({
      named: fc.boolean(),
      treeLabel: fc.boolean(),
      choice: fc.constantFrom(null, true, false),
    }),
  });
const content = facts('page', 'blogpost', 'folder', 'whiteboard');
const discussion = facts('comment', 'attachment');

test('one filter more never takes anything in', () => {
  fc.assert(
    fc.property(
      settings,
      allFilters,
      fc.constantFrom(...filterNames),
      content,
      discussion,
      (base, all, more, item, of) => {
        fc.pre(base.filters[more] === undefined);
        const [before, after] = [base, { ...base, filters: { ...base.filters, ...some(all, [more]) } }].map(
          (one) => wantedOf(one),
        ) as [Wanted, Wanted];
        if (decide(after, item, null).wanted) expect(decide(before, item, null).wanted).toBe(true);
        if (decide(after, of, item).wanted) expect(decide(before, of, item).wanted).toBe(true);
      },
    ),
  );
});

test('a comment or attachment that is wanted belongs to something that is', () => {
  fc.assert(
    fc.property(settings, discussion, content, (one, item, container) => {
      const wanted = wantedOf(one);
      if (decide(wanted, item, container).wanted) expect(decide(wanted, container, null).wanted).toBe(true);
    }),
  );
});

test('what a Not In names is out, whatever else takes it in', () => {
  fc.assert(
    fc.property(settings, content, (base, item) => {
      const authors = { operator: 'not_in' as const, values: [item.authorId ?? ''] };
      fc.pre(item.authorId !== null);
      expect(decide(wantedOf({ ...base, filters: { ...base.filters, authors } }), item, null).wanted).toBe(
        false,
      );
    }),
  );
});

test('a record is in a list, or in the same list turned round, and never in both', () => {
  fc.assert(
    fc.property(content, list(labels), (item, filter) => {
      const turned = {
        ...filter,
        operator: filter.operator === 'in' ? ('not_in' as const) : ('in' as const),
      };
      const known = { ...item, space };
      const passes = [filter, turned].map((one) =>
        decide(wantedOf({ filters: { labels: one } }), known, null),
      );
      fc.pre(known.above.choice !== false);
      expect(passes.filter(({ wanted }) => wanted)).toHaveLength(1);
    }),
  );
});

test('what is left out is told by the first rule that leaves it out, in the order in which they are listed', () => {
  const order = new Map<string, number>(reasons.map((reason, index) => [reason, index]));
  fc.assert(
    fc.property(settings, content, (one, item) => {
      const all = decide(wantedOf(one), item, null);
      fc.pre(!all.wanted);
      for (const name of filterNames) {
        const { [name]: _left, ...filters } = one.filters;
        const without = decide(wantedOf({ ...one, filters }), item, null);
        if (!without.wanted && !all.wanted)
          expect(order.get(without.reason)).toBeGreaterThanOrEqual(order.get(all.reason)!);
      }
    }),
  );
});

test('where no rule can leave anything out, nothing of a space in scope is left out', () => {
  const byNothing = fc.record({
    filters: allFilters.map(({ spaceKeys }) => ({ spaceKeys })),
    scope: fc.record({ archivedSpaces: fc.boolean(), personalSpaces: fc.boolean() }),
  });
  fc.assert(
    fc.property(fc.oneof(byNothing, settings), content, discussion, (one, item, of) => {
      const wanted = wantedOf(one);
      fc.pre(!leavesOut(wanted) && inScopeSpace(wanted, space));
      // Where somebody chose something, that is told beside the settings.
      const unchosen = { space, above: { ...item.above, choice: null } };
      expect(decide(wanted, { ...item, ...unchosen }, null)).toEqual({ wanted: true });
      expect(decide(wanted, { ...of, ...unchosen }, { ...item, ...unchosen })).toEqual({ wanted: true });
    }),
  );
});
