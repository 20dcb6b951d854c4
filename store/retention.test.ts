import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { forgetOld } from './retention.ts';
import type { SyncRun } from './schema.ts';

let database: TestDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  connectionId = await makeConnection(database.db);
});
afterAll(() => database.close());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

async function run(
  message: string,
  days: number,
  change: Partial<Pick<SyncRun, 'kind' | 'trigger' | 'state' | 'indexed' | 'failed'>> & {
    changes?: string;
  } = {},
): Promise<string> {
  const { id } = await database.db
    .insertInto('sync_runs')
    .values({
      connection_id: connectionId,
      kind: 'incremental',
      trigger: 'schedule',
      state: 'succeeded',
      message,
      created_at: daysAgo(days),
      finished_at: daysAgo(days),
      ...change,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

test('runs that did nothing are forgotten after a week; all others stay', async () => {
  const { db } = database;
  await run('first whole one', 400, { kind: 'full' });
  await run('only sweep', 30, { kind: 'sweep' });
  await run('old and idle', 30);
  await run('old and idle permissions', 30, { kind: 'permissions' });
  await run('by hand', 30, { trigger: 'manual' });
  await run('wrote', 30, { indexed: '1' });
  await run('had a failure', 30, { failed: '1' });
  await run('moved something', 30, { changes: '{"moved": 1}' });
  await run('failed', 30, { state: 'failed' });
  await run('idle, six days ago', 6);
  await run('newest', 1);
  await run('newest permissions', 20, { kind: 'permissions' });
  expect(await forgetOld(db)).toMatchObject({ runs: 2 });
  const left = await db.selectFrom('sync_runs').select('message').execute();
  expect(left.map(({ message }) => message)).not.toContain('old and idle');
  expect(left.map(({ message }) => message)).not.toContain('old and idle permissions');
  expect(left).toHaveLength(10);
  expect(await forgetOld(db)).toEqual({ runs: 0, logLines: 0, recordEvents: 0, removals: 0, dryRuns: 0 });
});

test('lines of logs and removals are forgotten after 90 days, however many there are', async () => {
  const { db } = database;
  const runId = await run('logged', 100, { kind: 'full' });
  await sql`
    insert into sync_log (run_id, level, message, at)
    select ${runId}, 'info', 'Line', case when n <= 12000 then now() - interval '91 days' else now() - interval '89 days' end
    from generate_series(1, 12100) n`.execute(db);
  await sql`
    insert into removals (connection_id, external_id, kind, cause, at)
    select ${connectionId}, n::text, 'page', 'trashed', now() - make_interval(days => 88 + n) from generate_series(1, 3) n`.execute(
    db,
  );
  expect(await forgetOld(db)).toEqual({
    runs: 0,
    logLines: 12_000,
    recordEvents: 0,
    removals: 2,
    dryRuns: 0,
  });
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from sync_log`.execute(db);
  expect(rows[0]?.n).toBe(100);
});
