import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Content whose comments and attachments are to be read by themselves. */
export interface DiscussionDue {
  id: string;
  since: Date;
}

/** Notes that content came (back) with a past: what was said about it is older than the feeds of changes reach. */
export async function addDiscussionDue(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    insert into discussion_due (connection_id, external_id)
    select ${connectionId}::uuid, id from unnest(${externalIds}::text[]) as id
    on conflict (connection_id, external_id) do update set since = now()`.execute(db);
}

/** What is due after an id, in the order of ids, at most `limit`: one walk meets each once, also what stays due. */
export async function loadDiscussionDue(
  db: Db,
  connectionId: string,
  after: string,
  limit: number,
): Promise<DiscussionDue[]> {
  const { rows } = await sql<DiscussionDue>`
    select external_id as id, since from discussion_due
    where connection_id = ${connectionId} and external_id > ${after} order by external_id limit ${limit}`.execute(
    db,
  );
  return rows;
}

/**
 * Forgets what was read at `readAt`: those of which something was found, and those that had been due for longer than
 * `settledMs` then. Before that, the search index may not hold yet what came back, and it is read once more.
 */
export async function clearDiscussionDue(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
  read: { found: readonly string[]; readAt: Date; settledMs: number },
): Promise<void> {
  await sql`
    delete from discussion_due
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])
      and since <= case when external_id = any(${read.found}::text[]) then ${read.readAt}::timestamptz
        else ${new Date(read.readAt.getTime() - read.settledMs)} end`.execute(db);
}
