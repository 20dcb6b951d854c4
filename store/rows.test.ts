import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { rowsAs } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', '\udfff', '\\u0000', '\\ud800', '"', '\\', '\n', '😀'),
);

test('any text comes back as it was, but for what PostgreSQL cannot hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece).map((pieces) => pieces.join(''))), async (texts) => {
      const { rows } = await sql<{ t: string; l: string[] }>`select t, l from ${rowsAs(
        texts.map((t) => ({ t, l: [t] })),
        't text, l text[]',
      )}`.execute(database.db);
      const storable = texts.map((text) => text.replaceAll('\u0000', '\uFFFD').toWellFormed());
      expect(rows).toEqual(storable.map((t) => ({ t, l: [t] })));
    }),
    { numRuns: 200 },
  );
});
