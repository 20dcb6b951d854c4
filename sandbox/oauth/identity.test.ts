import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL } from '../world/small.ts';

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
});
afterEach(() => sandbox.close());

const SHORT = { code: 401, message: 'Unauthorized; scope does not match' };

function token(accountId: string, scopes: string[], cloudIds: string[] = [SMALL.cloudId]): string {
  return sandbox.context.grants.issue({ clientId: 'sandbox-client', accountId, scopes, cloudIds })
    .access_token;
}
async function get(path: string, bearer?: string): Promise<{ status: number; body: any }> {
  const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${sandbox.url}${path}`, { headers });
  return { status: answer.status, body: await answer.json() };
}

test('/me tells the account its own email, also a hidden one, and needs read:me', async () => {
  const { status, body } = await get('/me', token(SMALL.noah, ['read:me']));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    account_id: SMALL.noah,
    email: 'noah@acme.example',
    account_status: 'active',
  });
  expect(await get('/me', token(SMALL.noah, ['read:page:confluence']))).toEqual({ status: 401, body: SHORT });
});

test('accessible resources are one entry for each granted site, with the Confluence scopes alone', async () => {
  const scopes = ['read:page:confluence', 'search:confluence', 'read:me', 'offline_access'];
  const { body } = await get('/oauth/token/accessible-resources', token(SMALL.mia, scopes));
  expect(body).toEqual([
    {
      id: SMALL.cloudId,
      url: 'https://acme.atlassian.net',
      name: 'acme',
      scopes: ['read:page:confluence', 'search:confluence'],
      avatarUrl: expect.any(String),
    },
  ]);
  const both = token(SMALL.mia, scopes, [SMALL.otherCloudId]);
  expect((await get('/oauth/token/accessible-resources', both)).body).toHaveLength(2);
});

test('guests, and tokens that reach no product, have no accessible resources', async () => {
  const path = '/oauth/token/accessible-resources';
  expect((await get(path, token(SMALL.guest, ['read:page:confluence']))).body).toEqual([]);
  expect((await get(path, token(SMALL.mia, ['read:me']))).body).toEqual([]);
});

test('tokens that are expired, unknown, absent or of someone who left get 401', async () => {
  const refused = { status: 401, body: { code: 401, message: 'Unauthorized' } };
  const bearer = token(SMALL.mia, ['read:me']);
  expect(await get('/me')).toEqual(refused);
  expect(await get('/me', 'made-up')).toEqual(refused);
  sandbox.context.clock.advance(3600_000);
  expect(await get('/me', bearer)).toEqual(refused);
  const fresh = token(SMALL.mia, ['read:me']);
  sandbox.context.store.deactivatePerson(SMALL.mia);
  expect(await get('/me', fresh)).toEqual(refused);
});

test('each site has its own cloudId, and an unknown one is not there', async () => {
  const at = (host: string) =>
    fetch(`${sandbox.url}/_edge/tenant_info`, { headers: { 'x-forwarded-host': host } });
  expect(await (await at('acme.atlassian.net')).json()).toEqual({ cloudId: SMALL.cloudId });
  expect(await (await at('acme-two.atlassian.net')).json()).toEqual({ cloudId: SMALL.otherCloudId });
  expect((await at('elsewhere.atlassian.net')).status).toBe(404);
});

test('the site tells its cloudId to anyone', async () => {
  expect(await get('/_edge/tenant_info')).toEqual({ status: 200, body: { cloudId: SMALL.cloudId } });
});

test('the gateway reaches granted sites alone', async () => {
  const bearer = token(SMALL.mia, ['read:space:confluence']);
  expect((await get(`/ex/confluence/${SMALL.cloudId}/wiki/api/v2/spaces`, bearer)).status).toBe(200);
  sandbox.context.grants.removeSite('sandbox-client', SMALL.mia, SMALL.cloudId);
  expect((await get(`/ex/confluence/${SMALL.cloudId}/wiki/api/v2/spaces`, bearer)).status).toBe(403);
  expect((await get('/ex/confluence/nowhere/wiki/api/v2/spaces', bearer)).status).toBe(404);
});
