import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { consentAt, forcedConsent } from '../../test/consent.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const callback = 'http://localhost:3000/oauth/atlassian/callback';
const ada = 'ada.lindqvist@northwind.example';
const otherSite = {
  cloudId: 'ffffffff-0000-4000-8000-000000000001',
  name: 'Other',
  url: 'https://other.atlassian.net',
};

let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let key: string;
let browser: BrowserSession;
let siteUrl: string;
let cloudId: string;
let tick = 0;
let names = 0;

beforeAll(async () => {
  const world = createDemonstration({ redirectUri: callback });
  world.otherSites = [{ ...world.site, ...otherSite }];
  sandbox = await startSandbox({ port: 0, world });
  ({ url: siteUrl, cloudId } = world.site);
  server = await createTestServer({ gatewayUrl: sandbox.url, clock: () => Date.now() + tick });
  admin = await server.person('admin@example.com', 'administrator', 'correct horse battery');
  key = await server.key(admin);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(async () => {
  tick = 0;
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
});

const app = () => ({ clientId: 'sandbox-client', clientSecret: 'sandbox-secret' });

/** A new connection and the URL at Atlassian where its consent starts in `browser`. */
async function start(auth: { clientId: string; clientSecret: string } = app(), url = siteUrl) {
  names += 1;
  const { id } = await server.services.connections.create(admin, {
    name: `Wiki ${names}`,
    product: 'confluence',
    deployment: 'cloud',
    siteUrl: url,
    auth: { method: 'oauth', ...auth },
  });
  return { id, authorizeUrl: await again(id) };
}

async function again(id: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await browser.post(`/connections/${id}/authorize`, fields);
  expect(response.status).toBe(303);
  return response.headers['location'] ?? '';
}

const read = (id: string) => server.services.connections.get(admin, id);
const tokenCalls = () =>
  sandbox.context.counters.log().filter(({ path }: { path: string }) => path === '/oauth/token').length;

/** Comes back to the callback and expects a refusal that the tab and the API show. */
async function refused(id: string, back: string, code: string): Promise<string> {
  await browser.get(back).expect(303).expect('location', `/connections/${id}/authorize`);
  const connection = await read(id);
  expect(connection).toMatchObject({
    status: 'draft',
    statusCause: code,
    steps: { authorize: { state: 'attention' } },
  });
  return connection.statusMessage ?? '';
}

test('a consent for the entered site authorizes the connection', async () => {
  const { id, authorizeUrl } = await start();
  expect(authorizeUrl).toMatch(/__host=auth\.atlassian\.com/);
  expect(new URL(authorizeUrl).searchParams.get('code_challenge_method')).toBe('S256');
  const back = await consentAt(authorizeUrl, { email: ada });
  await browser.get(back).expect(303).expect('location', `/connections/${id}/authorize`);
  expect(await read(id)).toMatchObject({
    status: 'active',
    statusCause: null,
    cloudId,
    account: { name: 'Ada Lindqvist' },
    steps: { authorize: { state: 'done' }, configure: { state: 'todo' } },
  });
  expect(server.asked).toContain(`applySchedule ${id}`);
  const { checks } = await server.services.connections.test(admin, id);
  expect(
    checks.filter((check) => ['token', 'site', 'scopes'].includes(check.name)).map((check) => check.ok),
  ).toEqual([true, true, true]);
});

test('a declined consent says so', async () => {
  const { id, authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada, decision: 'deny' });
  expect(await refused(id, back, 'consent_declined')).toMatch(/choose Accept/);
});

test('a consent for another site names both', async () => {
  const { id, authorizeUrl } = await start();
  sandbox.context.grants.clear();
  const back = await consentAt(authorizeUrl, { email: ada, cloudId: otherSite.cloudId });
  const message = await refused(id, back, 'another_site');
  expect(message).toContain(otherSite.url);
  expect(message).toContain(siteUrl);
});

test('an account without any site is told from one with another site', async () => {
  const { id, authorizeUrl } = await start();
  const guest = sandbox.context.store.people().find((person) => person.guest);
  const back = forcedConsent(sandbox, authorizeUrl, { accountId: guest?.accountId ?? '', cloudIds: [] });
  expect(await refused(id, back, 'account_without_site')).toMatch(/guests never do/);
});

test('missing scopes are named', async () => {
  const { id, authorizeUrl } = await start();
  const person = sandbox.context.store.personByEmail(ada);
  const scopes = (new URL(authorizeUrl).searchParams.get('scope') ?? '')
    .split(' ')
    .filter((scope) => !['read:confluence-groups', 'offline_access'].includes(scope));
  const back = forcedConsent(sandbox, authorizeUrl, {
    accountId: person?.accountId ?? '',
    scopes,
    cloudIds: [cloudId],
  });
  const message = await refused(id, back, 'missing_scopes');
  expect(message).toContain('offline_access, read:confluence-groups');
});

test('a wrong client secret is told from a wrong code, and mends without a new connection', async () => {
  const { id, authorizeUrl } = await start({ ...app(), clientSecret: 'not-the-secret' });
  const back = await consentAt(authorizeUrl, { email: ada });
  expect(await refused(id, back, 'wrong_client')).toMatch(/client ID and secret/);
  await server.services.connections.update(admin, id, { auth: { method: 'oauth', ...app() } });
  await browser.get(await consentAt(await again(id), { email: ada })).expect(303);
  expect((await read(id)).status).toBe('active');
});

test('a code that was made for another callback is refused with that hint', async () => {
  const { id, authorizeUrl } = await start();
  const person = sandbox.context.store.personByEmail(ada);
  const redirectUri = 'http://localhost:3000/elsewhere';
  const given = { accountId: person?.accountId ?? '', cloudIds: [cloudId], redirectUri };
  const back = forcedConsent(sandbox, authorizeUrl, given);
  expect(await refused(id, back, 'code_refused')).toMatch(/callback URL/);
});

test('a callback mismatch never comes back, so that the tab says what it must be', async () => {
  const elsewhere = { clientId: 'other-client', clientSecret: 'other-secret', name: 'Other', scopes: [] };
  sandbox.context.store.putOAuthApp({ ...elsewhere, redirectUri: 'https://elsewhere.example/callback' });
  const { id, authorizeUrl } = await start(elsewhere);
  expect(await consentAt(authorizeUrl, { email: ada })).toMatch(/\/error\?error=unauthorized_client/);
  const session = { consents: { state: { connectionId: id } } } as never;
  expect(server.services.consents.unfinished(session, id)?.message).toContain(callback);
  expect(await read(id)).toMatchObject({
    status: 'draft',
    statusCause: 'consent_unfinished',
    statusMessage: expect.stringContaining(`enter exactly ${callback}`),
    steps: { authorize: { state: 'attention' } },
  });
});

test('an unknown client is refused at Atlassian; the API still shows the connection as a draft', async () => {
  const { id, authorizeUrl } = await start({ clientId: 'nobody', clientSecret: 'nothing' });
  expect(await consentAt(authorizeUrl, { email: ada })).toMatch(/\/error\?/);
  expect((await read(id)).status).toBe('draft');
});

test('a tampered state is refused without a token call', async () => {
  const { id, authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada });
  const before = tokenCalls();
  await browser.get(back.replace(/state=./, 'state=_')).expect(403);
  await browser.get(back.replace(/&state=[^&]*/, '')).expect(403);
  expect(tokenCalls()).toBe(before);
  expect((await read(id)).status).toBe('draft');
});

