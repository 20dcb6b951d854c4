import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Replaces all earlier links by this one. `hash` is the SHA-256 of the token. */
export async function replaceSetupLink(db: Db, hash: Buffer, expiresAt: Date): Promise<void> {
  await db.deleteFrom('setup_links').execute();
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

/** True for the one call that uses the link up. */
export async function useSetupLink(db: Db, hash: Buffer): Promise<boolean> {
  const row = await db
    .updateTable('setup_links')
    .set({ used_at: sql<Date>`now()` })
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('token_hash')
    .executeTakeFirst();
  return row !== undefined;
}
