import { sql, type Kysely } from 'kysely';
import type { Logger } from '../../log.ts';
import { markAuthorized } from '../../store/credential-notices.ts';
import type { Cipher } from '../../store/encryption.ts';
import { resealAll, type UnreadableRow } from '../../store/reseal.ts';
import type { Database } from '../../store/schema.ts';
import { endCredential } from './end.ts';

const keyCauses = ['unknown_encryption_key', 'unreadable_secret'];

/**
 * Seals every secret with the current key. A connection whose secret no key opens rests and says so, before a sync
 * fails at it; one whose key came back goes on.
 */
export async function applyKeys(deps: {
  db: Kysely<Database>;
  cipher: Cipher;
  currentKeyId: string;
  log: Logger;
}): Promise<void> {
  const { db, log } = deps;
  const { sealed, unreadable } = await resealAll(db, deps.cipher, deps.currentKeyId);
  if (sealed > 0) {
    log.info(`${sealed} secrets are sealed anew with the current encryption key "${deps.currentKeyId}".`);
  }
  const stopped = await connectionsOf(db, unreadable);
  for (const [connectionId, { code, message }] of stopped) {
    const cause = code === 'unknown_encryption_key' ? code : 'unreadable_secret';
    log.error({ connectionId, reason: code }, message);
    await db.transaction().execute((trx) => endCredential(trx, connectionId, { cause, message }));
  }
  const { rows } = await sql<{ id: string }>`
    select id from connections
    where (status_cause = any(${keyCauses}::text[]) or status_before_cause = any(${keyCauses}::text[]))
      and id <> all(${[...stopped.keys()]}::uuid[])`.execute(db);
  for (const { id } of rows) await db.transaction().execute((trx) => markAuthorized(trx, id));
}

/** The connections that need one of these rows, with what is wrong. */
async function connectionsOf(
  db: Kysely<Database>,
  unreadable: readonly UnreadableRow[],
): Promise<Map<string, UnreadableRow>> {
  const found = new Map<string, UnreadableRow>();
  if (unreadable.length === 0) return found;
  const { rows } = await sql<{ id: string; needs: string[] }>`
    select id, array_remove(array[id, grant_id, case when auth_method = 'oauth' then oauth_app_id end], null)::text[] as needs
    from connections where status <> 'draft' and status <> 'disconnecting'`.execute(db);
  const byRow = new Map(unreadable.map((each) => [each.row, each]));
  for (const { id, needs } of rows) {
    const wrong = needs.map((row) => byRow.get(row)).find((each) => each !== undefined);
    if (wrong !== undefined) found.set(id, wrong);
  }
  return found;
}