test('a replayed callback is refused without a token call', async () => {
  const { id, authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada });
  await browser.get(back).expect(303);
  const before = tokenCalls();
  expect(before).toBeGreaterThan(0);
  await browser.get(back).expect(403);
  expect(tokenCalls()).toBe(before);
  expect((await read(id)).status).toBe('active');
});

test('another browser cannot use the state, signed in or not', async () => {
  const { id, authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada });
  const before = tokenCalls();
  await createBrowserSession(server.app).get(back).expect(403);
  const other = createBrowserSession(server.app);
  await other.signIn('admin@example.com', 'correct horse battery');
  await other.get(back).expect(403);
  expect(tokenCalls()).toBe(before);
  expect((await read(id)).status).toBe('draft');
});

test('a state that is older than ten minutes is refused without a token call', async () => {
  const { id, authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada });
  const before = tokenCalls();
  tick = 10 * 60_000 + 1_000;
  await refused(id, back, 'expired_state');
  expect(tokenCalls()).toBe(before);
});

test('signing in again throws away consents that are under way', async () => {
  const { authorizeUrl } = await start();
  const back = await consentAt(authorizeUrl, { email: ada });
  await browser.post('/sign-out');
  await browser.signIn('admin@example.com', 'correct horse battery');
  await browser.get(back).expect(403);
});

