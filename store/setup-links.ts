import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Stores a link and forgets those that are over. `hash` is the SHA-256 of its token. */
export async function insertSetupLink(db: Db, hash: Buffer, expiresAt: Date): Promise<void> {
  await db
    .deleteFrom('setup_links')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await db.insertInto('setup_links').values({ token_hash: hash, expires_at: expiresAt }).execute();
}

export async function isSetupLinkOpen(db: Db, hash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('setup_links')
    .select('token_hash')
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * True for the one call that uses a link up; every other link (each server prints one) is over with it. To be called in
 * a transaction: the lock makes two calls with two links come one after the other.
 */
export async function useSetupLink(db: Db, hash: Buffer): Promise<boolean> {
  await sql`lock table setup_links in exclusive mode`.execute(db);
  const row = await db
    .updateTable('setup_links')
    .set({ used_at: sql<Date>`now()` })
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('token_hash')
    .executeTakeFirst();
  if (row === undefined) return false;
  await db
    .updateTable('setup_links')
    .set({ used_at: sql<Date>`now()` })
    .where('used_at', 'is', null)
    .execute();
  return true;
}
