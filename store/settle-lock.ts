import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** Any number that nothing else locks by. */
const settling = 0x51;

/**
 * One settling of a connection at a time, to the end of the transaction. Two side by side could see the tree at
 * different moments, and the one that saw less could write last.
 */
export async function lockForSettling(trx: Db, connectionId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${settling}, hashtext(${connectionId}))`.execute(trx);
}

/**
 * For a transaction that stores records with the ACL of something stored before: no settling may change that between
 * its reading and its commit, or a new comment keeps an ACL that its page has just lost. Such transactions do not wait
 * for one another.
 */
export async function keepFromSettling(trx: Db, connectionId: string): Promise<void> {
  await sql`select ${keptFromSettling(connectionId)}`.execute(trx);
}

/** The same as a value, for a statement that asks for something else too. What reads under the lock comes after it. */
export function keptFromSettling(connectionId: string): RawBuilder<unknown> {
  return sql`pg_advisory_xact_lock_shared(${settling}, hashtext(${connectionId}))`;
}
