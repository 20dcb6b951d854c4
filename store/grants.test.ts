import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createCipher, keyProviderFromKey } from './encryption.ts';
import { createGrantVault, saveGrant, type NewGrant } from './grants.ts';

const cipher = createCipher(keyProviderFromKey(randomBytes(32)));
const appId = '7b0f5c1e-0000-4000-8000-000000000001';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const place = { table: 'oauth_apps', row: appId, column: 'client_secret' };
  await database.db
    .insertInto('oauth_apps')
    .values({
      id: appId,
      name: 'App',
      client_id: 'app-1',
      client_secret: cipher.seal('canary-secret', place),
    })
    .execute();
});
afterAll(() => database.close());

const grant = (accountId: string, changes: Partial<NewGrant> = {}): NewGrant => ({
  oauthAppId: appId,
  accountId,
  accountName: accountId,
  accountEmail: null,
  scopes: ['read:me'],
  accessToken: 'canary-access',
  refreshToken: 'canary-refresh',
  accessExpiresAt: new Date(Date.now() + 3_600_000),
  ...changes,
});

test('a grant is stored sealed and read back open', async () => {
  const id = await saveGrant(database.db, cipher, grant('ada'));
  expect(await createGrantVault({ db: database.db, cipher }).read(id)).toMatchObject({
    clientId: 'app-1',
    clientSecret: 'canary-secret',
    accessToken: 'canary-access',
    refreshToken: 'canary-refresh',
    previousRefreshToken: null,
    state: 'active',
  });
  const { rows } = await sql<{ text: string }>`
    select grants::text || oauth_apps::text || encode(access_token, 'escape') || encode(refresh_token, 'escape')
      || encode(client_secret, 'escape') as text
    from grants join oauth_apps on oauth_apps.id = grants.oauth_app_id`.execute(database.db);
  expect(rows[0]?.text).toContain('app-1');
  expect(rows[0]?.text).not.toContain('canary');
});

test('one app and account have one grant, however many consents come at once; the last one wins', async () => {
  const ids = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => saveGrant(database.db, cipher, grant('bea', { accountName: name }))),
  );
  expect(new Set(ids).size).toBe(1);
  await saveGrant(database.db, cipher, grant('bea', { accessToken: 'newest', scopes: ['x', 'y'] }));
  const row = await database.db
    .selectFrom('grants')
    .selectAll()
    .where('account_id', '=', 'bea')
    .executeTakeFirstOrThrow();
  expect(row.scopes).toEqual(['x', 'y']);
  expect((await createGrantVault({ db: database.db, cipher }).read(row.id))?.accessToken).toBe('newest');
});

test('a grant that is gone is null', async () => {
  const vault = createGrantVault({ db: database.db, cipher });
  const nobody = '7b0f5c1e-0000-4000-8000-00000000dead';
  expect(await vault.read(nobody)).toBeNull();
  expect(await vault.underLock(nobody, async () => ({ kind: 'keep' }), 1_000)).toBeNull();
});

test('who waits too long for the lock gives up; the holder is not disturbed', async () => {
  const id = await saveGrant(database.db, cipher, grant('cyd'));
  const vault = createGrantVault({ db: database.db, cipher });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = () => {};
  const taken = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const holder = vault.underLock(
    id,
    async () => {
      locked();
      await held;
      return { kind: 'dead', cause: 'told by the holder' };
    },
    10_000,
  );
  await taken;
  await expect(vault.underLock(id, async () => ({ kind: 'keep' }), 100)).rejects.toThrow(/lock timeout/);
  release();
  expect(await holder).toMatchObject({ state: 'dead', deadCause: 'told by the holder' });
});

test('a decision that hangs loses the lock and its connection, and changes nothing', async () => {
  const id = await saveGrant(database.db, cipher, grant('dan'));
  const vault = createGrantVault({ db: database.db, cipher });
  const hung = vault.underLock(
    id,
    async () => {
      await sleep(1_000);
      return { kind: 'dead', cause: 'too late' };
    },
    200,
  );
  await expect(hung).rejects.toThrow(/connection/);
  expect((await vault.read(id))?.state).toBe('active');
  expect(await vault.underLock(id, async () => ({ kind: 'keep' }), 1_000)).toMatchObject({ state: 'active' });
});
