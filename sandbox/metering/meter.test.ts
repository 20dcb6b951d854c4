import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL } from '../world/small.ts';
import { quotaHeaders, secondsLeft } from './quota-headers.ts';

const HALF_PAST = new Date('2026-03-26T15:30:00.000Z');
const PAGES = `/ex/confluence/${SMALL.cloudId}/wiki/api/v2/pages`;
const APP = 'sandbox-client';

let sandbox: RunningSandbox;
let headers: { authorization: string };
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld(), options: { quotaPoints: 1000 } });
  sandbox.context.clock.set(HALF_PAST);
  const { store, grants } = sandbox.context;
  const { access_token } = grants.issue({
    clientId: APP,
    accountId: SMALL.admin,
    scopes: store.oauthApp(APP)?.scopes ?? [],
    cloudIds: [SMALL.cloudId],
  });
  headers = { authorization: `Bearer ${access_token}` };
});
afterEach(() => sandbox.close());

const get = (path: string): Promise<Response> => fetch(`${sandbox.url}${path}`, { headers });

test('a request costs one point and each page in the answer another', async () => {
  await get(PAGES);
  expect(sandbox.context.meter.used(APP)).toBe(1 + 3);
  await get(`${PAGES}?limit=1`);
  expect(sandbox.context.meter.used(APP)).toBe(4 + 1 + 1);
});

test('a member of a group costs two', async () => {
  const path = `/ex/confluence/${SMALL.cloudId}/wiki/rest/api/group/${SMALL.users}/membersByGroupId`;
  expect((await get(path)).status).toBe(200);
  expect(sandbox.context.meter.used(APP)).toBe(1 + 2 * 4);
});

test('headers tell the remainder; the structured one only below a fifth', async () => {
  const wide = await get(PAGES);
  expect(wide.headers.get('x-ratelimit-limit')).toBe('1000');
  expect(wide.headers.get('x-ratelimit-remaining')).toBe('996');
  expect(wide.headers.get('x-ratelimit-reset')).toBe('2026-03-26T16:00Z');
  expect(wide.headers.get('x-ratelimit-nearlimit')).toBe('false');
  expect(wide.headers.get('ratelimit')).toBeNull();
  expect(wide.headers.get('ratelimit-policy')).toBe('"global-app-quota";q=1000;w=3600');
  sandbox.context.meter.setUsed(APP, 900);
  const near = await get(PAGES);
  expect(near.headers.get('x-ratelimit-nearlimit')).toBe('true');
  expect(near.headers.get('ratelimit')).toMatch(/^"global-app-quota";r=96;t=1(800|799)$/);
});

test('a spent quota is a wall until the top of the hour', async () => {
  sandbox.context.meter.setUsed(APP, 1000);
  const refused = await get(PAGES);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1790);
  expect(refused.headers.get('ratelimit-reason')).toBe('confluence-quota-global-based');
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(sandbox.context.meter.used(APP)).toBe(1000);
  sandbox.context.clock.set(new Date('2026-03-26T16:00:00.000Z'));
  expect((await get(PAGES)).status).toBe(200);
  expect(sandbox.context.meter.used(APP)).toBe(4);
});

test('API tokens meet no wall of points, but a burst limit where one is set', async () => {
  const authorization = `Basic ${Buffer.from('admin@acme.example:sandbox-classic-token').toString('base64')}`;
  const basic = () => fetch(`${sandbox.url}/wiki/api/v2/pages`, { headers: { authorization } });
  sandbox.context.meter.setUsed(APP, 1000);
  expect((await basic()).status).toBe(200);
  expect((await basic()).headers.get('x-ratelimit-limit')).toBeNull();
  sandbox.context.options.burstPerSecond = 2;
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await basic()).status));
  expect(statuses).toContain(429);
});

test.each([
  [800, 'false', undefined],
  [801, 'true', '"global-app-quota";r=199;t=1800'],
  [1200, 'true', '"global-app-quota";r=0;t=1800'],
])('with %i of 1000 points spent, near the limit is %s', (used, near, structured) => {
  const given = quotaHeaders(1000, used, HALF_PAST);
  expect([given['X-RateLimit-NearLimit'], given.RateLimit]).toEqual([near, structured]);
});

test('seconds to the next hour are from one to 3600, and remainders never negative', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0) }), fc.nat(200_000), (now, used) => {
      expect(secondsLeft(now)).toBeGreaterThanOrEqual(1);
      expect(secondsLeft(now)).toBeLessThanOrEqual(3600);
      expect(Number(quotaHeaders(65_000, used, HALF_PAST)['X-RateLimit-Remaining'])).toBe(
        Math.max(0, 65_000 - used),
      );
    }),
  );
});
