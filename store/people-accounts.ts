import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** How an account came to be a user's; the first two are the person's own proof. */
export type MatchedBy = 'grant' | 'sign_in' | 'administrator' | 'email';

/** Why an account is nobody's here: the first that applies, in this order. docs/people.md has each in words. */
export const unmatchedReasons = [
  'account_unknown',
  'account_inactive',
  'not_a_person',
  'user_deactivated',
  'link_outranked',
  'email_hidden',
  'email_shared',
  'email_changed',
  'no_user',
  'email_unverified',
  'user_other_account',
] as const;
export type UnmatchedReason = (typeof unmatchedReasons)[number];

/** Reasons about which nothing can be done here: nobody could be such an account. */
export const idleReasons = ['account_unknown', 'account_inactive', 'not_a_person'] as const;

/** An account of a connected site, and who it is here. */
export interface AccountRow {
  connection_id: string;
  connection_name: string;
  account_id: string;
  display_name: string;
  email: string | null;
  email_before: string | null;
  account_type: string;
  account_status: string;
  matched_by: MatchedBy | null;
  /** Null: matched. */
  reason: UnmatchedReason | null;
  /** The user to whom the account is linked, else the one with its email. */
  user_id: string | null;
  user_email: string | null;
  user_name: string | null;
  link_source: Exclude<MatchedBy, 'email'> | null;
  /** Another user than the one to whom it is linked, who has the account's email and is not matched by it. */
  namesake_email: string | null;
  read_at: Date;
  records: string | null;
  counted_at: Date | null;
}

export interface AccountFilter {
  connectionId: string | null;
  /** `attention`: unmatched, and something can be done about it. Null: everybody. */
  state: 'matched' | 'unmatched' | 'attention' | UnmatchedReason | null;
  /** A part of a name, of an email here or there, or a whole account id. */
  q: string;
}

/** What the next page goes on behind, by the order of `sort`. */
export interface AccountPlace {
  rank: string;
  name: string;
  connectionId: string;
  accountId: string;
}

export type AccountRowAt = AccountRow & { place: AccountPlace };

/**
 * Accounts of connected sites with who they are here, by name, or by the records that they alone may read (counted
 * ones first, most first). What `matched` means is viewer-accounts.ts, and a property holds both equal.
 */
export async function listAccounts(
  db: Db,
  request: AccountFilter & { sort: 'name' | 'records'; after: AccountPlace | null; limit: number },
): Promise<AccountRowAt[]> {
  const { after, sort, limit } = request;
  const idle = sql`${[...idleReasons]}::text[]`;
  // Who is matched, or could be nobody, may have been counted before and misses nothing.
  const rank =
    sort === 'records'
      ? sql`case when reason <> all(${idle}) then coalesce(records, -1) else -1 end`
      : sql`0::bigint`;
  const name = sql`lower(display_name collate "C") collate "C"`;
  const behind =
    after === null
      ? sql`true`
      : sql`(-(${rank}), ${name}, connection_id, account_id) >
          (-${after.rank}::bigint, ${after.name} collate "C", ${after.connectionId}::uuid, ${after.accountId}::text)`;
  const { rows } = await sql<AccountRowAt>`
    select account.*, json_build_object('rank', (${rank})::text, 'name', ${name}, 'connectionId', connection_id,
      'accountId', account_id) as place
    from (${accountStates(request.connectionId)}) account
    where ${matches(request)} and ${behind}
    order by -(${rank}), ${name}, connection_id, account_id limit ${limit}`.execute(db);
  return rows;
}

export async function findAccount(
  db: Db,
  key: { connectionId: string; accountId: string },
): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`
    select * from (${accountStates(key.connectionId)}) account where account_id = ${key.accountId}`.execute(
    db,
  );
  return rows[0];
}

