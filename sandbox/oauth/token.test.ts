import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL } from '../world/small.ts';
import type { TokenPair } from './grants.ts';

const APP = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' };
const SCOPES = ['read:page:confluence', 'read:me', 'offline_access'];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DEAD = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' };

let sandbox: RunningSandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
});
afterEach(() => sandbox.close());

async function ask(body: Record<string, string>, form = false): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    headers: form ? {} : { 'content-type': 'application/json' },
    body: form ? new URLSearchParams(body) : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
const code = (scopes = SCOPES, cloudIds: string[] = [SMALL.cloudId]): string =>
  sandbox.context.grants.consent({
    clientId: APP.client_id,
    accountId: SMALL.mia,
    scopes,
    cloudIds,
    redirectUri: 'https://app.example/callback',
    codeChallenge: null,
  });
const exchange = (given: string, change: Record<string, string> = {}, form = false) =>
  ask(
    {
      grant_type: 'authorization_code',
      ...APP,
      code: given,
      redirect_uri: 'https://app.example/callback',
      ...change,
    },
    form,
  );
const refresh = (token: string) => ask({ grant_type: 'refresh_token', ...APP, refresh_token: token });
const pair = async (): Promise<Required<TokenPair>> => (await exchange(code())).body;

test.each([false, true])('a code is exchanged for tokens (form body: %s)', async (form) => {
  const { status, body } = await exchange(code(), {}, form);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^ey[^.]+\.[^.]+\.[^.]+$/),
    refresh_token: expect.any(String),
    expires_in: 3600,
    token_type: 'Bearer',
    scope: SCOPES.join(' '),
  });
});

test('without offline_access there is no refresh token', async () => {
  expect((await exchange(code(['read:me']))).body).not.toHaveProperty('refresh_token');
});

test('a code is good once, for five minutes, for its app and its callback', async () => {
  const once = code();
  expect((await exchange(once)).status).toBe(200);
  const replay = await exchange(once);
  expect(replay).toMatchObject({ status: 403, body: { error: 'invalid_grant' } });
  expect((await exchange(code(), { redirect_uri: 'https://app.example/other' })).body.error).toBe(
    'invalid_grant',
  );
  const late = code();
  sandbox.context.clock.advance(5 * MINUTE + 1);
  expect((await exchange(late)).body.error).toBe('invalid_grant');
});

test.each([{ client_secret: 'wrong' }, { client_id: 'nobody' }])(
  'a wrong client (%o) gets 401 access_denied',
  async (change) => {
    const body = { error: 'access_denied', error_description: 'Unauthorized' };
    expect(await exchange(code(), change)).toEqual({ status: 401, body });
  },
);

test('another grant type is named in the refusal', async () => {
  expect(await ask({ ...APP, grant_type: 'password' })).toMatchObject({
    status: 403,
    body: { error: 'unsupported_grant_type' },
  });
});

test('each refresh gives a new pair, and the used token works on in the leeway without harm', async () => {
  const first = await pair();
  const second = (await refresh(first.refresh_token)).body;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  sandbox.context.clock.advance(9 * MINUTE);
  const again = (await refresh(first.refresh_token)).body;
  expect((await refresh(second.refresh_token)).status).toBe(200);
  expect((await refresh(again.refresh_token)).status).toBe(200);
  // The leeway runs from the first exchange, however often the token was used in it.
  sandbox.context.clock.advance(2 * MINUTE);
  expect(await refresh(first.refresh_token)).toEqual({ status: 403, body: DEAD });
});

test('reuse after the leeway kills every token of the family', async () => {
  const first = await pair();
  const second = (await refresh(first.refresh_token)).body;
  sandbox.context.clock.advance(10 * MINUTE + 1);
  expect(await refresh(first.refresh_token)).toEqual({ status: 403, body: DEAD });
  expect(await refresh(second.refresh_token)).toEqual({ status: 403, body: DEAD });
});

test('ninety days without use end a refresh token, and each rotation starts them anew', async () => {
  const first = await pair();
  sandbox.context.clock.advance(89 * DAY);
  const second = (await refresh(first.refresh_token)).body;
  sandbox.context.clock.advance(89 * DAY);
  const third = (await refresh(second.refresh_token)).body;
  sandbox.context.clock.advance(90 * DAY + 1);
  expect((await refresh(third.refresh_token)).body).toEqual(DEAD);
});

test('unknown tokens, and those of a revoked, deactivated or deleted party, are dead', async () => {
  expect((await refresh('never-issued')).body).toEqual(DEAD);
  const { refresh_token } = await pair();
  sandbox.context.grants.revoke(APP.client_id, SMALL.mia);
  expect((await refresh(refresh_token)).body).toEqual(DEAD);
  const other = await pair();
  sandbox.context.store.deactivatePerson(SMALL.mia);
  expect((await refresh(other.refresh_token)).body).toEqual(DEAD);
  sandbox.context.store.removeOAuthApp(APP.client_id);
  expect(await refresh(other.refresh_token)).toMatchObject({
    status: 403,
    body: { error: 'unauthorized_client' },
  });
});

test('a changed password ends the refresh tokens, not the access tokens that are out', async () => {
  const { access_token, refresh_token } = await pair();
  sandbox.context.grants.changePassword(SMALL.mia);
  expect((await refresh(refresh_token)).body).toEqual(DEAD);
  const me = await fetch(`${sandbox.url}/me`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(me.status).toBe(200);
});

test('the other form in which dead tokens were seen is an option', async () => {
  sandbox.context.options.deadRefreshToken = 'unauthorized_client';
  expect(await refresh('never-issued')).toEqual({
    status: 403,
    body: { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
  });
});

test('one grant for an app and an account: new scopes override, sites add up', async () => {
  const first = await pair();
  await exchange(code(['read:space:confluence', 'offline_access'], [SMALL.otherCloudId]));
  expect(sandbox.context.grants.list()).toHaveLength(1);
  expect(sandbox.context.grants.grant(APP.client_id, SMALL.mia)).toMatchObject({
    scopes: ['read:space:confluence', 'offline_access'],
    cloudIds: [SMALL.cloudId, SMALL.otherCloudId],
  });
  expect((await refresh(first.refresh_token)).body.scope).toBe('read:space:confluence offline_access');
});

test('the app revokes by a refresh token: nothing of the grant works any more', async () => {
  const { access_token, refresh_token } = await pair();
  const answer = await fetch(`${sandbox.url}/oauth/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ ...APP, token: refresh_token }),
  });
  expect(answer.status).toBe(200);
  expect((await refresh(refresh_token)).body).toEqual(DEAD);
  const me = await fetch(`${sandbox.url}/me`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(me.status).toBe(401);
});
