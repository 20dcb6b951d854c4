import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, longestWaitMs, readLimit, readNearLimit, spacingMs, untilNextHour } from './retry.ts';

const serverTime = new Date('2026-03-26T15:40:00Z');
const minute = 60_000;

test.each([
  ['seconds', { 'retry-after': '12' }, 12_000],
  ['zero', { 'retry-after': '0' }, 0],
  ['spaces around', { 'retry-after': ' 7 ' }, 7_000],
  ['an HTTP date', { 'retry-after': 'Thu, 26 Mar 2026 15:41:30 GMT' }, 90_000],
  ['an HTTP date that is over', { 'retry-after': 'Thu, 26 Mar 2026 15:00:00 GMT' }, 0],
  ['an absurd number', { 'retry-after': '99999' }, longestWaitMs],
  ['an absurd date', { 'retry-after': 'Thu, 26 Mar 2099 15:00:00 GMT' }, longestWaitMs],
  ['a reset without seconds', { 'x-ratelimit-reset': '2026-03-26T16:00Z' }, 20 * minute],
  ['a reset with seconds', { 'x-ratelimit-reset': '2026-03-26T15:40:05Z' }, 5_000],
  ['a reset in Unix seconds', { 'x-ratelimit-reset': String(serverTime.getTime() / 1000 + 30) }, 30_000],
  [
    'garbage before a reset',
    { 'retry-after': 'soon', 'x-ratelimit-reset': '2026-03-26T16:00Z' },
    20 * minute,
  ],
  ['a negative number', { 'retry-after': '-5' }, null],
  ['the structured header', { ratelimit: '"global-app-quota";r=0;t=1200' }, 1_200_000],
  [
    'the exhausted one of several policies',
    { ratelimit: '"burst";r=12;t=3000, "tenant-quota";r=0;t=90' },
    90_000,
  ],
  ['a policy that is for information', { ratelimit: '"Beta-global-app-quota";r=0;t=1200' }, null],
  ['Retry-After before the others', { 'retry-after': '3', 'x-ratelimit-reset': '2026-03-26T16:00Z' }, 3_000],
  ['a spent quota without any time', { 'ratelimit-reason': 'confluence-quota-global-based' }, 20 * minute],
  ['nothing', {}, null],
])('%s', (_name, headers, expected) => {
  expect(readLimit(headers, serverTime).waitMs).toBe(expected);
});

test('a cut wait is told as cut, and a quota as a quota', () => {
  expect(readLimit({ 'retry-after': '99999' }, serverTime)).toMatchObject({ capped: true, quota: false });
  expect(readLimit({ 'ratelimit-reason': 'confluence-quota-tenant-based' }, serverTime)).toMatchObject({
    capped: false,
    quota: true,
    reason: 'confluence-quota-tenant-based',
  });
  expect(readLimit({ 'x-failure-category': 'FAILURE CLIENT RATE LIMITED' }, serverTime)).toMatchObject({
    reason: 'FAILURE CLIENT RATE LIMITED',
    quota: false,
  });
});

test('whatever the headers say, a wait is between nothing and the longest', () => {
  const headers = fc.record(
    {
      'retry-after': fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)),
      'x-ratelimit-reset': fc.oneof(fc.string(), fc.integer().map(String)),
      ratelimit: fc.oneof(
        fc.string(),
        fc.nat().map((seconds) => `"q";r=0;t=${seconds}`),
      ),
      'ratelimit-reason': fc.constantFrom('jira-quota-global-based', 'burst', ''),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(headers, (given) => {
      const { waitMs } = readLimit(given, serverTime);
      expect(waitMs === null || (waitMs >= 0 && waitMs <= longestWaitMs)).toBe(true);
    }),
  );
});

test('back-off doubles from two seconds to thirty, with jitter of 0.7 to 1.3', () => {
  expect([1, 2, 3, 4, 5, 9].map((attempt) => backoffMs(attempt, 0.5))).toEqual([
    2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect([backoffMs(1, 0), backoffMs(1, 0.999_999)]).toEqual([1_400, 2_600]);
});

test('the next hour begins in at most an hour', () => {
  expect(untilNextHour(serverTime)).toBe(20 * minute);
  expect(untilNextHour(new Date('2026-03-26T16:00:00Z'))).toBe(60 * minute);
});

test.each([
  ['confluence-quota-global-based', 'app'],
  ['jira-quota-global-based', 'app'],
  ['confluence-quota-tenant-based', 'site'],
  ['confluence-burst-based', 'endpoint'],
  ['jira-cost-based', 'app'],
  ['something new', 'app'],
])('%s holds for the %s', (reason, scope) => {
  expect(readLimit({ 'retry-after': '5', 'ratelimit-reason': reason }, serverTime).scope).toBe(scope);
});

test('a limit without a reason stops the app; a site that is down for a while stops itself', () => {
  expect(readLimit({ 'retry-after': '5' }, serverTime).scope).toBe('app');
  expect(readLimit({ 'retry-after': '5' }, serverTime, 503).scope).toBe('site');
  expect(readLimit({ ratelimit: '"tenant-quota";r=0;t=90' }, serverTime).scope).toBe('site');
});

test('a limit that comes near is told by what is left and for how long', () => {
  const quota = {
    ratelimit: '"global-app-quota";r=6500;t=1300, "Beta-tenant-quota";r=0;t=10',
    'ratelimit-policy': '"global-app-quota";q=65000;w=3600',
  };
  const near = { remaining: 6_500, limit: 65_000, resetMs: 1_300_000, quota: true, scope: 'app' };
  expect(readNearLimit(quota, serverTime)).toEqual(near);
  const burst = {
    'x-ratelimit-nearlimit': 'true',
    'x-ratelimit-remaining': '12',
    'x-ratelimit-limit': '100',
    'x-ratelimit-reset': '2026-03-26T15:41Z',
  };
  const told = { remaining: 12, limit: 100, resetMs: 60_000, quota: false, scope: 'app' };
  expect(readNearLimit(burst, serverTime)).toEqual(told);
  expect(readNearLimit({ ...burst, 'x-ratelimit-nearlimit': 'false' }, serverTime)).toBeNull();
  expect(readNearLimit({ ...burst, 'x-ratelimit-reset': 'soon' }, serverTime)).toBeNull();
  expect(readNearLimit({}, serverTime)).toBeNull();
});

test('requests are spread so that what is left lasts, two seconds apart at most', () => {
  const near = { remaining: 100, limit: null, resetMs: 60_000, quota: false, scope: 'endpoint' } as const;
  expect(spacingMs(near, 251)).toBe(600);
  expect(spacingMs({ ...near, quota: true, remaining: 25_100 }, 251)).toBe(600);
  expect(spacingMs({ ...near, remaining: 0 }, 1)).toBe(2_000);
});
