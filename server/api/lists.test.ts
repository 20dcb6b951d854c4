import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import type { z } from 'zod';
import { saveGrant } from '../../store/grants.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { addOwnGrant } from '../../store/user-grants.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';
import {
  apiKeySchema,
  auditSchema,
  connectionSchema,
  grantSchema,
  groupSchema,
  oauthAppSchema,
  pageSchema,
  runSchema,
  userSchema,
} from './schemas.ts';

let server: TestServer;
let admin: Actor;
let key: string;
let connection: string;

beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('admin@example.com', 'administrator');
  key = await server.key(admin);
  const { db } = server.database;
  const cipher = createCipher(keyProviderFromKey(Buffer.alloc(32, 1)));
  const app = { name: 'Sluice', clientId: 'a-client', clientSecret: 'a-secret' };
  const { id: oauthAppId } = await server.services.oauthApps.create(admin, app);
  const grantId = await saveGrant(db, cipher, {
    oauthAppId,
    accountId: 'ada',
    accountName: 'Ada',
    accountEmail: null,
    scopes: ['read:me'],
    accessToken: 'x',
    refreshToken: null,
    accessExpiresAt: new Date(),
  });
  await addOwnGrant(db, { userId: admin.userId, grantId });
  const input = {
    name: 'Wiki',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl: 'https://x.atlassian.net',
  } as const;
  const made = await server.services.connections.create(admin, {
    ...input,
    auth: { method: 'oauth', oauthAppId },
  });
  connection = made.id;
  await db.updateTable('connections').set({ status: 'active', authorized_at: new Date() }).execute();
  await server.services.syncs.start(admin, connection, { kind: 'full' });
  await db
    .insertInto('atlassian_groups')
    .values([
      { connection_id: connection, group_id: 'a', name: 'everyone', members_state: 'known' },
      { connection_id: connection, group_id: 'b', name: 'unread' },
    ])
    .execute();
  await db
    .insertInto('group_members')
    .values({ connection_id: connection, group_id: 'a', account_id: 'ada' })
    .execute();
});
afterAll(() => server.close());

const lists: [string, () => string, z.ZodType][] = [
  ['users', () => '/users', userSchema],
  ['API keys', () => '/api-keys', apiKeySchema],
  ['OAuth apps', () => '/oauth-apps', oauthAppSchema],
  ['own consents', () => '/grants', grantSchema],
  ['the audit log', () => '/audit', auditSchema],
  ['groups', () => `/groups?connection=${connection}`, groupSchema],
  ['connections', () => '/connections', connectionSchema],
  ['syncs', () => `/connections/${connection}/syncs`, runSchema],
];

test.each(lists)('the list of %s is as documented', async (_name, path, item) => {
  const { body } = await request(server.app)
    .get(`/api/v1${path()}`)
    .set('authorization', `Bearer ${key}`)
    .expect(200);
  const { items } = pageSchema(item).parse(body);
  expect(items.length).toBeGreaterThan(0);
  expect(JSON.stringify(body)).not.toMatch(/secret|password|hash/i);
});

test('a group tells its members where they are known', async () => {
  const { body } = await request(server.app)
    .get(`/api/v1/groups?connection=${connection}`)
    .set('authorization', `Bearer ${key}`);
  expect(body.items.map((group: { members: number | null }) => group.members)).toEqual([1, null]);
});

test('removing an app forgets the accounts that its consents alone proved', async () => {
  const { db } = server.database;
  const links = [
    { user_id: admin.userId, account_id: 'ada', source: 'grant' as const },
    { user_id: admin.userId, account_id: 'by-word', source: 'administrator' as const },
  ];
  await db.insertInto('user_accounts').values(links).execute();
  const [app] = await server.services.oauthApps.list(admin);
  await expect(server.services.oauthApps.remove(admin, app?.id ?? '')).rejects.toMatchObject({
    code: 'oauth_app_in_use',
  });
  await server.services.disconnect.remove(admin, connection);
  await server.services.oauthApps.remove(admin, app?.id ?? '');
  const left = await db.selectFrom('user_accounts').select('account_id').execute();
  expect(left).toEqual([{ account_id: 'by-word' }]);
});

test("a member's lists hold the member's own things alone", async () => {
  const member = await server.person('max@example.com');
  expect(await server.services.apiKeys.list(member)).toEqual([]);
  expect(await server.services.grants.list(member)).toEqual([]);
  await expect(server.services.connections.list(member)).rejects.toMatchObject({
    code: 'administrators_only',
  });
  const foreign = (await server.services.apiKeys.list(admin))[0]?.id ?? '';
  await expect(server.services.apiKeys.revoke(member, foreign)).rejects.toMatchObject({ code: 'not_found' });
});
