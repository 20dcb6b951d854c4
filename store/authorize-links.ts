import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Stores a link for a connection's consent, and forgets those that are over. `hash` is the SHA-256 of its token. */
export async function insertAuthorizeLink(
  db: Db,
  link: { hash: Buffer; connectionId: string; userId: string; expiresAt: Date },
): Promise<void> {
  await db
    .deleteFrom('authorize_links')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await db
    .insertInto('authorize_links')
    .values({
      token_hash: link.hash,
      connection_id: link.connectionId,
      user_id: link.userId,
      expires_at: link.expiresAt,
    })
    .execute();
}

/** The user who made a link, or undefined where it is unknown, over, or another connection's. */
export async function findAuthorizeLink(
  db: Db,
  link: { hash: Buffer; connectionId: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('authorize_links')
    .select('user_id')
    .where('token_hash', '=', link.hash)
    .where('connection_id', '=', link.connectionId)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row?.user_id;
}

/** Closes every link of a connection: it has been authorized. */
export async function closeAuthorizeLinks(db: Db, connectionId: string): Promise<void> {
  await db
    .updateTable('authorize_links')
    .set({ used_at: sql<Date>`now()` })
    .where('connection_id', '=', connectionId)
    .where('used_at', 'is', null)
    .execute();
}
