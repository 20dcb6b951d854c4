import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesOfOurs, root } from '../test/imports.ts';

/** Who may write `sync_runs.state` and `connections.status`: the two machines, and who asks them for SQL. */
const runWriters = ['store/run-state.ts', 'store/run-waits.ts', 'store/runs.ts'];
const connectionWriters = ['store/connection-state.ts'];

/** Tests and benches set up what they need; what ships must move by events. */
const isShipped = (path: string) =>
  !/\.test\.ts$|\.fixture\.ts$/.test(path) && !/^(test|bench|sandbox)\//.test(path) && path.endsWith('.ts');

/** What each statement that updates `table` sets, up to its condition; in Kysely's words or in SQL's. */
function updatesOf(source: string, table: string): string[] {
  const starts = [...source.matchAll(new RegExp(`updateTable\\('${table}'\\)|\\bupdate ${table}\\b`, 'g'))];
  return starts.map(({ index }) => source.slice(index).split(/\bwhere\b/)[0] ?? '');
}

function writersOf(table: string, column: string): string[] {
  const writes = new RegExp(`(?<![\\w.])${column}\\s*[:=](?!=)`);
  return filesOfOurs('.ts')
    .filter(isShipped)
    .filter((path) =>
      updatesOf(readFileSync(join(root, path), 'utf8'), table).some((statement) => writes.test(statement)),
    );
}

test('only its machine moves a run', () => {
  expect(writersOf('sync_runs', 'state').filter((path) => !runWriters.includes(path))).toEqual([]);
});

test('only its machine moves a connection', () => {
  expect(writersOf('connections', 'status').filter((path) => !connectionWriters.includes(path))).toEqual([]);
});

test('the search would find another writer, in either language, and no other column', () => {
  const found = (text: string) =>
    updatesOf(text, 'sync_runs').filter((one) => /(?<![\w.])state\s*[:=](?!=)/.test(one));
  expect(found(`db.updateTable('sync_runs').set({ state: 'failed' }).where('id', '=', id)`)).toHaveLength(1);
  expect(found("sql`update sync_runs set seen = 1, state = 'failed' where id = 1`")).toHaveLength(1);
  expect(found("sql`update sync_runs set seen = 1 where state = 'failed'`")).toEqual([]);
  expect(found(`db.updateTable('sync_runs').set({ scope: 1 }).where('state', '=', 'failed')`)).toEqual([]);
});
