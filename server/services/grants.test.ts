import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { saveGrant } from '../../store/grants.ts';
import { addOwnGrant } from '../../store/user-grants.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

let server: TestServer;
let admin: Actor;
let member: Actor;
beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('admin@example.com', 'administrator');
  member = await server.person('member@example.com');
  const app = { name: 'Sluice', clientId: 'a-client', clientSecret: 'a-secret' };
  const { id: oauthAppId } = await server.services.oauthApps.create(admin, app);
  const cipher = createCipher(keyProviderFromKey(Buffer.alloc(32, 1)));
  const grantId = await saveGrant(server.database.db, cipher, {
    oauthAppId,
    accountId: 'mia',
    accountName: 'Mia',
    accountEmail: null,
    scopes: [],
    accessToken: 'x',
    refreshToken: 'y',
    accessExpiresAt: new Date(),
  });
  await addOwnGrant(server.database.db, { userId: member.userId, grantId });
});
afterAll(() => server.close());

async function endsAfter(days: number): Promise<string | null> {
  const usedAt = new Date(Date.now() - days * 86_400_000);
  await server.database.db.updateTable('grants').set({ rotated_at: usedAt }).execute();
  const [grant] = await server.services.grants.list(member);
  return grant?.endsAt ?? null;
}

test("a person is told of one's own consent that nobody uses, two weeks before it ends", async () => {
  expect(await endsAfter(75)).toBeNull();
  expect(Date.parse((await endsAfter(80)) ?? '')).toBeCloseTo(Date.now() + 10 * 86_400_000, -5);
  await server.database.db.updateTable('grants').set({ state: 'dead' }).execute();
  expect(await endsAfter(80)).toBeNull();
});

test('a consent that is given anew begins its time anew', async () => {
  const { db } = server.database;
  const long = new Date(Date.now() - 400 * 86_400_000);
  await db.updateTable('grants').set({ created_at: long, rotated_at: long }).execute();
  const row = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  await saveGrant(db, createCipher(keyProviderFromKey(Buffer.alloc(32, 1))), {
    oauthAppId: row.oauth_app_id,
    accountId: row.account_id,
    accountName: 'Mia',
    accountEmail: null,
    scopes: [],
    accessToken: 'x2',
    refreshToken: 'y2',
    accessExpiresAt: new Date(),
  });
  const anew = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  expect(Math.min(anew.created_at.getTime(), anew.rotated_at.getTime())).toBeGreaterThan(Date.now() - 60_000);
  expect(anew.id).toBe(row.id);
});