/** How many accounts there are of each state: `matched`, or the reason why not. */
export async function countAccountStates(
  db: Db,
  filter: Omit<AccountFilter, 'state'>,
): Promise<Map<'matched' | UnmatchedReason, number>> {
  const { rows } = await sql<{ state: 'matched' | UnmatchedReason; accounts: string }>`
    select coalesce(reason, 'matched') as state, count(*) as accounts
    from (${accountStates(filter.connectionId)}) account
    where ${matches({ ...filter, state: null })} group by 1`.execute(db);
  return new Map(rows.map((row) => [row.state, Number(row.accounts)]));
}

/** Conditions on the rows of `accountStates`, called `account`. */
export function matches({ state, q }: Pick<AccountFilter, 'state' | 'q'>): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = [];
  if (state === 'matched') conditions.push(sql`reason is null`);
  else if (state === 'unmatched') conditions.push(sql`reason is not null`);
  else if (state === 'attention') conditions.push(sql`reason <> all(${[...idleReasons]}::text[])`);
  else if (state !== null) conditions.push(sql`reason = ${state}`);
  if (q !== '') {
    const part = containing(q);
    conditions.push(sql`(display_name ilike ${part} or email ilike ${part} or user_email ilike ${part}
      or account_id = ${q})`);
  }
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** The pattern for `like` that finds `text` anywhere, whatever is in it. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** Every account with its state, one row each. The joins are by hash: 10,000 accounts take tens of milliseconds. */
export function accountStates(connectionId: string | null): RawBuilder<unknown> {
  const here = (column: string) =>
    connectionId === null ? sql`true` : sql`${sql.ref(column)} = ${connectionId}::uuid`;
  return sql`
    select *, case when reason is null then coalesce(link_source, 'email') end as matched_by
    from (
      select a.connection_id, c.name as connection_name, a.account_id, a.display_name, a.email, a.email_before,
        a.account_type, a.account_status, a.read_at, link.source as link_source, r.records, r.counted_at,
        coalesce(owner.id, namesake.id) as user_id, coalesce(owner.email, namesake.email) as user_email,
        coalesce(owner.name, namesake.name) as user_name,
        case when namesake.id <> owner.id then namesake.email end as namesake_email,
        case
          when a.account_status = 'unknown' then 'account_unknown'
          when a.account_status <> 'active' then 'account_inactive'
          when a.account_type = 'app' then 'not_a_person'
          when owner.id is not null then case
            when not owner.active then 'user_deactivated'
            when link.source = 'administrator' and proof.user_id is not null then 'link_outranked' end
          when a.account_type <> 'atlassian' then 'not_a_person'
          when a.email is null then 'email_hidden'
          when twins.accounts > 1 then 'email_shared'
          when a.email_before is not null then 'email_changed'
          when namesake.id is null then 'no_user'
          when not namesake.active then 'user_deactivated'
          when not namesake.email_verified then 'email_unverified'
          when own.user_id is not null then 'user_other_account'
        end as reason
      from atlassian_accounts a
      join connections c on c.id = a.connection_id
      left join account_reach r on r.connection_id = a.connection_id and r.account_id = a.account_id
      left join user_accounts link on link.account_id = a.account_id
      left join users owner on owner.id = link.user_id
      left join users namesake on a.account_type = 'atlassian'
        and lower(namesake.email collate "C") = lower(a.email collate "C")
      left join (
        select connection_id, lower(email collate "C") as email, count(*) as accounts
        from atlassian_accounts where account_type in ('atlassian', 'unknown') and email is not null group by 1, 2) twins
        on twins.connection_id = a.connection_id and twins.email = lower(a.email collate "C")
      left join (
        select distinct l.user_id, o.connection_id
        from user_accounts l join atlassian_accounts o on o.account_id = l.account_id) own
        on own.user_id = namesake.id and own.connection_id = a.connection_id
      left join (
        select distinct l.user_id, o.connection_id
        from user_accounts l
        join atlassian_accounts o on o.account_id = l.account_id and o.account_status = 'active'
          and o.account_type <> 'app'
        where l.source <> 'administrator') proof
        on proof.user_id = owner.id and proof.connection_id = a.connection_id
      where ${here('a.connection_id')}) judged`;
}
