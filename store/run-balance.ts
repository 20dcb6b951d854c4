import { sql } from 'kysely';
import { readBefore } from './checkpoints.ts';
import type { Db } from './schema.ts';

/**
 * What does not add up in a run's books, in words; empty where all does. Seen is indexed, unchanged, filtered, failed and
 * deleted; what is deleted has a line in `removals`; and a full run has stored no record that it did not count (a folder
 * that could not be read is stored by its name, and counts as failed). What it took over from an unfinished run before it
 * is counted there. What is left out was counted as filtered, or was read before it was.
 */
export async function findImbalance(db: Db, runId: string): Promise<string[]> {
  const { rows } = await sql<{ off: string; deleted: string; removed: string; uncounted: string }>`
    select r.seen - r.indexed - r.unchanged - r.filtered - r.failed - r.deleted as off, r.deleted,
      (select count(*) from removals m where m.run_id = r.id) as removed,
      case when r.kind <> 'full' then 0 else greatest(0,
        (select count(*) from records s where s.connection_id = r.connection_id and s.seen_run = r.id
          and s.state not in ('filtered', 'manual'))
        - r.indexed - r.unchanged - r.failed
        - coalesce((select t.done from sync_stages t where t.run_id = r.id and t.stage = ${readBefore}), 0))
        end as uncounted
    from sync_runs r where r.id = ${runId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return [];
  const found: string[] = [];
  const [off, deleted, removed, uncounted] = [row.off, row.deleted, row.removed, row.uncounted].map(
    Number,
  ) as [number, number, number, number];
  if (off > 0) found.push(`${were(off, 'item')} seen and not accounted for`);
  if (off < 0) found.push(`${were(-off, 'item')} accounted for and not seen`);
  if (deleted !== removed)
    found.push(`${were(removed, 'record')} removed, and ${deleted} counted as deleted`);
  if (uncounted > 0) found.push(`${were(uncounted, 'record')} stored and not counted`);
  return found;
}

const were = (n: number, one: string) => (n === 1 ? `1 ${one} was` : `${n} ${one}s were`);
