import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL } from '../world/small.ts';
import { walkConsent } from './consent-walk.ts';

const REQUEST = {
  audience: 'api.atlassian.com',
  client_id: 'sandbox-client',
  scope: 'read:page:confluence read:me offline_access',
  redirect_uri: 'https://app.example/callback',
  state: 'state-1',
  response_type: 'code',
  prompt: 'consent',
};

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
});
afterAll(() => sandbox.close());

const url = (change: Partial<Record<string, string>> = {}): string => {
  const entries = Object.entries({ ...REQUEST, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== '',
  );
  return `/authorize?${new URLSearchParams(entries)}`;
};
const refusal = async (change: Record<string, string>): Promise<URLSearchParams> => {
  const answer = await fetch(`${sandbox.url}${url(change)}`, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  const location = new URL(answer.headers.get('location') ?? '', sandbox.url);
  expect(location.pathname).toBe('/error');
  expect(location.searchParams.get('__host')).toBe('id.atlassian.com');
  return location.searchParams;
};

test.each([
  ['client_id', 'unknown', 'unauthorized_client', 'Unknown client'],
  ['redirect_uri', 'https://app.example/callback/', 'unauthorized_client', 'Callback URL mismatch'],
  ['response_type', 'token', 'unsupported_response_type', 'token'],
  ['audience', 'elsewhere', 'invalid_request', 'elsewhere'],
  ['prompt', 'none', 'invalid_request', 'none'],
  ['scope', 'read:page:confluence write:page:confluence', 'invalid_scope', 'write:page:confluence'],
])('%s=%s is refused at the error page, never at the callback', async (name, value, error, words) => {
  const shown = await refusal({ [name]: value });
  expect(shown.get('error')).toBe(error);
  expect(shown.get('error_description')).toContain(words);
});

test.each(Object.keys(REQUEST))('without %s the request is refused', async (name) => {
  expect((await refusal({ [name]: '' })).get('error_description')).toBe(
    `Missing required parameter: ${name}`,
  );
});

test('a plain-http callback is allowed for localhost alone', async () => {
  const app = { ...sandbox.context.store.oauthApp('sandbox-client')!, clientId: 'http-app' };
  sandbox.context.store.putOAuthApp({ ...app, redirectUri: 'http://app.example/callback' });
  const request = { client_id: 'http-app', redirect_uri: 'http://app.example/callback' };
  expect((await refusal(request)).get('error_description')).toContain('Callback URL mismatch');
  sandbox.context.store.putOAuthApp({ ...app, redirectUri: 'http://localhost:3000/callback' });
  const page = await fetch(
    `${sandbox.url}${url({ ...request, redirect_uri: 'http://localhost:3000/callback' })}`,
  );
  expect(page.status).toBe(200);
});

test('the pages work without scripts, offer active people and forbid everything from elsewhere', async () => {
  const answer = await fetch(`${sandbox.url}${url()}`);
  const html = await answer.text();
  expect(html).toContain(`value="${SMALL.mia}"`);
  expect(html).not.toContain(`value="${SMALL.gone}"`);
  expect(html).not.toContain('<script');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self' https://app.example");
});

test('accepting leads to the callback with a code and the state', async () => {
  const { location, consentPage } = await walkConsent(sandbox.url, url(), { accountId: SMALL.mia });
  const callback = new URL(location);
  expect(callback.origin + callback.pathname).toBe(REQUEST.redirect_uri);
  expect(callback.searchParams.get('state')).toBe('state-1');
  expect(callback.searchParams.get('code')).toBeTruthy();
  expect(consentPage).toContain('View pages and blog posts');
  expect(consentPage).toContain('https://acme-two.atlassian.net');
});

test('denying leads to the callback with access_denied and the state, and grants nothing', async () => {
  const { location } = await walkConsent(sandbox.url, url(), { accountId: SMALL.noah, decision: 'deny' });
  expect(Object.fromEntries(new URL(location).searchParams)).toEqual({
    error: 'access_denied',
    error_description: 'User did not authorize the request',
    state: 'state-1',
  });
  expect(sandbox.context.grants.grant('sandbox-client', SMALL.noah)).toBeUndefined();
});

test('sign-in alone asks for no site', async () => {
  const { location, consentPage } = await walkConsent(sandbox.url, url({ scope: 'read:me' }), {
    accountId: SMALL.noah,
  });
  expect(consentPage).not.toContain('name="cloudId"');
  expect(new URL(location).searchParams.get('code')).toBeTruthy();
});

test('a site that the person cannot choose, and an account that has left, are refused', async () => {
  const foreign = await walkConsent(sandbox.url, url(), { accountId: SMALL.mia, cloudId: 'elsewhere' });
  expect(foreign.location).toContain('/error?');
  await expect(
    walkConsent(sandbox.url, url(), { accountId: SMALL.gone, cloudId: SMALL.cloudId }),
  ).resolves.toMatchObject({
    consentPage: expect.stringContaining('There is no active account'),
  });
});

test('a decision is taken once: the same form a second time is refused', async () => {
  const page = await (await fetch(`${sandbox.url}${url()}`)).text();
  const transaction = /name="transaction" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const deny = () =>
    fetch(`${sandbox.url}/authorize/decision`, {
      method: 'POST',
      body: new URLSearchParams({ transaction, decision: 'deny' }),
      redirect: 'manual',
    });
  expect((await deny()).headers.get('location')).toContain('app.example');
  expect((await deny()).headers.get('location')).toContain('/error?');
});

test('a browser that has signed in before goes straight to the consent', async () => {
  const answer = await fetch(`${sandbox.url}${url()}`, {
    headers: { cookie: `sandbox_account=${SMALL.mia}` },
  });
  expect(await answer.text()).toContain('Signed in as <strong>Mia');
});

test('where a challenge was sent, only its verifier redeems the code', async () => {
  const verifier = 'v'.repeat(50);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redeem = async (given: string | undefined): Promise<number> => {
    const asked = url({ code_challenge: challenge, code_challenge_method: 'S256' });
    const { location } = await walkConsent(sandbox.url, asked, { accountId: SMALL.mia });
    const answer = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'authorization_code',
        client_id: 'sandbox-client',
        client_secret: 'sandbox-secret',
        redirect_uri: REQUEST.redirect_uri,
        code: new URL(location).searchParams.get('code'),
        code_verifier: given,
      }),
    });
    return answer.status;
  };
  expect([await redeem(verifier), await redeem('wrong'), await redeem(undefined)]).toEqual([200, 403, 403]);
});
