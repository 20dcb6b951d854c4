import { expect, test } from '@jest/globals';
import type { Due } from '../../store/permission-due.ts';
import { changesBetween, longestGap } from './changes.ts';

const now = new Date('2026-03-01T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const prints = (entries: Record<string, [string | null, Date | null]>) =>
  new Map(Object.entries(entries).map(([id, [print, readAt]]) => [id, { print, readAt }]));
const untold = { due: () => undefined, now };

test('what appeared, went and changed is told with the time since the reading before', () => {
  const was = prints({
    same: ['a', before(900)],
    appeared: [null, before(900)],
    went: ['a', before(800)],
    changed: ['a', before(700)],
    deleted: ['a', before(600)],
    first: [null, null],
  });
  const is = prints({
    same: ['a', now],
    appeared: ['b', now],
    went: [null, now],
    changed: ['b', now],
    first: ['a', now],
    unknown: ['a', now],
  });
  const found = { kind: 'content', foundBy: 'rolling', exact: false };
  expect(changesBetween('content', was, is, untold)).toEqual([
    { ...found, sourceId: 'appeared', change: 'added', lagSeconds: 900 },
    { ...found, sourceId: 'went', change: 'removed', lagSeconds: 800 },
    { ...found, sourceId: 'changed', change: 'changed', lagSeconds: 700 },
    { ...found, sourceId: 'deleted', change: 'removed', lagSeconds: 600 },
  ]);
});

test('the audit log tells the time exactly, a disagreement does not, and no clock makes it negative', () => {
  const was = prints({ 1: ['a', before(900)] });
  const is = prints({ 1: ['b', now] });
  const lagOf = (due: Pick<Due, 'since' | 'exact'>) =>
    changesBetween('group', was, is, { now, due: () => ({ kind: 'group', sourceId: '1', ...due }) })[0];
  expect(lagOf({ since: before(30), exact: true })).toMatchObject({ lagSeconds: 30, foundBy: 'audit' });
  expect(lagOf({ since: before(30), exact: false })).toMatchObject({ lagSeconds: 900, foundBy: 'rolling' });
  expect(lagOf({ since: before(-30), exact: true })).toMatchObject({ lagSeconds: 0, exact: true });
});

test('a batch has waited for as long as its longest unread thing', () => {
  const read = prints({ 1: ['a', before(10)], 2: ['a', before(70)], 3: [null, null] });
  expect(longestGap(read.values(), now)).toBe(70);
  expect(longestGap(prints({ 3: [null, null] }).values(), now)).toBeNull();
});
