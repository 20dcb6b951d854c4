import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, RecordKind } from './schema.ts';

export interface ContainerFound {
  id: string;
  kind: string;
}

/**
 * Notes folders, whiteboards, databases and embeds that exist, before they are read: as 'pending' places, which carry
 * nothing and make what hangs below them wait. Known ones keep what is known.
 * @param runId null: a permission sync, which says nothing about what a sync of content has seen
 */
export async function saveContainersFound(
  db: Db,
  connectionId: string,
  runId: string | null,
  found: readonly ContainerFound[],
): Promise<void> {
  if (found.length === 0) return;
  await sql`
    insert into records (connection_id, external_id, kind, state, seen_run)
    select distinct on (id) ${connectionId}::uuid, id, kind, 'pending', ${runId}::uuid
    from ${rowsAs(found, 'id text, kind text')} order by id
    on conflict (connection_id, external_id) do update set seen_run = coalesce(excluded.seen_run, records.seen_run)`.execute(
    db,
  );
}

/** Containers that a run saw and has not read since `since`. */
export async function containersToRead(
  db: Db,
  connectionId: string,
  runId: string,
  since: Date,
  limit: number,
): Promise<{ id: string; kind: RecordKind }[]> {
  const { rows } = await sql<{ id: string; kind: RecordKind }>`
    select external_id as id, kind from records
    where connection_id = ${connectionId} and seen_run = ${runId}
      and kind in ('folder', 'whiteboard', 'database', 'embed')
      and (state = 'pending' or synced_at < ${since})
      and not (attributes ? 'unreadable' and synced_at >= ${since})
    order by id limit ${limit}`.execute(db);
  return rows;
}

/** Containers that could not be read in this run: they stay pending, and nobody sees what hangs below them. */
export async function markContainersUnreadable(
  db: Db,
  connectionId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update records set state = 'pending', synced_at = now(), attributes = attributes || '{"unreadable": true}'
    where connection_id = ${connectionId} and external_id = any(${ids}::text[])`.execute(db);
}
