import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { unlimitedBudget } from './budget.ts';
import { checkConnection, type Check } from './checks.ts';
import { apiTokenCredential, oauthCredential } from './credential.ts';
import { createOAuthClient } from './oauth.ts';
import { confluenceScopeNames } from './scopes.ts';
import { sendJson, startServer, type TestServer } from './server.fixture.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const siteUrl = 'https://acme.atlassian.net';
const person = (accountId: string, email: string) => ({
  accountId,
  displayName: accountId,
  email,
  accountType: 'atlassian',
  accountStatus: 'active',
});
const working: Record<string, unknown> = {
  '/wiki/rest/api/user/current': person('Ada', 'ada@acme.example'),
  '/wiki/rest/api/group': { results: [{ id: 'g1', name: 'confluence-users' }] },
  '/wiki/rest/api/group/g1/membersByGroupId': { results: [{ accountId: 'Ada' }, { accountId: 'Ben' }] },
  '/wiki/rest/api/audit': { results: [] },
  '/wiki/api/v2/users-bulk': { results: [person('Ada', 'ada@acme.example'), person('Ben', '')] },
  '/_edge/tenant_info': { cloudId: 'c1' },
  '/oauth/token/accessible-resources': [
    { id: 'c1', name: 'acme', url: siteUrl, scopes: confluenceScopeNames.slice(0, 9) },
    { id: 'c1', name: 'acme', url: siteUrl, scopes: confluenceScopeNames.slice(9) },
  ],
};
type Answer = (response: ServerResponse) => void;
const refuse =
  (status: number, body: unknown = {}): Answer =>
  (response) =>
    sendJson(response, status, body);

/** All checks of a site that works but for `changes`. */
async function check(
  changes: Record<string, unknown>,
  by: 'oauth' | 'api_token' = 'oauth',
): Promise<Map<string, Check>> {
  const answers = { ...working, ...changes };
  const server = await startServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname.replace(/^\/ex\/confluence\/c1/, '');
    const answer = answers[path];
    if (typeof answer === 'function') (answer as Answer)(response);
    else sendJson(response, answer === undefined ? 404 : 200, answer ?? {});
  });
  open.push(server);
  const tokens = { accessToken: async () => 'at', refreshAfter: async () => 'at' };
  const checks = await checkConnection({
    http: server.http,
    budget: unlimitedBudget(),
    pause: async () => {},
    cloudId: 'c1',
    credential:
      by === 'oauth'
        ? oauthCredential({ siteUrl, cloudId: 'c1', tokens })
        : apiTokenCredential({ siteUrl, email: 'ada@acme.example', token: 'canary-token' }),
    auth:
      by === 'oauth'
        ? {
            method: 'oauth',
            oauth: createOAuthClient({ http: server.http }),
            accessToken: tokens.accessToken,
          }
        : { method: 'api_token', scoped: false },
  });
  expect(checks.map(({ name }) => name)).toEqual(['token', 'site', 'scopes', 'groups', 'audit', 'emails']);
  expect(JSON.stringify(checks)).not.toContain('canary');
  return new Map(checks.map((each) => [each.name, each]));
}

test.each(['oauth', 'api_token'] as const)(
  'all is well by %s, and hidden emails are counted with their remedy',
  async (by) => {
    const checks = await check({}, by);
    expect([...checks.values()].filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.get('token')?.message).toContain('Ada');
    expect(checks.get('emails')?.message).toMatch(/^1 of 2 people.*Profile and visibility/s);
  },
);

test('a credential that does not work ends the rest, in words', async () => {
  const checks = await check({ '/wiki/rest/api/user/current': refuse(401, { message: 'Unauthorized' }) });
  expect(checks.get('token')).toMatchObject({
    ok: false,
    message: expect.stringContaining('did not accept'),
  });
  for (const name of ['groups', 'audit', 'emails']) {
    expect(checks.get(name)).toMatchObject({ ok: false, message: expect.stringContaining('Not checked') });
  }
});

test('another site than the one that was chosen is named', async () => {
  const checks = await check({
    '/oauth/token/accessible-resources': [
      { id: 'c2', name: 'other', url: 'https://other.atlassian.net', scopes: confluenceScopeNames },
    ],
  });
  expect(checks.get('site')?.message).toMatch(
    /does not reach acme\.atlassian\.net.*other\.atlassian\.net.*Reauthenticate/s,
  );
  expect(checks.get('scopes')?.ok).toBe(false);
  const none = await check({ '/oauth/token/accessible-resources': [] });
  expect(none.get('site')?.message).toContain('no site at all');
  const moved = await check({ '/_edge/tenant_info': { cloudId: 'c9' } }, 'api_token');
  expect(moved.get('site')?.ok).toBe(false);
});

test('missing scopes are named', async () => {
  const scopes = confluenceScopeNames.filter(
    (scope) => !['read:confluence-groups', 'read:audit-log:confluence'].includes(scope),
  );
  const checks = await check({
    '/oauth/token/accessible-resources': [{ id: 'c1', name: 'acme', url: siteUrl, scopes }],
  });
  expect(checks.get('scopes')?.message).toBe(
    'Missing: read:confluence-groups, read:audit-log:confluence. ' +
      "Add them to the app in Atlassian's developer console, then reauthenticate.",
  );
});

test('rights that the account does not have are told apart', async () => {
  const checks = await check({
    '/wiki/rest/api/group': refuse(403, { message: 'Not permitted' }),
    '/wiki/rest/api/audit': refuse(403, { message: 'Not permitted' }),
  });
  expect(checks.get('token')?.ok).toBe(true);
  expect(checks.get('groups')).toMatchObject({
    ok: false,
    message: expect.stringContaining('Not permitted'),
  });
  expect(checks.get('audit')?.message).toMatch(/cannot be read.*Confluence administrator/s);
  expect(checks.get('emails')?.ok).toBe(false);
});

test('a site where nobody shows an email is not ok', async () => {
  const checks = await check({
    '/wiki/api/v2/users-bulk': { results: [person('Ada', ''), person('Ben', '')] },
  });
  expect(checks.get('emails')).toMatchObject({ ok: false, message: expect.stringMatching(/^0 of 2/) });
});
