import { sql } from 'kysely';
import type { Db } from './schema.ts';

export interface Unseen {
  unseen: number;
  total: number;
}

/** Records that a complete run did not see: deleted at the source, out of scope, or no longer readable. */
export async function countUnseen(db: Db, connectionId: string, runId: string): Promise<Unseen> {
  const { rows } = await sql<{ unseen: string; total: string }>`
    select count(*) filter (where seen_run is distinct from ${runId}) as unseen, count(*) as total
    from records where connection_id = ${connectionId}`.execute(db);
  return { unseen: Number(rows[0]?.unseen ?? 0), total: Number(rows[0]?.total ?? 0) };
}

/**
 * Hides what a run did not see and may not remove: nobody finds it until a run sees it again (saving and touching
 * records make 'pending' ones 'indexed').
 */
export async function hideUnseen(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    update records set state = 'pending', acl_id = null
    where connection_id = ${connectionId} and seen_run is distinct from ${runId}
      and (state <> 'pending' or acl_id is not null)`.execute(db);
}

/** Removes what a complete run did not see, with bodies, search words and restrictions. */
export async function removeUnseen(db: Db, connectionId: string, runId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from records where connection_id = ${connectionId} and seen_run is distinct from ${runId}`.execute(
    db,
  );
  await sql`
    delete from content_access where connection_id = ${connectionId} and seen_run is distinct from ${runId}`.execute(
    db,
  );
  await sql`
    delete from spaces where connection_id = ${connectionId} and seen_run is distinct from ${runId}`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}
