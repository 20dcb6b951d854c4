import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createOAuthClient, type OAuthClient } from './oauth.ts';
import { everythingOf, sendJson, startServer, type TestServer } from './server.fixture.ts';

let server: TestServer;
let oauth: OAuthClient;
let reply: { status: number; body: unknown; drop?: boolean };

beforeAll(async () => {
  server = await startServer((_request, response) => {
    if (reply.drop === true) response.destroy();
    else sendJson(response, reply.status, reply.body);
  });
  oauth = createOAuthClient({ http: server.http });
});
afterAll(() => server.close());
beforeEach(() => {
  server.seen.length = 0;
});

const client = { clientId: 'app-1', clientSecret: 'canary-client-secret' };

test('the authorize URL has everything that Atlassian requires', () => {
  const url = new URL(
    oauth.authorizeUrl({
      clientId: 'app-1',
      redirectUri: 'http://localhost:3000/oauth/atlassian/callback',
      scopes: ['read:me', 'offline_access'],
      state: 's&1',
      codeChallenge: 'abc',
    }),
  );
  expect(url.origin).toBe(server.url);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    __host: 'auth.atlassian.com',
    audience: 'api.atlassian.com',
    client_id: 'app-1',
    scope: 'read:me offline_access',
    redirect_uri: 'http://localhost:3000/oauth/atlassian/callback',
    state: 's&1',
    response_type: 'code',
    prompt: 'consent',
    code_challenge: 'abc',
    code_challenge_method: 'S256',
  });
});

test('a code is exchanged by JSON, with the time at which the token ends', async () => {
  reply = {
    status: 200,
    body: { access_token: 'at', refresh_token: 'rt', expires_in: 3600, scope: 'read:me offline_access' },
  };
  const before = Date.now();
  const result = await oauth.exchangeCode({
    ...client,
    code: 'c1',
    redirectUri: 'https://x/cb',
    codeVerifier: 'v',
  });
  expect(result).toMatchObject({
    kind: 'ok',
    tokens: { accessToken: 'at', refreshToken: 'rt', scopes: ['read:me', 'offline_access'] },
  });
  const ends = result.kind === 'ok' ? result.tokens.expiresAt.getTime() : 0;
  expect(ends).toBeGreaterThanOrEqual(before + 3_600_000);
  expect(ends).toBeLessThan(before + 3_660_000);
  expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/oauth/token' });
  expect(server.seen[0]?.headers['x-forwarded-host']).toBe('auth.atlassian.com');
  expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
    grant_type: 'authorization_code',
    client_id: 'app-1',
    client_secret: 'canary-client-secret',
    code: 'c1',
    redirect_uri: 'https://x/cb',
    code_verifier: 'v',
  });
});

test.each([
  ['dead', 403, { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' }],
  ['dead', 400, { error: 'invalid_grant' }],
  ['dead', 403, { error: 'unauthorized_client', error_description: 'refresh_token is invalid' }],
  ['wrong_client', 401, { error: 'access_denied', error_description: 'Unauthorized' }],
  ['wrong_client', 401, {}],
  ['wrong_client', 401, { error: 'invalid_client' }],
  ['transient', 500, {}],
  ['transient', 503, { error: 'invalid_grant' }],
  ['transient', 429, {}],
  ['transient', 400, { error: 'invalid_request' }],
  ['transient', 403, {}],
  ['transient', 404, {}],
  ['transient', 200, { access_token: 'at' }],
])('a refresh is %s by %i %j', async (kind, status, body) => {
  reply = { status, body };
  expect((await oauth.refresh({ ...client, refreshToken: 'rt' })).kind).toBe(kind);
});

test('a lost connection says nothing of the token', async () => {
  reply = { status: 0, body: {}, drop: true };
  expect(await oauth.refresh({ ...client, refreshToken: 'rt' })).toMatchObject({
    kind: 'transient',
    error: { code: 'network' },
  });
});

test('sites and identity are read with the token', async () => {
  reply = {
    status: 200,
    body: [{ id: 'c1', name: 'acme', url: 'https://acme.atlassian.net', scopes: ['a'] }],
  };
  expect(await oauth.accessibleResources('at')).toEqual([
    { cloudId: 'c1', name: 'acme', url: 'https://acme.atlassian.net', scopes: ['a'] },
  ]);
  reply = { status: 200, body: { account_id: '5b1', name: 'Ada', email: '' } };
  expect(await oauth.me('at')).toEqual({ accountId: '5b1', name: 'Ada', email: null });
  expect(server.seen.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
    ['/oauth/token/accessible-resources', 'Bearer at'],
    ['/me', 'Bearer at'],
  ]);
});

test('revoking never throws', async () => {
  reply = { status: 200, body: {} };
  expect(await oauth.revoke({ ...client, token: 'rt' })).toBe(true);
  reply = { status: 404, body: {} };
  expect(await oauth.revoke({ ...client, token: 'rt' })).toBe(false);
  reply = { status: 0, body: {}, drop: true };
  expect(await oauth.revoke({ ...client, token: 'rt' })).toBe(false);
});

test('no outcome and no log line holds a secret, even where the answer echoes it', async () => {
  const refreshToken = 'canary-refresh-token';
  const echo = `${refreshToken} of canary-client-secret is wrong`;
  for (const status of [200, 400, 401, 403, 500]) {
    reply = { status, body: { error: 'odd', error_description: echo, message: echo } };
    const result = await oauth.refresh({ ...client, refreshToken });
    const told = 'error' in result ? everythingOf(result.error) : JSON.stringify(result);
    expect(told).not.toContain('canary');
    reply = { status: 401, body: { message: 'canary-access-token' } };
    const error = await oauth.me('canary-access-token').catch((thrown: unknown) => thrown);
    expect(everythingOf(error)).not.toContain('canary');
  }
  expect(server.logged()).toContain('/oauth/token');
  expect(server.logged()).not.toContain('canary');
});
