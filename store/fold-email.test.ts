import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { foldEmail } from './fold-email.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('only the case of A to Z is folded, here and in the database alike', async () => {
  const letters = fc.constantFrom('A', 'b', 'İ', 'I', 'ı', 'K', 'K', 'ß', 'ẞ', 'É', '@', '.');
  await fc.assert(
    fc.asyncProperty(
      fc.array(letters).map((parts) => parts.join('')),
      async (email) => {
        const { rows } = await sql<{
          folded: string;
        }>`select lower(${email}::text collate "C") as folded`.execute(database.db);
        expect(rows[0]?.folded).toBe(foldEmail(email));
      },
    ),
    { numRuns: 100 },
  );
  expect(foldEmail('Mia@ACME.example')).toBe('mia@acme.example');
  expect(foldEmail('MİA@acme.example')).not.toBe('mia@acme.example');
});
