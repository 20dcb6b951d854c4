import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { saveGroupMembers, saveGroups } from '../../store/accounts.ts';
import type { ConnectionStatus } from '../../store/schema.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const password = 'a long enough password';
let server: TestServer;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let root: Actor;
let ines: Actor;
let session: BrowserSession;
let key: string;

beforeAll(async () => {
  server = await createTestServer();
  root = await server.person('root@example.com', 'administrator', password);
});
afterAll(() => server.close());

/** A site whose group `operators` administers, with Ines in it by an own consent. */
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('users').where('id', '<>', root.userId).execute();
  site = await createSampleSite(db, 'Acme wiki');
  ines = await server.person('ines@example.com', 'member', password);
  await site.person('someone', ['operators']);
  await account('acc-ines', 'operators');
  await prove(ines, 'acc-ines', 'grant');
  await map({ operators: 'administrator' });
  session = createBrowserSession(server.app);
  await session.signIn('ines@example.com', password);
  key = await server.key({ ...ines, role: 'administrator' });
});

async function account(id: string, ...groups: string[]): Promise<void> {
  await server.database.db
    .insertInto('atlassian_accounts')
    .values({
      connection_id: site.connectionId,
      account_id: id,
      account_status: 'active',
      account_type: 'atlassian',
      email: `${id}@example.com`,
    })
    .execute();
  for (const group of groups) await site.member(id, group);
}

async function prove(actor: Actor, id: string, source: 'grant' | 'sign_in' | 'administrator'): Promise<void> {
  await server.database.db
    .insertInto('user_accounts')
    .values({ user_id: actor.userId, account_id: id, source })
    .execute();
}

async function map(groupRoles: Record<string, string>): Promise<void> {
  await server.database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ permissions: { groupRoles } }) })
    .execute();
}

const members = (of: string[] | null) =>
  server.database.db
    .transaction()
    .execute((trx) => saveGroupMembers(trx, site.connectionId, 'operators', of, new Date()));

/** What the two ways in answer to an administrator's call. */
async function statuses(): Promise<[number, number]> {
  const byKey = await request(server.app).get('/api/v1/users').set('authorization', `Bearer ${key}`);
  return [(await session.get('/settings/users')).status, byKey.status];
}

test('a member of the group administers by session and by key, until the next request after leaving', async () => {
  expect(await statuses()).toEqual([200, 200]);
  await members(['someone']);
  expect(await statuses()).toEqual([403, 403]);
});

test('Users and the API tell the role that counts and where it is from', async () => {
  const { body } = await request(server.app).get('/api/v1/users/me').set('authorization', `Bearer ${key}`);
  expect(body).toMatchObject({
    role: 'member',
    effectiveRole: 'administrator',
    roleThrough: {
      connection: { id: site.connectionId, name: 'Acme wiki' },
      group: { id: 'operators', name: 'operators' },
    },
  });
  const { text } = await session.get('/settings/users');
  expect(text).toMatch(/through group <bdi[^>]*>operators<\/bdi> of <bdi[^>]*>Acme wiki<\/bdi>/);
  const items = (await server.services.users.list(root)).items;
  expect(items.find((user) => user.id === root.userId)).toMatchObject({
    effectiveRole: 'administrator',
    roleThrough: null,
  });
});

test('whoever is matched by email alone is no administrator', async () => {
  await server.database.db.deleteFrom('user_accounts').where('user_id', '=', ines.userId).execute();
  await server.database.db
    .updateTable('atlassian_accounts')
    .set({ email: 'ines@example.com' })
    .where('account_id', '=', 'acc-ines')
    .execute();
  expect(await statuses()).toEqual([403, 403]);
});

test.each(['sign_in', 'administrator'] as const)('an account proven by %s counts', async (source) => {
  await server.database.db
    .updateTable('user_accounts')
    .set({ source })
    .where('user_id', '=', ines.userId)
    .execute();
  expect(await statuses()).toEqual([200, 200]);
});

test('an administrator’s word does not count beside an own proof on the same site', async () => {
  await account('acc-own');
  await server.database.db
    .updateTable('user_accounts')
    .set({ source: 'administrator' })
    .where('user_id', '=', ines.userId)
    .execute();
  await prove(ines, 'acc-own', 'grant');
  expect(await statuses()).toEqual([403, 403]);
});

test('a group whose members could not be read gives nothing, and neither does one that is gone', async () => {
  await members(null);
  expect(await statuses()).toEqual([403, 403]);
  await members(['acc-ines']);
  expect(await statuses()).toEqual([200, 200]);
  await saveGroups(server.database.db, site.connectionId, [], {
    opensProduct: new Set(),
    administers: new Set(),
  });
  expect(await statuses()).toEqual([403, 403]);
});

test.each([{ account_status: 'inactive' }, { account_status: 'unknown' }, { account_type: 'app' }])(
  'an account with %j gives nothing',
  async (change) => {
    await server.database.db
      .updateTable('atlassian_accounts')
      .set(change)
      .where('account_id', '=', 'acc-ines')
      .execute();
    expect(await statuses()).toEqual([403, 403]);
  },
);

test('a group that is mapped to member, or not at all, makes nobody an administrator', async () => {
  await map({ operators: 'member' });
  expect(await statuses()).toEqual([403, 403]);
  await map({});
  expect(await statuses()).toEqual([403, 403]);
});

test.each<[ConnectionStatus, number]>([
  ['needs_reauth', 200],
  ['disabled', 200],
  ['paused', 200],
  ['disconnecting', 403],
])('of a connection that is %s, the last known membership answers %d', async (status, expected) => {
  await server.database.db.updateTable('connections').set({ status }).execute();
  expect(await statuses()).toEqual([expected, expected]);
});

test('a deactivated user stays out whatever the groups say', async () => {
  await server.services.users.setActive(root, ines.userId, false);
  const [byPage, byKey] = await statuses();
  expect([byPage, byKey]).toEqual([303, 401]);
});

test('the last stored administrator stays, also for an administrator by group, whose deeds are kept', async () => {
  const acting: Actor = { ...ines, role: 'administrator' };
  await expect(server.services.users.setRole(acting, root.userId, 'member')).rejects.toMatchObject({
    code: 'last_administrator',
  });
  await session.post('/settings/users', { email: 'new@example.com', role: 'member' });
  const { items } = await server.services.audit.list(root, { action: 'user.create' });
  expect(items[0]).toMatchObject({ actor: 'ines@example.com', target: 'new@example.com' });
});
