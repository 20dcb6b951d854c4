import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { saveAccounts, saveGroupMembers } from '../../store/accounts.ts';
import { findUserByEmail } from '../../store/users.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { consentAt } from '../../test/consent.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

const email = (name: string) => `${name}@northwind.example`;

let sandbox: RunningSandbox;
let server: TestServer;
let browser: BrowserSession;
let connectionId: string;

beforeAll(async () => {
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  const admin = await server.person('admin@example.com', 'administrator');
  const app = { name: 'Sluice', clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
  await server.services.oauthApps.create(admin, app);
  const { id } = await server.database.db
    .insertInto('connections')
    .values({
      name: 'Wiki',
      product: 'confluence',
      deployment: 'cloud',
      site_url: world.site.url,
      cloud_id: world.site.cloudId,
      auth_method: 'oauth',
      status: 'active',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  connectionId = id;
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(() => {
  browser = createBrowserSession(server.app);
});

const accountOf = (name: string) => sandbox.context.store.personByEmail(email(name))?.accountId ?? '';

async function map(groupRoles: Record<string, 'administrator' | 'member'>, members: string[]): Promise<void> {
  const { db } = server.database;
  const accounts = members.map((name) => ({
    accountId: accountOf(name),
    displayName: name,
    email: null,
    accountType: 'atlassian',
    accountStatus: 'active',
    guest: false,
  }));
  await saveAccounts(db, connectionId, accounts, new Date());
  await saveGroupMembers(db, connectionId, 'staff', members.map(accountOf), new Date());
  await db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ permissions: { groupRoles } }) })
    .where('id', '=', connectionId)
    .execute();
}

async function signInAs(name: string): Promise<string> {
  const started = await browser.post('/sign-in/atlassian', { returnTo: '/profile' });
  const response = await browser.get(
    await consentAt(started.headers['location'] ?? '', { email: email(name) }),
  );
  return response.headers['location'] ?? '';
}

test('once a group is mapped, only its people become users by signing in', async () => {
  await map({ staff: 'member' }, ['ben.okafor']);
  expect(await signInAs('chloe.martin')).toBe('/sign-in');
  expect((await browser.get('/sign-in')).text).toMatch(/only people in certain groups/);
  expect(await findUserByEmail(server.database.db, email('chloe.martin'))).toBeUndefined();
  browser = createBrowserSession(server.app);
  expect(await signInAs('ben.okafor')).toBe('/profile');
  expect(await findUserByEmail(server.database.db, email('ben.okafor'))).toMatchObject({ role: 'member' });
});

test('a person whom an administrator added signs in without any group', async () => {
  await map({ staff: 'member' }, []);
  await server.person(email('emi.tanaka'));
  expect(await signInAs('emi.tanaka')).toBe('/profile');
});

test('a person of an administrating group becomes a user and administers, and the stored role stays member', async () => {
  await map({ staff: 'administrator' }, ['farid.rahimi']);
  expect(await signInAs('farid.rahimi')).toBe('/profile');
  expect((await browser.get('/settings/users')).status).toBe(200);
  expect(await findUserByEmail(server.database.db, email('farid.rahimi'))).toMatchObject({ role: 'member' });
});
