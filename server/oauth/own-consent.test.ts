import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { saveAccounts } from '../../store/accounts.ts';
import { loadPrincipals } from '../../store/viewer-access.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { consentAt } from '../../test/consent.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const email = (name: string) => `${name}@northwind.example`;
const password = 'a long enough password';

let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let appId: string;
let connectionId: string;
let browser: BrowserSession;

beforeAll(async () => {
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  admin = await server.person('admin@example.com', 'administrator', password);
  const app = { name: 'Sluice', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
  appId = (await server.services.oauthApps.create(admin, app)).id;
  const connection = await server.services.connections.create(admin, {
    name: 'Northwind wiki',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl: world.site.url,
    auth: { method: 'oauth', oauthAppId: appId },
  });
  connectionId = connection.id;
  const people = ['jonas.keller', 'kira.novak', 'ben.okafor', 'mona.haddad'];
  await saveAccounts(
    server.database.db,
    connectionId,
    people.map((name) => ({
      accountId: accountOf(name),
      displayName: name,
      email: email(name),
      accountType: 'atlassian',
      accountStatus: 'active',
      guest: false,
    })),
    new Date(),
  );
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(() => {
  browser = createBrowserSession(server.app);
});

const accountOf = (name: string) => sandbox.context.store.personByEmail(email(name))?.accountId ?? '';
const held = async ({ userId }: Actor) => [
  ...(await loadPrincipals(server.database.db, { userId }, connectionId)).keys(),
];

/** Consents as somebody at Atlassian, and tells what the next page says of it. */
async function consentAs(name: string): Promise<string> {
  const started = await browser.post('/grants/authorize', {
    oauthAppId: appId,
    returnTo: '/connect-account',
  });
  await browser.get(await consentAt(started.headers['location'] ?? '', { email: email(name) }));
  return (await browser.get('/profile')).text;
}

test('a consent for another account than an administrator linked counts instead of it, and says so', async () => {
  const user = await server.person('one@example.com', 'member', password);
  await server.services.users.linkAccount(admin, user.userId, accountOf('kira.novak'));
  expect(await held(user)).toEqual([accountOf('kira.novak')]);
  await browser.signIn(user.email, password);
  expect(await consentAs('jonas.keller')).toContain(
    'On northwind.atlassian.net it counts instead of the account kira.novak, which an administrator had linked with you.',
  );
  expect(await held(user)).toEqual([accountOf('jonas.keller')]);
  const { items } = await server.services.people.accounts(admin, { state: 'link_outranked' });
  expect(items.map((row) => [row.accountId, row.user?.email])).toEqual([
    [accountOf('kira.novak'), user.email],
  ]);

  const [grant] = await server.services.grants.list(user);
  await server.services.grants.withdraw(user, grant?.id ?? '');
  expect(await held(user)).toEqual([accountOf('kira.novak')]);
});

test('a consent for another account than the one with the person’s email counts instead of it, and says so', async () => {
  const user = await server.person(email('ben.okafor'), 'member', password);
  expect(await held(user)).toEqual([accountOf('ben.okafor')]);
  await browser.signIn(user.email, password);
  expect(await consentAs('jonas.keller')).toContain(
    'instead of the account ben.okafor, which has your email.',
  );
  expect(await held(user)).toEqual([accountOf('jonas.keller')]);
  const { items } = await server.services.people.accounts(admin, { state: 'user_other_account' });
  expect(items.map((row) => row.accountId)).toEqual([accountOf('ben.okafor')]);
});

test('a person’s own proof takes the account from whoever an administrator linked it with, and the log says so', async () => {
  const [wrong, right] = [
    await server.person('wrong@example.com'),
    await server.person('right@example.com', 'member', password),
  ];
  await server.services.users.linkAccount(admin, wrong.userId, accountOf('mona.haddad'));
  await browser.signIn(right.email, password);
  expect(await consentAs('mona.haddad')).toContain('is linked.');
  expect([await held(wrong), await held(right)]).toEqual([[], [accountOf('mona.haddad')]]);
  const { items } = await server.services.audit.list(admin, { action: 'user.account_unlink' });
  expect(items[0]).toMatchObject({
    actor: right.email,
    target: wrong.email,
    before: { accountId: accountOf('mona.haddad'), provenBy: right.email },
  });

  const third = await server.person('third@example.com', 'member', password);
  browser = createBrowserSession(server.app);
  await browser.signIn(third.email, password);
  expect(await consentAs('mona.haddad')).toContain('belongs to another user here');
  expect([await held(third), await held(right)]).toEqual([[], [accountOf('mona.haddad')]]);
});

test('what an administrator unlinks is not called connected any more, and can be connected again', async () => {
  const user = await server.person('again@example.com', 'member', password);
  await browser.signIn(user.email, password);
  await consentAs('emi.tanaka');
  await server.services.people.unlink(admin, accountOf('emi.tanaka'));
  const { text } = await browser.get('/connect-account').expect(200);
  expect(text).toContain('An administrator removed the link.');
  expect(text).not.toContain('Connected');
  await consentAs('emi.tanaka');
  expect((await browser.get('/connect-account')).text).toContain('Connected');
});

test('an app that was typed by hand for one connection can be consented to as well, by the name of its site', async () => {
  const user = await server.person('hand@example.com', 'member', password);
  await server.database.db.updateTable('oauth_apps').set({ listed: false }).execute();
  expect(await server.services.grants.offered(user)).toEqual([
    { id: appId, name: 'Sluice', hosts: ['northwind.atlassian.net'], consents: [] },
  ]);
  await browser.signIn(user.email, password);
  expect((await browser.get('/connect-account').expect(200)).text).toContain('northwind.atlassian.net');
});
