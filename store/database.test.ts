import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { migrate } from './database.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('a test database is migrated and empty', async () => {
  const { rows } = await sql<{ n: string }>`select count(*) as n from records`.execute(database.db);
  expect(rows[0]?.n).toBe('0');
});

test('a database of a newer version is told, and left alone', async () => {
  const now = new Date().toISOString();
  await sql`insert into kysely_migration (name, timestamp) values ('9999_later', ${now})`.execute(
    database.db,
  );
  await expect(migrate(database.db)).rejects.toMatchObject({
    code: 'database_is_newer',
    message: expect.stringContaining('9999_later'),
  });
});
