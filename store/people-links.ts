import { sql } from 'kysely';
import { foldEmail } from './fold-email.ts';
import { rowsAs } from './rows.ts';
import type { Db } from './schema.ts';
import type { AccountLink } from './users.ts';

/** What is known of a pair of an account and an email that somebody wants to link. */
export interface KnownPair {
  accountId: string;
  /** Lower case, A to Z only. */
  email: string;
  userId: string | null;
  userActive: boolean | null;
  /** To whom the account is linked now. */
  ownerId: string | null;
  ownerEmail: string | null;
  source: AccountLink['source'] | null;
  /** Some connected site knows the account; and there it is active. */
  known: boolean;
  active: boolean;
  /** The user proved another account on a site that knows this one: an administrator's word does not count there. */
  proven: boolean;
}

/**
 * What is known of many pairs, by `accountId email`, in one query.
 */
export async function loadPairs(
  db: Db,
  pairs: readonly { accountId: string; email: string }[],
): Promise<Map<string, KnownPair>> {
  if (pairs.length === 0) return new Map();
  const rows = pairs.map((pair) => ({ account_id: pair.accountId, email: foldEmail(pair.email) }));
  const { rows: known } = await sql<KnownPair>`
    select distinct on (input.account_id, input.email)
      input.account_id as "accountId", input.email, u.id as "userId", u.active as "userActive",
      owner.id as "ownerId", owner.email as "ownerEmail", link.source,
      exists (select from atlassian_accounts a where a.account_id = input.account_id) as known,
      exists (select from atlassian_accounts a
        where a.account_id = input.account_id and a.account_status = 'active') as active,
      exists (
        select from user_accounts proof
        join atlassian_accounts theirs on theirs.account_id = proof.account_id and theirs.account_status = 'active'
        join atlassian_accounts a on a.connection_id = theirs.connection_id and a.account_id = input.account_id
        where proof.user_id = u.id and proof.source <> 'administrator' and proof.account_id <> input.account_id) as proven
    from ${rowsAs(rows, 'account_id text, email text')}
    left join users u on lower(u.email collate "C") = input.email
    left join user_accounts link on link.account_id = input.account_id
    left join users owner on owner.id = link.user_id`.execute(db);
  return new Map(known.map((row) => [pairKey(row.accountId, row.email), row]));
}

export function pairKey(accountId: string, email: string): string {
  return `${accountId} ${foldEmail(email)}`;
}

/**
 * Links accounts with users on an administrator's word, all in one statement; one that is linked by an administrator
 * already moves. What somebody proved stays where it is.
 * @returns the accounts that were linked or moved
 */
export async function linkAccounts(
  db: Db,
  links: readonly { accountId: string; userId: string }[],
): Promise<string[]> {
  if (links.length === 0) return [];
  const rows = links.map((link) => ({ account_id: link.accountId, user_id: link.userId }));
  const { rows: stored } = await sql<{ account_id: string }>`
    insert into user_accounts as kept (account_id, user_id, source)
    select account_id, user_id, 'administrator' from ${rowsAs(rows, 'account_id text, user_id uuid')}
    order by account_id
    on conflict (account_id) do update set user_id = excluded.user_id, created_at = now()
    where kept.source = 'administrator'
    returning account_id`.execute(db);
  return stored.map((row) => row.account_id);
}

/** Takes an account from whoever an administrator linked it with, because another user proved that it is his or hers. */
export async function removeAdministratorsLink(
  db: Db,
  accountId: string,
  exceptUserId: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('user_accounts')
    .where('account_id', '=', accountId)
    .where('user_id', '!=', exceptUserId)
    .where('source', '=', 'administrator')
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** An account that a user was taken for on a site, until the user proved another one there. */
export interface OutrankedClaim {
  name: string;
  /** Its URL. */
  site: string;
  by: 'administrator' | 'email';
}

/**
 * The accounts that an administrator, or the user's verified email, names as the user's on the sites that know
 * `accountId`, where they are others: they do not count once that one is proven.
 */
export async function claimsOutranked(
  db: Db,
  proven: { userId: string; accountId: string },
): Promise<OutrankedClaim[]> {
  const { rows } = await sql<OutrankedClaim>`
    select coalesce(nullif(a.display_name, ''), a.account_id) as name, c.site_url as site,
      case when link.user_id is null then 'email' else 'administrator' end as by
    from atlassian_accounts mine
    join connections c on c.id = mine.connection_id
    join users u on u.id = ${proven.userId}
    join atlassian_accounts a on a.connection_id = mine.connection_id and a.account_id <> mine.account_id
      and a.account_status = 'active'
    left join user_accounts link on link.account_id = a.account_id
    where mine.account_id = ${proven.accountId} and mine.account_status = 'active' and (
      (link.user_id = u.id and link.source = 'administrator') or (link.user_id is null and u.email_verified
        and a.account_type = 'atlassian' and lower(a.email collate "C") = lower(u.email collate "C")))
    order by c.site_url, a.account_id limit 5`.execute(db);
  return rows;
}

export interface ChangedEmail {
  connectionId: string;
  accountId: string;
  /** The email that is confirmed: the one that the account shows now. */
  email: string;
}

/**
 * Confirms that changed emails are the same people's: from now on each matches as if it had never been another. One that
 * has changed once more since it was shown is left as it is.
 * @returns the confirmed ones, with the email before
 */
export async function confirmEmails(
  db: Db,
  changed: readonly ChangedEmail[],
): Promise<(ChangedEmail & { before: string })[]> {
  if (changed.length === 0) return [];
  const rows = changed.map((each) => ({
    connection_id: each.connectionId,
    account_id: each.accountId,
    email: each.email,
  }));
  const { rows: confirmed } = await sql<ChangedEmail & { before: string }>`
    with named as (
      select a.connection_id, a.account_id, a.email, a.email_before
      from ${rowsAs(rows, 'connection_id uuid, account_id text, email text')}
      join atlassian_accounts a on a.connection_id = input.connection_id and a.account_id = input.account_id
        and a.email = input.email
      where a.email_before is not null
      order by a.connection_id, a.account_id for update of a)
    update atlassian_accounts a set email_before = null from named
    where a.connection_id = named.connection_id and a.account_id = named.account_id
    returning a.connection_id as "connectionId", a.account_id as "accountId", a.email, named.email_before as before`.execute(
    db,
  );
  return confirmed;
}

/** Every link of an account with a user, by account, for a table to take elsewhere: at most `limit`. */
export async function listLinks(
  db: Db,
  options: { after: string | null; limit: number },
): Promise<{ accountId: string; email: string; source: AccountLink['source'] }[]> {
  const rows = await db
    .selectFrom('user_accounts')
    .innerJoin('users', 'users.id', 'user_accounts.user_id')
    .select(['user_accounts.account_id', 'users.email', 'user_accounts.source'])
    .where('user_accounts.account_id', '>', options.after ?? '')
    .orderBy('user_accounts.account_id')
    .limit(options.limit)
    .execute();
  return rows.map((row) => ({ accountId: row.account_id, email: row.email, source: row.source }));
}
