import { sql } from 'kysely';
import { queueDryRun } from '../../store/dry-runs.ts';
import type { Connection, SyncRun } from '../../store/schema.ts';
import { syncWorkflowId } from '../../temporal/names.ts';
import type { SyncHarness } from './harness.ts';

/** Starts a dry run by the connection's settings, or by others, without waiting. */
export async function startDryRun(
  harness: SyncHarness,
  connectionId = harness.connectionId,
  candidate?: Connection['settings'],
): Promise<string> {
  const { db } = harness.database;
  const { settings } = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const plan = { settings: candidate ?? settings, candidate: candidate !== undefined };
  const run = await queueDryRun(db, connectionId, plan);
  if (run === undefined) throw new Error('A run of content is under way.');
  await harness.engine.startRun({ runId: run.id, connectionId, kind: 'dry_run' });
  return run.id;
}

export async function dryRun(
  harness: SyncHarness,
  connectionId = harness.connectionId,
  candidate?: Connection['settings'],
): Promise<SyncRun> {
  const runId = await startDryRun(harness, connectionId, candidate);
  await harness.temporal.client.workflow.getHandle(syncWorkflowId(connectionId)).result();
  return harness.database.db
    .selectFrom('sync_runs')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
}

/** What a dry run says of each item: `add`, or `remove: pageIds`. */
export async function outcomesOf(harness: SyncHarness, runId: string): Promise<Map<string, string>> {
  const rows = await harness.database.db
    .selectFrom('dry_run_items')
    .select(['external_id', 'outcome', 'reason'])
    .where('run_id', '=', runId)
    .execute();
  return new Map(
    rows.map((row) => [
      row.external_id,
      row.reason === null ? `${row.outcome}` : `${row.outcome}: ${row.reason}`,
    ]),
  );
}

/** Tables that a dry run may write: its own, its run with stages and log, and what its requests cost. */
const ofDryRuns = [
  'dry_runs',
  'dry_run_spaces',
  'dry_run_items',
  'dry_run_checkpoints',
  'sync_runs',
  'sync_stages',
  'sync_log',
  'points_ledger',
  'rate_limits',
];

/** A digest of all rows of every other table, by its name. */
export async function everythingElse(harness: SyncHarness): Promise<Map<string, string>> {
  const { db } = harness.database;
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and not table_name = any(${ofDryRuns}::text[])
    order by 1`.execute(db);
  const digests = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await sql<{ digest: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
      from ${sql.table(name)} t`.execute(db);
    digests.set(name, rows[0]?.digest ?? '');
  }
  return digests;
}
