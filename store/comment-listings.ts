import { sql } from 'kysely';
import type { Db } from './schema.ts';
import type { SweepPart } from './sweep-parts.ts';

/** Notes that a site-wide listing of comments has shown a reply to this run: the site's listings hold them. */
export async function noteRepliesListed(db: Db, connectionId: string, runId: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ replies_listed_run: runId })
    .where('id', '=', connectionId)
    .where('replies_listed_run', 'is distinct from', runId)
    .execute();
}

/** Notes that there are replies which the listings have not shown. */
export async function noteRepliesUnlisted(db: Db, connectionId: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ replies_listed_run: null })
    .where('id', '=', connectionId)
    .where('replies_listed_run', 'is not', null)
    .execute();
}

/** Notes the same where a whole walk of a listing met none of the replies that are stored. */
export async function noteRepliesMissing(db: Db, part: SweepPart): Promise<void> {
  await sql`
    update connections c set replies_listed_run = null
    where c.id = ${part.connection_id} and c.replies_listed_run is not null
      and exists (select from records r where r.connection_id = c.id and r.kind = 'comment'
        and r.attributes ->> 'placement' = ${part.kind} and r.parent_id is not null
        and r.state <> 'pending' and r.synced_at <= ${part.began_at})
      and not exists (select from sweep_seen met join records r on r.connection_id = met.connection_id
        and r.external_id = met.external_id and r.parent_id is not null
        where met.connection_id = c.id and met.part = ${part.part})`.execute(db);
}

/**
 * The last run to which a listing has shown a reply. null: the listings are taken to hold only comments that reply to
 * nothing, be it because there has been no reply yet.
 */
export async function whoListedReplies(db: Db, connectionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('connections')
    .select('replies_listed_run')
    .where('id', '=', connectionId)
    .executeTakeFirst();
  return row?.replies_listed_run ?? null;
}

export type Placement = 'footer' | 'inline';

/** Whether comments stand below their page or in its text. */
export async function placementsOf(
  db: Db,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, Placement>> {
  const { rows } = await sql<{ id: string; placement: Placement }>`
    select external_id as id, case when attributes ->> 'placement' = 'inline' then 'inline' else 'footer' end as placement
    from records where connection_id = ${connectionId} and external_id = any(${ids}::text[])`.execute(db);
  return new Map(rows.map(({ id, placement }) => [id, placement]));
}
