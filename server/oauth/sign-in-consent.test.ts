import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { linkAccount, findUserByEmail } from '../../store/users.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { consentAt, forcedConsent } from '../../test/consent.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const email = (name: string) => `${name}@northwind.example`;

let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let browser: BrowserSession;

let siteUrl: string;
let appId: string;

beforeAll(async () => {
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  siteUrl = world.site.url;
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  admin = await server.person('admin@example.com', 'administrator', 'correct horse battery');
  const app = { name: 'Sluice', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
  appId = (await server.services.oauthApps.create(admin, app)).id;
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(() => {
  browser = createBrowserSession(server.app);
});

const accountOf = (name: string) => sandbox.context.store.personByEmail(email(name))?.accountId ?? '';
const userOf = (name: string) => findUserByEmail(server.database.db, email(name));

async function atAtlassian(): Promise<string> {
  const response = await browser.post('/sign-in/atlassian', { returnTo: '/profile' });
  expect(response.status).toBe(303);
  return response.headers['location'] ?? '';
}

/** Signs in with Atlassian as somebody; where the browser goes next. */
async function signInAs(name: string): Promise<string> {
  const response = await browser.get(await consentAt(await atAtlassian(), { email: email(name) }));
  expect(response.status).toBe(303);
  return response.headers['location'] ?? '';
}

/** Expects a refusal that the sign-in page shows. */
async function refusedAs(name: string, words: RegExp): Promise<void> {
  expect(await signInAs(name)).toBe('/sign-in');
  const { text } = await browser.get('/sign-in').expect(200);
  expect(text).toMatch(words);
  await browser.get('/profile').expect(303);
}

test('a stranger, while no site is connected, is refused and made nobody', async () => {
  await refusedAs('ben.okafor', /reaches none of the connected sites/);
  expect(await userOf('ben.okafor')).toBeUndefined();
});

test('a user whose email is vouched for is linked by the first sign-in, under a fresh session', async () => {
  await server.person(email('chloe.martin'));
  await browser.get('/sign-in');
  const url = await atAtlassian();
  const before = browser.cookie();
  const response = await browser.get(await consentAt(url, { email: email('chloe.martin') }));
  expect(response.headers['location']).toBe('/profile');
  expect(browser.cookie()).not.toBe(before);
  const { text } = await browser.get('/profile').expect(200);
  expect(text).toContain(email('chloe.martin'));
  const links = await server.database.db.selectFrom('user_accounts').selectAll().execute();
  expect(links).toEqual([
    expect.objectContaining({ account_id: accountOf('chloe.martin'), source: 'sign_in' }),
  ]);
});

test('a linked account signs in its user whatever its email says', async () => {
  const user = await server.person('somebody.else@example.com');
  const { db } = server.database;
  await linkAccount(db, { userId: user.userId, accountId: accountOf('emi.tanaka'), source: 'administrator' });
  expect(await signInAs('emi.tanaka')).toBe('/profile');
  expect((await browser.get('/profile')).text).toContain('somebody.else@example.com');
});

test('an email that nobody vouched for proves nothing', async () => {
  await server.person(email('farid.rahimi'));
  const { db } = server.database;
  await db
    .updateTable('users')
    .set({ email_verified: false })
    .where('email', '=', email('farid.rahimi'))
    .execute();
  await refusedAs('farid.rahimi', /not verified here/);
});

test('a namesake who belongs to another Atlassian account is refused', async () => {
  const user = await server.person(email('grace.oneill'));
  const link = { userId: user.userId, accountId: 'another-account', source: 'sign_in' as const };
  await linkAccount(server.database.db, link);
  await refusedAs('grace.oneill', /belongs to another Atlassian account/);
});

test('a deactivated user cannot sign in, and an open session ends at once', async () => {
  const henrik = await server.person(email('henrik.sorensen'));
  const { db } = server.database;
  await linkAccount(db, {
    userId: henrik.userId,
    accountId: accountOf('henrik.sorensen'),
    source: 'administrator',
  });
  expect(accountOf('henrik.sorensen')).not.toBe('');
  expect(await signInAs('henrik.sorensen')).toBe('/profile');
  await server.services.users.setActive(admin, henrik.userId, false);
  await browser.get('/profile').expect(303);
  browser = createBrowserSession(server.app);
  await refusedAs('henrik.sorensen', /deactivated/);
});

test('people of a connected site become members; guests of it do not', async () => {
  const connection = await server.services.connections.create(admin, {
    name: 'Wiki',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl,
    auth: { method: 'oauth', oauthAppId: appId },
  });
  const own = createBrowserSession(server.app);
  await own.signIn('admin@example.com', 'correct horse battery');
  const started = await own.post(`/connections/${connection.id}/authorize`);
  await own.get(await consentAt(started.headers['location'] ?? '', { email: email('ada.lindqvist') }));
  expect((await server.services.connections.get(admin, connection.id)).status).toBe('active');

  expect(await signInAs('ben.okafor')).toBe('/profile');
  expect(await userOf('ben.okafor')).toMatchObject({
    role: 'member',
    email_verified: true,
    name: 'Ben Okafor',
  });

  browser = createBrowserSession(server.app);
  const guest = { accountId: accountOf('mona.haddad'), cloudIds: [] };
  await browser
    .get(forcedConsent(sandbox, await atAtlassian(), guest))
    .expect(303)
    .expect('location', '/sign-in');
  expect(await userOf('mona.haddad')).toBeUndefined();
});

test("a sign-in by the account that crawls keeps the crawl's tokens alive", async () => {
  await server.person(email('ada.lindqvist'));
  const { db } = server.database;
  const before = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  expect(await signInAs('ada.lindqvist')).toBe('/profile');
  const after = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  expect(after.id).toBe(before.id);
  expect(after.access_token.equals(before.access_token)).toBe(false);
  const [connection] = await server.services.connections.list(admin);
  const { checks } = await server.services.connections.test(admin, connection?.id ?? '');
  expect(checks.find((check) => check.name === 'token')?.ok).toBe(true);
});

test("one's own consent links the account, is listed, and can be withdrawn", async () => {
  const jonas = await server.person('jonas@example.com', 'member', 'a long enough password');
  await browser.signIn('jonas@example.com', 'a long enough password');
  const started = await browser.post('/grants/authorize', { oauthAppId: appId, returnTo: '/profile' });
  await browser.get(await consentAt(started.headers['location'] ?? '', { email: email('jonas.keller') }));
  const [grant] = await server.services.grants.list(jonas);
  expect(grant).toMatchObject({
    accountId: accountOf('jonas.keller'),
    state: 'active',
    user: { email: 'jonas@example.com' },
  });
  await expect(server.services.grants.withdraw(admin, grant?.id ?? '')).rejects.toMatchObject({
    code: 'not_found',
  });
  await server.services.grants.withdraw(jonas, grant?.id ?? '');
  expect(await server.services.grants.list(jonas)).toEqual([]);
  const links = await server.database.db
    .selectFrom('user_accounts')
    .where('user_id', '=', jonas.userId)
    .execute();
  expect(links).toEqual([]);
});

test("an account of somebody else cannot be given as one's own consent", async () => {
  const kira = await server.person('kira@example.com', 'member', 'a long enough password');
  await browser.signIn('kira@example.com', 'a long enough password');
  const started = await browser.post('/grants/authorize', { oauthAppId: appId });
  await browser.get(await consentAt(started.headers['location'] ?? '', { email: email('ben.okafor') }));
  expect((await browser.get('/profile')).text).toMatch(/belongs to another user here/);
  expect(await server.services.grants.list(kira)).toEqual([]);
});

test('going on after the sign-in stays on this site', async () => {
  await server.person(email('kira.novak'));
  const response = await browser.post('/sign-in/atlassian', { returnTo: '//evil.example/' });
  const back = await consentAt(response.headers['location'] ?? '', { email: email('kira.novak') });
  await browser.get(back).expect(303).expect('location', '/');
});
