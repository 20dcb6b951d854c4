import type { Db } from './schema.ts';

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
