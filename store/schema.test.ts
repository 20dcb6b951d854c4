import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const files = [
  'schema.ts',
  'schema/people.ts',
  'schema/connections.ts',
  'schema/sync.ts',
  'schema/records.ts',
  'schema/files.ts',
  'schema/permissions.ts',
  'schema/upkeep.ts',
  'schema/dry-runs.ts',
];

/** Columns by table, as the types name them: `table: NameTable` or `table: { column: … }` inside `Database`. */
async function typedColumns(): Promise<Map<string, string[]>> {
  const text = (
    await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))
  ).join('\n');
  const fields = (body: string) =>
    [...body.matchAll(/^\s*([a-z0-9_]+)\??:/gm)].map((found) => found[1] ?? '');
  const interfaces = new Map(
    [...text.matchAll(/interface (\w+Table) \{\n([^}]*)\}/g)].map((found) => [
      found[1],
      fields(found[2] ?? ''),
    ]),
  );
  const database = /export interface Database \{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
  const tables = new Map<string, string[]>();
  for (const [, table, type, inline] of database.matchAll(/^ {2}([a-z_]+): (?:(\w+Table);|\{([^}]*)\};)/gm)) {
    const columns = type === undefined ? fields((inline ?? '').replaceAll(';', ';\n')) : interfaces.get(type);
    tables.set(table ?? '', [...(columns ?? [])].sort());
  }
  return tables;
}

test('the types name exactly the tables and columns that the migrations make', async () => {
  const { rows } = await sql<{ table_name: string; columns: string[] }>`
    select table_name, array_agg(column_name::text order by column_name) as columns
    from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%' group by table_name`.execute(database.db);
  const actual = new Map(rows.map((row) => [row.table_name, [...row.columns].sort()]));
  const typed = await typedColumns();
  expect(Object.fromEntries([...typed].sort())).toEqual(Object.fromEntries([...actual].sort()));
});
