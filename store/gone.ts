import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Hides content that Confluence does not answer for any more: deleted, archived, or shut to the crawling account, with
 * its comments and attachments. It is not removed: whether it is, weighing the evidence decides (vanished.ts). Any later
 * reading that finds it shows it again. Pages below it are hidden by settling (settle-below.ts).
 * @param asOf when it was asked for (SyncContext.askedAt); what is stored from a later question stays
 */
export async function hideGone(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
  asOf: Date,
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    with hidden as (
      update records set state = 'pending', acl_id = null, synced_at = ${asOf},
        attributes = attributes || '{"gone": true}'
      where connection_id = ${connectionId} and external_id = any(${externalIds}::text[]) and synced_at <= ${asOf}
      returning external_id)
    update records item set acl_id = null from hidden
    where item.connection_id = ${connectionId} and item.container_id = hidden.external_id
      and item.kind in ('comment', 'attachment') and item.acl_id is not null
      and not item.external_id = any(${externalIds}::text[])`.execute(db);
}

/** Notes that content has had its turn, also where no listing of restrictions holds it: it is not asked for again at once. */
export async function markRead(db: Db, connectionId: string, externalIds: readonly string[]): Promise<void> {
  await sql`
    update content_access set read_at = now()
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[]) and read_at < now()`.execute(
    db,
  );
}

/** Comments and attachments of content that has moved are in the space that it is in now. */
export async function followSpace(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    update records item set space_id = c.space_id
    from records c
    where c.connection_id = ${connectionId} and c.external_id = any(${externalIds}::text[])
      and item.connection_id = ${connectionId} and item.container_id = c.external_id
      and item.kind in ('comment', 'attachment') and item.space_id is distinct from c.space_id`.execute(db);
}