test('in a popup the answer is a page that tells its opener, under the nonce of the policy', async () => {
  const { id } = await start();
  const back = await consentAt(await again(id, { popup: '1' }), { email: ada, decision: 'deny' });
  const { text, headers } = await browser.get(back).expect(200);
  const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1];
  expect(text).toContain(`<script nonce="${nonce}">`);
  expect(text).toContain('"type":"sluice:consent","ok":false,"code":"consent_declined"');
  expect(text).toContain(`href="/connections/${id}/authorize"`);
});

test('reauthenticating as another account is refused unless it is meant', async () => {
  const { id, authorizeUrl } = await start();
  await browser.get(await consentAt(authorizeUrl, { email: ada })).expect(303);
  const ben = 'ben.okafor@northwind.example';
  await browser.get(await consentAt(await again(id), { email: ben })).expect(303);
  expect((await read(id)).account?.name).toBe('Ada Lindqvist');
  await browser.get(await consentAt(await again(id, { switchAccount: '1' }), { email: ben })).expect(303);
  expect((await read(id)).account?.name).toBe('Ben Okafor');
});

test('the link that the API gives out starts the consent in any browser, until it is given', async () => {
  const response = await request(server.app)
    .post('/api/v1/connections')
    .set('authorization', `Bearer ${key}`)
    .send({
      name: 'By API',
      product: 'confluence',
      deployment: 'cloud',
      siteUrl,
      auth: { method: 'oauth', ...app() },
    })
    .expect(201);
  expect(response.body).toMatchObject({ status: 'draft', redirectUrl: callback });
  const { pathname, search } = new URL(response.body.authorizeUrl);
  await createBrowserSession(server.app)
    .get(pathname + search.slice(0, -1))
    .expect(410);
  // Whoever only looks (a chat that previews links) uses nothing up.
  await createBrowserSession(server.app)
    .get(pathname + search)
    .expect(303);
  const stranger = createBrowserSession(server.app);
  const { headers } = await stranger.get(pathname + search).expect(303);
  const back = await consentAt(headers['location'] ?? '', { email: ada });
  await stranger.get(back).expect(303).expect('location', '/oauth/atlassian/done');
  const { text } = await stranger.get('/oauth/atlassian/done').expect(200);
  expect(text).toContain('Authorized as Ada Lindqvist');
  expect((await read(response.body.id)).status).toBe('active');
  await createBrowserSession(server.app)
    .get(pathname + search)
    .expect(410);
});

test('deleting a connection cancels, removes the schedule, deletes the tokens and revokes them', async () => {
  sandbox.context.grants.clear();
  for (const { id } of await server.services.connections.list(admin)) {
    await server.services.disconnect.remove(admin, id);
    expect(server.asked).toEqual(expect.arrayContaining([`cancelRun ${id}`, `removeSchedule ${id}`]));
  }
  const { id, authorizeUrl } = await start();
  await browser.get(await consentAt(authorizeUrl, { email: ada })).expect(303);
  expect(sandbox.context.grants.list()).toHaveLength(1);
  await server.services.disconnect.remove(admin, id);
  const { db } = server.database;
  expect(await db.selectFrom('grants').select('id').execute()).toEqual([]);
  expect(await db.selectFrom('oauth_apps').select('id').execute()).toEqual([]);
  expect(sandbox.context.grants.list()).toHaveLength(0);
});
