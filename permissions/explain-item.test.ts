import { expect, test } from '@jest/globals';
import { obstaclesOf, type ItemFacts, type WayPlace } from './explain-item.ts';

const place = (externalId: string, change: Partial<WayPlace> = {}): WayPlace => ({
  externalId,
  stored: true,
  title: `Page ${externalId}`,
  state: 'indexed',
  because: null,
  status: 'current',
  spaceId: '1',
  held: null,
  restrictionRead: true,
  ...change,
});
const facts = (change: Partial<ItemFacts> = {}): ItemFacts => ({
  state: 'indexed',
  status: 'active',
  settled: true,
  spaceKnown: true,
  productKnown: true,
  contained: false,
  way: [place('1'), place('2')],
  failures: [],
  ...change,
});
const hidden = (change: Partial<ItemFacts>) => facts({ settled: false, ...change });

test.each<[string, ItemFacts, [string, boolean][]]>([
  ['nothing', facts(), []],
  ['a connection that is not set up', facts({ status: 'draft' }), [['connection_draft', true]]],
  ['one that is going away', facts({ status: 'disconnecting' }), [['connection_disconnecting', true]]],
  ['one that is disabled', facts({ status: 'disabled' }), [['connection_disabled', false]]],
  ['one that is paused', facts({ status: 'paused' }), [['connection_paused', false]]],
  ['one without a good token', facts({ status: 'needs_reauth' }), [['connection_needs_reauth', false]]],
  ['not seen by a complete run', hidden({ state: 'pending' }), [['pending', true]]],
  ['a filter', facts({ state: 'filtered' }), [['filtered', true]]],
  ['a body that is still to be read', facts({ state: 'waiting' }), [['waiting', true]]],
  ['a failure of indexing', facts({ state: 'failed' }), [['failed', true]]],
  ['by hand only', facts({ state: 'manual' }), [['manual', true]]],
  ['a state of the future', facts({ state: 'odd' }), [['state', true]]],
  ['just moved', hidden({}), [['not_settled', true]]],
  ['product not read', hidden({ productKnown: false }), [['product_unread', true]]],
  ['space not read', hidden({ spaceKnown: false }), [['space_unread', true]]],
  ['held', hidden({ way: [place('1', { held: 'Ben' })] }), [['held', true]]],
  ['held above', hidden({ way: [place('1'), place('2', { held: 'Ben' })] }), [['held', true]]],
  [
    'own restriction not read',
    hidden({ way: [place('1', { restrictionRead: false })] }),
    [['restrictions_unread', true]],
  ],
  [
    "an ancestor's restriction not read",
    hidden({ way: [place('1'), place('2', { restrictionRead: false })] }),
    [['restrictions_unread', true]],
  ],
  [
    'an ancestor is not stored',
    hidden({ way: [place('1'), place('2', { stored: false })] }),
    [['above_missing', true]],
  ],
  [
    'an ancestor is pending',
    hidden({ way: [place('1'), place('2', { state: 'pending' })] }),
    [['above_pending', true]],
  ],
  [
    'a comment of a page that is not stored',
    hidden({ contained: true, way: [place('1', { restrictionRead: false }), place('2', { stored: false })] }),
    [['above_missing', true]],
  ],
  [
    'a comment without a page',
    hidden({ contained: true, way: [place('1', { restrictionRead: false })] }),
    [['container_missing', true]],
  ],
  ['archived', hidden({ way: [place('1', { status: 'archived' })] }), [['not_current', true]]],
  [
    'below the archived',
    hidden({ way: [place('1'), place('2', { status: 'archived' })] }),
    [['not_current', true]],
  ],
  [
    'below another space',
    hidden({ way: [place('1'), place('2', { spaceId: '2' })] }),
    [['another_space', true]],
  ],
  ['a circle', hidden({ way: Array.from({ length: 51 }, (_, n) => place(String(n))) }), [['circle', true]]],
  [
    'a failure of reading it again',
    facts({
      failures: [
        {
          stage: 'pages',
          message: '500',
          attempts: 2,
          lastAt: '2026-01-01T00:00:00.000Z',
          nextRetryAt: null,
        },
      ],
    }),
    [['failure', false]],
  ],
])('what is in the way: %s', (_name, given, codes) => {
  expect(obstaclesOf(given).map(({ code, hides }) => [code, hides])).toEqual(codes);
});

test('it names the place, and when it is tried again', () => {
  const messages = (given: ItemFacts) => obstaclesOf(given).map(({ message }) => message);
  expect(messages(hidden({ way: [place('1'), place('2', { held: 'they disagree.' })] }))).toEqual([
    '“Page 2”, above it, is held back from everybody: they disagree.',
  ]);
  expect(
    messages(hidden({ contained: true, way: [place('1'), place('2', { state: 'pending', title: '' })] })),
  ).toEqual(['Content 2, which it belongs to, was not listed by the last complete run.']);
  const failure = { stage: 'pages', message: '500', attempts: 1, lastAt: 'A', nextRetryAt: 'B' };
  expect(messages(facts({ failures: [failure] }))).toEqual([
    'It failed once (pages), last at A: 500 – tried again at B.',
  ]);
});

test('what leaves it out is named, and of a comment also what leaves its page out', () => {
  const messages = (given: ItemFacts) => obstaclesOf(given).map(({ message }) => message);
  const out = (state: string, because: string) => place('1', { state, because });
  const page = place('2', { state: 'filtered', because: 'Left out by the filter of labels' });
  expect(
    messages(facts({ state: 'filtered', way: [out('filtered', 'Left out by the filter of labels')] })),
  ).toEqual(['Left out by the filter of labels, so nobody is shown it.']);
  expect(
    messages(facts({ state: 'manual', way: [out('manual', 'Not indexed: it was un-indexed by hand')] })),
  ).toEqual(['Not indexed: it was un-indexed by hand, so nobody is shown it.']);
  const because = 'Left out: it belongs to a page that is left out';
  const comment = facts({ state: 'filtered', contained: true, way: [out('filtered', because), page] });
  expect(messages(comment)).toEqual([
    `${because}, so nobody is shown it. Of “Page 2”: Left out by the filter of labels.`,
  ]);
  // What leaves out what lies above a page says nothing of the page.
  expect(messages({ ...comment, contained: false })).toEqual([`${because}, so nobody is shown it.`]);
});
