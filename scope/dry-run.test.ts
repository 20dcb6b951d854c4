import { expect, test } from '@jest/globals';
import { wantedOf } from './decide.ts';
import { outcomeOf, pointsOf, type Outcome } from './dry-run.ts';
import { dryRunReason } from './dry-run-words.ts';
import { listedKinds } from './kinds.ts';
import { reasons } from './reasons.ts';
import type { WantedSettings } from './settings.ts';

const wanted = { wanted: true } as const;
const left = { wanted: false, state: 'filtered', reason: 'labels' } as const;

test.each([
  [wanted, null, 'add'],
  [wanted, { indexed: false, changed: true }, 'add'],
  [wanted, { indexed: true, changed: true }, 'update'],
  [wanted, { indexed: true, changed: false }, 'keep'],
  [left, { indexed: true, changed: true }, 'remove'],
  [left, { indexed: false, changed: false }, 'leave_out'],
  [left, null, 'leave_out'],
] as const)('%j of what is stored as %j: %s', (decision, stored, outcome) => {
  expect(outcomeOf(decision, stored)).toEqual({
    outcome,
    reason: decision.wanted ? null : 'labels',
  } satisfies Outcome);
});

test('bodies are paid for apart only where pages are looked at one by one, and only of what is read', () => {
  const of = (outcome: Outcome['outcome'], selective: boolean) =>
    pointsOf({ outcome }, 'page', { selective });
  expect([of('add', false), of('add', true), of('keep', true), of('leave_out', true)]).toEqual([2, 3, 2, 2]);
  expect(pointsOf({ outcome: 'add' }, 'comment', { selective: true })).toBe(1);
});

test('every reason has words', () => {
  for (const reason of [...reasons, 'notListed', 'unreadable'])
    expect(dryRunReason(reason)).toMatch(/^[a-z][^.]{8,}$/i);
  expect(dryRunReason(null)).toBeNull();
});

test.each<[WantedSettings, string[]]>([
  [{}, ['page', 'blogpost', 'comment', 'attachment']],
  [{ indexing: { blogposts: false } }, ['page', 'comment', 'attachment']],
  [{ indexing: { pages: false, blogpostComments: false } }, ['blogpost', 'attachment']],
  [{ filters: { contentTypes: { operator: 'in', values: ['page', 'comment'] } } }, ['page', 'comment']],
  [{ filters: { contentTypes: { operator: 'not_in', values: ['page', 'blogpost'] } } }, []],
])('by %j a site is asked for %j', (settings, kinds) => {
  expect(listedKinds(wantedOf(settings))).toEqual(kinds);
});
