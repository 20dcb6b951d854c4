import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createCipher, keyIdOf, keyProviderFromKey } from './encryption.ts';
import { createGrantVault, saveGrant } from './grants.ts';
import { insertNoticeTarget, openTarget, sealTarget } from './notice-targets.ts';
import { resealAll, sealedColumns } from './reseal.ts';

const [old, next] = [randomBytes(32), randomBytes(32)];
const oldCipher = createCipher(keyProviderFromKey(old));
const provider = keyProviderFromKey(next, [old]);
const cipher = createCipher(provider);
const current = provider.current().id;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

let grantId: string;
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('grants').execute();
  await db.deleteFrom('oauth_apps').execute();
  await db.deleteFrom('notice_targets').execute();
  const appId = randomUUID();
  const place = { table: 'oauth_apps', row: appId, column: 'client_secret' };
  await db
    .insertInto('oauth_apps')
    .values({ id: appId, name: 'App', client_id: 'app', client_secret: oldCipher.seal('app-secret', place) })
    .execute();
  grantId = await saveGrant(db, oldCipher, {
    oauthAppId: appId,
    accountId: 'a',
    accountName: 'A',
    accountEmail: null,
    scopes: [],
    accessToken: 'access',
    refreshToken: 'refresh',
    accessExpiresAt: new Date(),
  });
  const id = randomUUID();
  const secret = sealTarget(oldCipher, id, { url: 'https://a/b', secret: 's' });
  await insertNoticeTarget(db, { id, name: 'T', url: 'https://a', secret });
});

test('every column that holds a secret is sealed anew', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' order by 1`.execute(database.db);
  const hashes = /(hash|digest|principals|readable_sets)/;
  const told = Object.entries(sealedColumns).flatMap(([table, columns]) =>
    columns.map((one) => `${table}.${one}`),
  );
  expect(rows.map(({ name }) => name).filter((name) => !hashes.test(name))).toEqual(told.sort());
});

test('afterwards the new key alone opens everything, and a second time there is nothing to do', async () => {
  const { db } = database;
  expect(await resealAll(db, cipher, current)).toEqual({ sealed: 4, unreadable: [] });
  expect(await resealAll(db, cipher, current)).toEqual({ sealed: 0, unreadable: [] });
  const alone = createCipher(keyProviderFromKey(next));
  const vault = createGrantVault({ db, cipher: alone });
  expect(await vault.read(grantId)).toMatchObject({
    clientSecret: 'app-secret',
    accessToken: 'access',
    refreshToken: 'refresh',
    previousRefreshToken: null,
  });
  const target = await db.selectFrom('notice_targets').selectAll().executeTakeFirstOrThrow();
  expect(openTarget(alone, target)).toEqual({ url: 'https://a/b', secret: 's' });
});

test('two processes at once, with a refresh in between, lose nothing', async () => {
  const { db } = database;
  const vault = createGrantVault({ db, cipher });
  const refresh = vault.underLock(
    grantId,
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const tokens = {
        accessToken: 'newer',
        refreshToken: 'newer-refresh',
        expiresAt: new Date(),
        scopes: [],
      };
      return { kind: 'rotated', tokens };
    },
    5_000,
  );
  const [one, two] = await Promise.all([
    resealAll(db, cipher, current),
    resealAll(db, cipher, current),
    refresh,
  ]);
  expect(one.unreadable.concat(two.unreadable)).toEqual([]);
  const vaultNow = createGrantVault({ db, cipher: createCipher(keyProviderFromKey(next)) });
  expect(await vaultNow.read(grantId)).toMatchObject({
    accessToken: 'newer',
    refreshToken: 'newer-refresh',
    previousRefreshToken: 'refresh',
  });
});

test('what no key opens is named and left as it is, and the rest is done', async () => {
  const { db } = database;
  const row = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  const damaged = Buffer.from(row.access_token);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  await db.updateTable('grants').set({ access_token: damaged }).execute();
  const foreign = createCipher(keyProviderFromKey(randomBytes(32)));
  const place = { table: 'oauth_apps', row: row.oauth_app_id, column: 'client_secret' };
  await db
    .updateTable('oauth_apps')
    .set({ client_secret: foreign.seal('x', place) })
    .execute();
  const { sealed, unreadable } = await resealAll(db, cipher, current);
  expect(unreadable.map(({ table, code }) => `${table} ${code}`)).toEqual([
    'oauth_apps unknown_encryption_key',
    'grants unreadable_secret',
  ]);
  // The refresh token beside the damaged cell, and the target.
  expect(sealed).toBe(2);
  const after = await db.selectFrom('grants').selectAll().executeTakeFirstOrThrow();
  expect(after.access_token.equals(damaged)).toBe(true);
  expect(keyIdOf(after.refresh_token ?? Buffer.alloc(0))).toBe(current);
});
