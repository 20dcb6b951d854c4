import { foldEmail } from './fold-email.ts';
import { sql } from 'kysely';
import type { Db, NewUser, Role, User } from './schema.ts';

export interface AccountLink {
  userId: string;
  accountId: string;
  source: 'sign_in' | 'grant' | 'administrator';
}

/** Users in the order of their email, from behind `after` (an email) on. */
export function listUsers(db: Db, options: { after: string | null; limit: number }): Promise<User[]> {
  let query = db
    .selectFrom('users')
    .selectAll()
    .orderBy(sql`lower(email collate "C")`)
    .limit(options.limit);
  if (options.after !== null)
    query = query.where(sql`lower(email collate "C")`, '>', foldEmail(options.after));
  return query.execute();
}

export function findUser(db: Db, id: string): Promise<User | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Emails are compared without regard to case. */
export function findUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .selectAll()
    .where(sql`lower(email collate "C")`, '=', foldEmail(email))
    .executeTakeFirst();
}

/** The user to whom an Atlassian account is proven to belong. */
export function findUserByAccount(db: Db, accountId: string): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .innerJoin('user_accounts', 'user_accounts.user_id', 'users.id')
    .selectAll('users')
    .where('user_accounts.account_id', '=', accountId)
    .executeTakeFirst();
}

/** Returns undefined where the email is taken. */
export function insertUser(db: Db, user: NewUser): Promise<User | undefined> {
  return db
    .insertInto('users')
    .values(user)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export type UserChange = Partial<
  Pick<User, 'name' | 'role' | 'active' | 'password_hash' | 'email_verified' | 'signed_in_at'>
>;

export function updateUser(db: Db, id: string, change: UserChange): Promise<User | undefined> {
  return db.updateTable('users').set(change).where('id', '=', id).returningAll().executeTakeFirst();
}

/** Active administrators, locked until the transaction ends: two of them cannot both step down at once. */
export async function lockAdministrators(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'administrator')
    .where('active', '=', true)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}

export async function hasAdministrator(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'administrator' satisfies Role)
    .where('active', '=', true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The Atlassian accounts of many users, in one query. */
export async function accountsOf(db: Db, userIds: string[]): Promise<AccountLink[]> {
  if (userIds.length === 0) return [];
  const rows = await db
    .selectFrom('user_accounts')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({ userId: row.user_id, accountId: row.account_id, source: row.source }));
}

/**
 * Writes down that an account is a user's. A stronger source replaces a weaker one of the same user; an account that
 * belongs to another user stays where it is, and false comes back.
 */
export async function linkAccount(db: Db, link: AccountLink): Promise<boolean> {
  const row = await db
    .insertInto('user_accounts')
    .values({ user_id: link.userId, account_id: link.accountId, source: link.source })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet({ source: link.source })
        .where('user_accounts.user_id', '=', link.userId),
    )
    .returning('user_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes a link; with `source`, only one of that source. */
export async function unlinkAccount(
  db: Db,
  link: { userId: string; accountId: string; source?: AccountLink['source'] },
): Promise<boolean> {
  let query = db
    .deleteFrom('user_accounts')
    .where('user_id', '=', link.userId)
    .where('account_id', '=', link.accountId);
  if (link.source !== undefined) query = query.where('source', '=', link.source);
  const { numDeletedRows } = await query.executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Ends every session of a user, except `keep` (a session id). */
export async function endSessions(db: Db, userId: string, keep?: string): Promise<void> {
  let query = db.deleteFrom('sessions').where(sql`sess->>'userId'`, '=', userId);
  if (keep !== undefined) query = query.where('sid', '!=', keep);
  await query.execute();
}
