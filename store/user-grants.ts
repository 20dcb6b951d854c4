import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** A user's own consent with the app and the account that it is for. */
export interface OwnGrantRow {
  id: string;
  user_id: string;
  user_email: string;
  app_id: string;
  app_name: string;
  account_id: string;
  account_name: string;
  scopes: string[];
  state: 'active' | 'dead';
  dead_cause: string | null;
  created_at: Date;
  /** The last refresh, or the consent. */
  rotated_at: Date;
}

/** Own consents, newest first: one user's, or everybody's. */
export function listOwnGrants(db: Db, userId: string | null): Promise<OwnGrantRow[]> {
  let query = db
    .selectFrom('user_grants')
    .innerJoin('grants', 'grants.id', 'user_grants.grant_id')
    .innerJoin('users', 'users.id', 'user_grants.user_id')
    .innerJoin('oauth_apps', 'oauth_apps.id', 'grants.oauth_app_id')
    .select([
      'grants.id',
      'users.id as user_id',
      'users.email as user_email',
      'oauth_apps.id as app_id',
      'oauth_apps.name as app_name',
      'grants.account_id',
      'grants.account_name',
      'grants.scopes',
      'grants.state',
      'grants.dead_cause',
      'grants.rotated_at',
      'user_grants.created_at',
    ])
    .orderBy('user_grants.created_at', 'desc')
    .limit(1_000);
  if (userId !== null) query = query.where('users.id', '=', userId);
  return query.execute();
}

/** Apps that connections crawl with, or to which the user consented, with the sites that are read through each. */
export async function listConsentApps(
  db: Db,
  userId: string,
): Promise<{ id: string; name: string; site_urls: string[] }[]> {
  const { rows } = await sql<{ id: string; name: string; site_urls: string[] }>`
    select app.id, app.name,
      coalesce(array_agg(c.site_url order by c.created_at, c.id) filter (where c.id is not null), '{}') as site_urls
    from oauth_apps app
    left join connections c on c.oauth_app_id = app.id and c.auth_method = 'oauth' and c.status <> 'disconnecting'
    where c.id is not null or exists (
      select from user_grants own join grants on grants.id = own.grant_id
      where own.user_id = ${userId} and grants.oauth_app_id = app.id)
    group by app.id order by app.created_at, app.id limit 500`.execute(db);
  return rows;
}

export async function addOwnGrant(db: Db, link: { userId: string; grantId: string }): Promise<void> {
  await db
    .insertInto('user_grants')
    .values({ user_id: link.userId, grant_id: link.grantId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function removeOwnGrant(db: Db, link: { userId: string; grantId: string }): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('user_grants')
    .where('user_id', '=', link.userId)
    .where('grant_id', '=', link.grantId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** The token family of an app and an account, which a new consent replaces. */
export function findGrant(db: Db, of: { oauthAppId: string; accountId: string }) {
  return db
    .selectFrom('grants')
    .select(['id', 'state'])
    .where('oauth_app_id', '=', of.oauthAppId)
    .where('account_id', '=', of.accountId)
    .executeTakeFirst();
}

export async function deleteGrant(db: Db, id: string): Promise<void> {
  await db.deleteFrom('grants').where('id', '=', id).execute();
}

/**
 * Forgets what own consents proved and prove no longer: links of source `grant` without a consent of that user for that
 * account. A sign-in or an administrator's word stands for itself.
 */
export async function unlinkUnprovenAccounts(db: Db, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return;
  await sql`
    delete from user_accounts as link
    where link.source = 'grant' and link.user_id = any(${userIds}::uuid[])
      and not exists (
        select from user_grants as own join grants on grants.id = own.grant_id
        where own.user_id = link.user_id and grants.account_id = link.account_id)`.execute(db);
}

/** Users who gave their own consent to an app. */
export async function usersWithGrantsOf(db: Db, oauthAppId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('user_grants')
    .innerJoin('grants', 'grants.id', 'user_grants.grant_id')
    .select('user_grants.user_id')
    .distinct()
    .where('grants.oauth_app_id', '=', oauthAppId)
    .execute();
  return rows.map((row) => row.user_id);
}
