import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
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
