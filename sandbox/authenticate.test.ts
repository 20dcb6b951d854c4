import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from './main.ts';
import type { RunningSandbox } from './main.ts';
import { createSmallWorld, SMALL } from './world/small.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
  sandbox.context.store.putApiToken({
    token: 'short-lived',
    accountId: SMALL.mia,
    scopes: null,
    expiresAt: new Date(sandbox.context.clock.now().getTime() + 60_000).toISOString(),
  });
  sandbox.context.store.putApiToken({
    token: 'one-scope',
    accountId: SMALL.mia,
    scopes: ['read:page:confluence'],
    expiresAt: null,
  });
});
afterAll(() => sandbox.close());

const SITE = '/wiki/api/v2/spaces';
const GATEWAY = `/ex/confluence/${SMALL.cloudId}${SITE}`;

function get(
  path: string,
  email: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
  return fetch(`${sandbox.url}${path}`, { headers: { authorization, ...headers } });
}

test('a classic token works at the site and a scoped one at the gateway, not the other way round', async () => {
  const status = async (path: string, token: string) => (await get(path, 'admin@acme.example', token)).status;
  expect(await status(SITE, 'sandbox-classic-token')).toBe(200);
  expect(await status(GATEWAY, 'sandbox-classic-token')).toBe(401);
  expect(await status(GATEWAY, 'sandbox-scoped-token')).toBe(200);
  expect(await status(SITE, 'sandbox-scoped-token')).toBe(401);
});

test('a scoped token is held to its scopes', async () => {
  const answer = await get(GATEWAY, 'mia@acme.example', 'one-scope');
  expect([answer.status, await answer.json()]).toEqual([
    401,
    { code: 401, message: 'Unauthorized; scope does not match' },
  ]);
});

test.each([
  ['mia@acme.example', 'sandbox-classic-token'],
  ['admin@acme.example', 'no-such-token'],
  ['', ''],
])('the wrong pair %s:%s is told by its header', async (email, token) => {
  const answer = await get(SITE, email, token);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-failure-category')).toBe('FAILURE_CLIENT_AUTH_MISMATCH');
});

test('a token of a 3LO app does not work at the site', async () => {
  const { access_token } = sandbox.context.grants.issue({
    clientId: 'sandbox-client',
    accountId: SMALL.mia,
    scopes: ['read:space:confluence'],
    cloudIds: [SMALL.cloudId],
  });
  const at = (path: string) =>
    fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  expect([(await at(SITE)).status, (await at(GATEWAY)).status]).toEqual([401, 200]);
});

test('the named host decides, not the path', async () => {
  const answer = await get(SITE, 'admin@acme.example', 'sandbox-classic-token', {
    'x-forwarded-host': 'api.atlassian.com',
  });
  expect(answer.status).toBe(401);
});

test('an expired API token is refused', async () => {
  expect((await get(SITE, 'mia@acme.example', 'short-lived')).status).toBe(200);
  sandbox.context.clock.advance(61_000);
  expect((await get(SITE, 'mia@acme.example', 'short-lived')).status).toBe(401);
});
