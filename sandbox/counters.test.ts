import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { templateOf } from './counters.ts';
import { startSandbox } from './main.ts';
import type { RunningSandbox } from './main.ts';
import { createSmallWorld } from './world/small.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld(), options: { logLength: 3 } });
});
afterEach(() => sandbox.close());

const headers = {
  authorization: `Basic ${Buffer.from('admin@acme.example:sandbox-classic-token').toString('base64')}`,
};

test.each([
  ['/wiki/api/v2/pages/123/children', '/wiki/api/v2/pages/{id}/children'],
  [
    '/ex/confluence/aaaabbbb-cccc-4ddd-8eee-ffff00001111/wiki/api/v2/attachments/att99',
    '/wiki/api/v2/attachments/{id}',
  ],
  [
    '/wiki/rest/api/group/5d1c9b20-77aa-4c3e-8f10-000000000001/membersByGroupId',
    '/wiki/rest/api/group/{id}/membersByGroupId',
  ],
  ['/oauth/token', '/oauth/token'],
])('%s counts as %s', (path, template) => {
  expect(templateOf(path)).toBe(template);
});

test('requests and points are counted by route and by app, and forgotten on request', async () => {
  await fetch(`${sandbox.url}/wiki/api/v2/pages/2001`, { headers });
  await fetch(`${sandbox.url}/wiki/api/v2/pages/2002`, { headers });
  await fetch(`${sandbox.url}/_edge/tenant_info`);
  expect(sandbox.context.counters.view()).toEqual({
    total: { requests: 3, points: 4 },
    routes: {
      'GET /wiki/api/v2/pages/{id}': { requests: 2, points: 4 },
      'GET /_edge/tenant_info': { requests: 1, points: 0 },
    },
    apps: { api_token: { requests: 2, points: 4 }, anonymous: { requests: 1, points: 0 } },
  });
  sandbox.context.counters.reset();
  expect(sandbox.context.counters.view().total).toEqual({ requests: 0, points: 0 });
});

test('the log keeps the last requests and no credential', async () => {
  for (let i = 0; i < 5; i += 1) await fetch(`${sandbox.url}/wiki/api/v2/pages?limit=${i + 1}`, { headers });
  await fetch(`${sandbox.url}/authorize?state=s3cret&client_id=x`, { redirect: 'manual' });
  const log = sandbox.context.counters.log();
  expect(log).toHaveLength(3);
  expect(log[0]).toMatchObject({
    method: 'GET',
    path: '/wiki/api/v2/pages',
    query: 'limit=4',
    accountId: 'acc-admin',
    authorization: 'api_token',
    credential: 'basic',
    status: 200,
  });
  expect(JSON.stringify(log)).not.toMatch(/sandbox-classic-token|s3cret/);
});

test('every answer carries a trace id of its own and the date of the clock', async () => {
  sandbox.context.clock.set(new Date('2031-05-06T07:08:09.100Z'));
  const [one, two] = [await fetch(`${sandbox.url}/nowhere`), await fetch(`${sandbox.url}/me`)];
  expect(one.headers.get('date')).toBe('Tue, 06 May 2031 07:08:09 GMT');
  expect(one.headers.get('atl-traceid')).toMatch(/^[0-9a-f]{32}$/);
  expect(two.headers.get('atl-traceid')).not.toBe(one.headers.get('atl-traceid'));
});
