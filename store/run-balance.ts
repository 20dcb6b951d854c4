import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * What does not add up in a run's books, in words; empty where all does. Seen is indexed, unchanged, filtered, failed and
 * deleted; what is deleted has a line in `removals`; and a full run has stored no record that it did not count.
 */
export async function findImbalance(db: Db, runId: string): Promise<string[]> {
  const { rows } = await sql<{ off: string; deleted: string; removed: string; uncounted: string }>`
    select r.seen - r.indexed - r.unchanged - r.filtered - r.failed - r.deleted as off, r.deleted,
      (select count(*) from removals m where m.run_id = r.id) as removed,
      case when r.kind <> 'full' then 0 else greatest(0,
        (select count(*) from records s where s.connection_id = r.connection_id and s.seen_run = r.id)
        - r.indexed - r.unchanged) end as uncounted
    from sync_runs r where r.id = ${runId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return [];
  const found: string[] = [];
  if (row.off !== '0') {
    found.push(
      `${Math.abs(Number(row.off))} items were ${Number(row.off) > 0 ? 'seen and not accounted for' : 'accounted for and not seen'}`,
    );
  }
  if (row.deleted !== row.removed) {
    found.push(`${row.deleted} records count as deleted and ${row.removed} were removed`);
  }
  if (Number(row.uncounted) > 0) found.push(`${row.uncounted} records were stored and not counted`);
  return found;
}
