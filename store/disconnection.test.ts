import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import {
  countConnectionRows,
  deleteConnectionRows,
  dropCredential,
  otherUsesOfGrant,
} from './disconnection.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function connection(
  status: 'active' | 'disconnecting',
  grantId: string | null = null,
): Promise<string> {
  const { id } = await database.db
    .insertInto('connections')
    .values({
      name: `Site ${Math.random()}`,
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://acme.atlassian.net',
      auth_method: grantId === null ? 'api_token' : 'oauth',
      grant_id: grantId,
      status,
      deletion_total: '5000',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function grant(): Promise<string> {
  const { db } = database;
  const secret = Buffer.from('sealed');
  const app = await db
    .insertInto('oauth_apps')
    .values({ name: 'App', client_id: `client ${Math.random()}`, client_secret: secret })
    .returning('id')
    .executeTakeFirstOrThrow();
  const row = {
    oauth_app_id: app.id,
    account_id: 'ada',
    access_token: secret,
    access_expires_at: new Date(),
  };
  return (await db.insertInto('grants').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

const fill = (id: string, rows: number) =>
  sql`
  insert into permission_due (connection_id, kind, source_id, reason)
  select ${id}, 'content', 'x' || n, 'test' from generate_series(1, ${rows}::int) n`.execute(database.db);
const stored = (id: string) =>
  database.db
    .selectFrom('connections')
    .select(['deletion_done', 'api_token', 'grant_id'])
    .where('id', '=', id)
    .executeTakeFirst();

test('a deletion that is interrupted between any two batches goes on where it stopped, and tells how far it is', async () => {
  const id = await connection('disconnecting');
  await fill(id, 5_000);
  let batches = 0;
  const between = () => {
    batches += 1;
    throw new Error('killed');
  };
  for (const done of ['2000', '4000', '5000']) {
    await expect(deleteConnectionRows(database.db, id, { patienceMs: 0, between })).rejects.toThrow('killed');
    expect((await stored(id))?.deletion_done).toBe(done);
  }
  await deleteConnectionRows(database.db, id, { patienceMs: 0, between });
  expect(batches).toBe(3);
  expect(await stored(id)).toBeUndefined();
});

test('what is not being disconnected is left alone', async () => {
  const id = await connection('active');
  await fill(id, 10);
  await deleteConnectionRows(database.db, id, { patienceMs: 0, between: () => {} });
  expect((await countConnectionRows(database.db, id)).get('permission_due')).toBe(10);
});

test('a consent goes with the last one that uses it', async () => {
  const { db } = database;
  const grantId = await grant();
  const [one, other] = [await connection('disconnecting', grantId), await connection('active', grantId)];
  const exists = async () =>
    (await db.selectFrom('grants').select('id').where('id', '=', grantId).execute()).length === 1;
  expect((await otherUsesOfGrant(db, one)).connections).toHaveLength(1);
  await db.transaction().execute((trx) => dropCredential(trx, one));
  expect([await exists(), (await stored(one))?.grant_id]).toEqual([true, null]);
  await db.transaction().execute((trx) => dropCredential(trx, other));
  expect(await exists()).toBe(false);
});
