import { sql, type RawBuilder } from 'kysely';
import { containing, type MatchedBy } from './people-accounts.ts';
import type { Db } from './schema.ts';

/** Why a user has no account on a site: the first that applies, in this order. */
export const accountlessReasons = [
  'user_deactivated',
  'account_inactive',
  'email_unverified',
  'no_account',
  'email_shared',
  'email_changed',
  'account_taken',
] as const;
export type AccountlessReason = (typeof accountlessReasons)[number];

/** A user of Sluice on one connected site. */
export interface UserRow {
  user_id: string;
  email: string;
  name: string;
  connection_id: string;
  connection_name: string;
  /** Null: the user has an account there. */
  reason: AccountlessReason | null;
  matched_by: MatchedBy | null;
  /** The account that counts, or that would count by its email: one of them where there are several. */
  account_id: string | null;
}

export interface UserFilter {
  connectionId: string | null;
  state: 'matched' | 'unmatched' | AccountlessReason | null;
  q: string;
}

export interface UserPlace {
  email: string;
  connectionId: string;
}

export type UserRowAt = UserRow & { place: UserPlace };

/** Users on each site that is connected, by email, with the account that they are there or why they are none. */
export async function listUserMatches(
  db: Db,
  request: UserFilter & { after: UserPlace | null; limit: number },
): Promise<UserRowAt[]> {
  const { after } = request;
  const folded = sql`lower(email collate "C") collate "C"`;
  const behind =
    after === null
      ? sql`true`
      : sql`(${folded}, connection_id) > (${after.email} collate "C", ${after.connectionId}::uuid)`;
  const { rows } = await sql<UserRowAt>`
    select person.*, json_build_object('email', ${folded}, 'connectionId', connection_id) as place
    from (${userStates(request.connectionId)}) person
    where ${matches(request)} and ${behind}
    order by ${folded}, connection_id limit ${request.limit}`.execute(db);
  return rows;
}

/** How many users there are of each state, counted on each site. */
export async function countUserStates(
  db: Db,
  filter: Omit<UserFilter, 'state'>,
): Promise<Map<'matched' | AccountlessReason, number>> {
  const { rows } = await sql<{ state: 'matched' | AccountlessReason; users: string }>`
    select coalesce(reason, 'matched') as state, count(*) as users
    from (${userStates(filter.connectionId)}) person where ${matches({ ...filter, state: null })} group by 1`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.state, Number(row.users)]));
}

function matches({ state, q }: Pick<UserFilter, 'state' | 'q'>): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = [];
  if (state === 'matched') conditions.push(sql`reason is null`);
  else if (state === 'unmatched') conditions.push(sql`reason is not null`);
  else if (state !== null) conditions.push(sql`reason = ${state}`);
  if (q !== '') conditions.push(sql`(email ilike ${containing(q)} or name ilike ${containing(q)})`);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Every user on every connected site, one row each: the view of viewer-accounts.ts from the user's side. */
function userStates(connectionId: string | null): RawBuilder<unknown> {
  return sql`
    select user_id, email, name, connection_id, connection_name, reason,
      case when reason is null then coalesce(linked_by, 'email') end as matched_by,
      coalesce(linked_account, email_account) as account_id
    from (
      select u.id as user_id, u.email, u.name, c.id as connection_id, c.name as connection_name,
        own.account_id as linked_account, own.source as linked_by, same.account_id as email_account,
        case
          when not u.active then 'user_deactivated'
          when own.user_id is not null then case when not own.active then 'account_inactive' end
          when not u.email_verified then 'email_unverified'
          when same.accounts is null then 'no_account'
          when same.accounts > 1 then 'email_shared'
          when not same.active then 'account_inactive'
          when same.changed then 'email_changed'
          when same.taken then 'account_taken'
        end as reason
      from users u
      join connections c on c.status <> 'draft'
        and ${connectionId === null ? sql`true` : sql`c.id = ${connectionId}::uuid`}
      left join (
        select distinct on (l.user_id, a.connection_id) l.user_id, a.connection_id, l.account_id, l.source,
          a.account_status = 'active' and a.account_type <> 'app' as active
        from user_accounts l join atlassian_accounts a on a.account_id = l.account_id
        order by l.user_id, a.connection_id, active desc, l.source = 'administrator', l.created_at) own
        on own.user_id = u.id and own.connection_id = c.id
      left join (
        select a.connection_id, lower(a.email collate "C") as email, count(*) as accounts,
          min(a.account_id) as account_id, bool_and(a.account_type = 'atlassian' and a.account_status = 'active') as active,
          bool_or(a.email_before is not null) as changed, bool_or(l.user_id is not null) as taken
        from atlassian_accounts a left join user_accounts l on l.account_id = a.account_id
        where a.account_type in ('atlassian', 'unknown') and a.email is not null group by 1, 2) same
        on same.connection_id = c.id and same.email = lower(u.email collate "C")) judged`;
}
