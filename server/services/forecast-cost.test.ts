import { expect, test } from '@jest/globals';
import { durationOf, fullCost, permissionsCost, sweepCost, withinShare } from './forecast-cost.ts';

const size = {
  pages: 100_000,
  blogposts: 0,
  comments: 100_000,
  attachments: 100_000,
  containers: 0,
  spaces: 100,
  groups: 50,
  memberships: 5_000,
  accounts: 2_000,
};
const noon = new Date('2026-03-26T12:00:00Z');
const quota = { usable: 61_750, used: 0, own: 0, sharing: 1 };
const pace = { requestsPerSecond: 4, requestsPerMinute: null, quota: null };

test('a large site by OAuth takes hours, because each hour has so many points; by token minutes', () => {
  const cost = fullCost(size);
  expect(cost.points).toBeGreaterThan(400_000);
  const byApp = durationOf(cost, { ...pace, quota }, noon);
  expect(byApp.waits).toBe(Math.ceil(cost.points / quota.usable) - 1);
  expect(byApp.minutes).toBeGreaterThan(byApp.waits * 60);
  expect(byApp.minutes).toBeLessThanOrEqual((byApp.waits + 1) * 60);
  expect(durationOf(cost, pace, noon)).toEqual({ minutes: Math.ceil(cost.requests / 4 / 60), waits: 0 });
});

test('what others have spent of the hour is waited for', () => {
  const cost = { requests: 10, points: 2_000 };
  expect(durationOf(cost, { ...pace, quota }, noon)).toEqual({ minutes: 1, waits: 0 });
  const late = new Date('2026-03-26T12:50:00Z');
  const spent = { ...quota, used: 61_000 };
  expect(durationOf(cost, { ...pace, quota: spent }, late)).toEqual({ minutes: 11, waits: 1 });
});

test('an hour shared with others gives a part of its points', () => {
  const cost = { requests: 100, points: 100_000 };
  expect(durationOf(cost, { ...pace, quota }, noon).waits).toBe(1);
  expect(durationOf(cost, { ...pace, quota: { ...quota, sharing: 4 } }, noon).waits).toBe(6);
});

test('the bound of the connection is kept to', () => {
  expect(durationOf({ requests: 600, points: 1 }, { ...pace, requestsPerMinute: 10 }, noon).minutes).toBe(60);
});

test('permissions and sweeps cost no more than their share of the time between two of them', () => {
  const permissions = permissionsCost(size);
  expect(withinShare(permissions, 'permissions', 15, 61_750).points).toBe(6_175);
  expect(withinShare(permissions, 'permissions', 15, null).requests).toBe(3_000);
  expect(withinShare(sweepCost(size), 'sweep', 60, 61_750).points).toBe(12_350);
  expect(withinShare({ requests: 3, points: 30 }, 'sweep', 60, 61_750)).toEqual({ requests: 3, points: 30 });
});

test('an empty site costs a handful of requests', () => {
  const none = Object.fromEntries(Object.keys(size).map((name) => [name, 0])) as typeof size;
  expect(fullCost(none).requests).toBeLessThan(30);
  expect(durationOf({ requests: 0, points: 0 }, { ...pace, quota }, noon)).toEqual({ minutes: 1, waits: 0 });
});
