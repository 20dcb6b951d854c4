import { sql } from 'kysely';
import type { Db, User } from './schema.ts';

/** Stores somebody's link in place of an older one. `hash` is the SHA-256 of its token. */
export async function saveInvitation(
  db: Db,
  invitation: { userId: string; hash: Buffer; createdBy: string; expiresAt: Date },
): Promise<void> {
  const link = {
    token_hash: invitation.hash,
    created_by: invitation.createdBy,
    created_at: sql<Date>`now()`,
    expires_at: invitation.expiresAt,
  };
  await db
    .insertInto('invitations')
    .values({ user_id: invitation.userId, ...link })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(link))
    .execute();
}

/** Whom an open link is for: not over, not used, and of somebody who is active. */
export function findInvited(db: Db, hash: Buffer): Promise<User | undefined> {
  return db
    .selectFrom('invitations')
    .innerJoin('users', 'users.id', 'invitations.user_id')
    .selectAll('users')
    .where('invitations.token_hash', '=', hash)
    .where('invitations.expires_at', '>', sql<Date>`now()`)
    .where('users.active', '=', true)
    .executeTakeFirst();
}

/** True for the one call that ends a link: by using it up, or by taking it back. */
export async function removeInvitation(
  db: Db,
  which: { hash: Buffer } | { userId: string },
): Promise<boolean> {
  const query = db.deleteFrom('invitations');
  const { numDeletedRows } = await (
    'hash' in which
      ? query.where('token_hash', '=', which.hash).where('expires_at', '>', sql<Date>`now()`)
      : query.where('user_id', '=', which.userId)
  ).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** When the links of these people end (or ended), by user id. */
export async function invitationsOf(db: Db, userIds: readonly string[]): Promise<Map<string, Date>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('invitations')
    .select(['user_id', 'expires_at'])
    .where('user_id', 'in', [...userIds])
    .execute();
  return new Map(rows.map((row) => [row.user_id, row.expires_at]));
}
