import { sql, type RawBuilder } from 'kysely';
import { mostLines } from './record-events.ts';
import type { Db } from './schema.ts';

/** Rows that one statement forgets: locks are short, and what was forgotten stays so if the next one fails. */
const atOnce = 5_000;

/** How long what has happened is told of. */
export const kept = {
  logs: '90 days',
  removals: '90 days',
  recordEvents: '90 days',
  uneventfulRuns: '7 days',
  dryRuns: '30 days',
} as const;

/** What was forgotten, in rows. */
export interface Forgotten {
  logLines: number;
  runs: number;
  removals: number;
  /** Lines of what was done with records, by age, and beyond what is kept of one record. */
  recordEvents: number;
  /** With their reports, whose items are not counted. */
  dryRuns: number;
}

/**
 * Forgets what is older than it is kept for: lines of logs, removals, dry runs, and runs that changed nothing, did not fail, were
 * not started by hand and are not the newest of their kind. Runs that did something stay, without their logs. Any number
 * of processes may do it at once, as often as they like.
 */
export async function forgetOld(db: Db): Promise<Forgotten> {
  return {
    runs: await inBatches(db, uneventful, (ids) => sql`delete from sync_runs where id in (${ids})`),
    logLines: await inBatches(
      db,
      sql`select id from sync_log where at < now() - ${kept.logs}::interval`,
      (ids) => sql`delete from sync_log where id in (${ids})`,
    ),
    dryRuns: await forgetDryRuns(db),
    recordEvents:
      (await forgetEvents(
        db,
        sql`select id from record_events where at < now() - ${kept.recordEvents}::interval`,
      )) + (await forgetEvents(db, beyondKept)),
    removals: await inBatches(
      db,
      sql`select id from removals where at < now() - ${kept.removals}::interval`,
      (ids) => sql`delete from removals where id in (${ids})`,
    ),
  };
}

const forgetEvents = (db: Db, old: RawBuilder<unknown>) =>
  inBatches(db, old, (ids) => sql`delete from record_events where id in (${ids})`);

/** What came before the newest lines of a record, of those records that have more. */
const beyondKept = sql`
  select e.id from (
    select connection_id, external_id from record_events group by 1, 2 having count(*) > ${mostLines}) many
  cross join lateral (
    select id from record_events
    where connection_id = many.connection_id and external_id = many.external_id
    order by id desc offset ${mostLines}) e`;

/** Reports are large: their items go in batches, then the runs themselves. */
async function forgetDryRuns(db: Db): Promise<number> {
  const old = sql`select id from sync_runs where kind = 'dry_run' and finished_at < now() - ${kept.dryRuns}::interval`;
  await inBatches(
    db,
    sql`select run_id, external_id from dry_run_items where run_id in (${old})`,
    (items) => sql`delete from dry_run_items where (run_id, external_id) in (${items})`,
  );
  return inBatches(db, old, (ids) => sql`delete from sync_runs where id in (${ids})`);
}

/** A full run is never among them: incremental ones rest on it. */
const uneventful = sql`
  select r.id from sync_runs r
  where r.kind in ('incremental', 'sweep', 'permissions') and r.trigger = 'schedule' and r.state = 'succeeded'
    and r.indexed = 0 and r.failed = 0 and r.deleted = 0 and r.changes = '{}'
    and r.finished_at < now() - ${kept.uneventfulRuns}::interval
    and exists (select from sync_runs later where later.connection_id = r.connection_id and later.kind = r.kind
      and later.state = 'succeeded' and later.created_at > r.created_at)`;

async function inBatches(
  db: Db,
  old: RawBuilder<unknown>,
  forget: (ids: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<number> {
  for (let total = 0; ;) {
    const { numAffectedRows } = await forget(sql`${old} limit ${atOnce}`).execute(db);
    total += Number(numAffectedRows ?? 0n);
    if (Number(numAffectedRows ?? 0n) < atOnce) return total;
  }
}
