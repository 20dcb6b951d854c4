import { sql, type RawBuilder } from 'kysely';

/** The person for whom something is read. */
export interface ViewerId {
  userId: string;
}

/**
 * Rows (connection_id, account_id) of the Atlassian accounts that are this person.
 * What the person proved (consent, sign-in) outranks an administrator's word on the same site, while the proven account
 * is active there; either outranks an email. An email matches only when it is verified here, is visible there, belongs
 * to exactly one account of the site, and that account is not proven to be somebody else. Ambiguity matches nobody, and neither does an email that has changed since it
 * was first seen. An app is nobody; an account of a kind that is not told proves nobody and makes an email ambiguous.
 * Where an administrator opted in, everybody is a visitor of the site besides: account ''.
 */
export function accountsOf(viewer: ViewerId): RawBuilder<unknown> {
  return sql`
    select a.connection_id, a.account_id, a.guest
    from user_accounts ua
    join users u on u.id = ua.user_id and u.active
    join atlassian_accounts a on a.account_id = ua.account_id and a.account_status = 'active'
      and a.account_type <> 'app'
    where ua.user_id = ${viewer.userId}
      and (ua.source <> 'administrator' or not exists (
        select from user_accounts proof
        join atlassian_accounts own on own.connection_id = a.connection_id and own.account_id = proof.account_id
          and own.account_status = 'active' and own.account_type <> 'app'
        where proof.user_id = ua.user_id and proof.source <> 'administrator'))
    union all
    select a.connection_id, min(a.account_id), bool_or(a.guest)
    from users u
    -- "offset 0" keeps this a look-up by its index: joined freely, all accounts were read, 5 ms with 10,000 of them.
    cross join lateral (select * from atlassian_accounts a where lower(a.email collate "C") = lower(u.email collate "C")
      and a.account_type in ('atlassian', 'unknown') offset 0) a
    where u.id = ${viewer.userId} and u.active and u.email_verified
      and not exists (
        select from user_accounts ua
        join atlassian_accounts own on own.connection_id = a.connection_id and own.account_id = ua.account_id
        where ua.user_id = u.id)
    group by a.connection_id
    having count(*) = 1 and bool_and(a.account_type = 'atlassian' and a.account_status = 'active') and bool_and(a.email_before is null)
      and not exists (select from user_accounts other where other.account_id = min(a.account_id))
    union all
    select c.id, '', false
    from users u join connections c on c.settings #>> '{permissions,anonymousAccess}' = 'everyone'
    where u.id = ${viewer.userId} and u.active`;
}

/**
 * Rows (connection_id, account_id, principal): the SQL twin of permissions/principals.ts, held equal by a test.
 */
export function principalsOf(viewer: ViewerId): RawBuilder<unknown> {
  return principalsOfAccounts(accountsOf(viewer));
}

/**
 * The same for any accounts, each by itself.
 * @param accounts subquery of rows (connection_id, account_id, guest) of active accounts
 */
export function principalsOfAccounts(accounts: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    viewer_accounts as materialized (${accounts}),
    viewer_groups as materialized (
      select v.connection_id, v.account_id, v.guest, g.group_id, g.opens_product, g.administers
      from viewer_accounts v
      left join group_members m on m.connection_id = v.connection_id and m.account_id = v.account_id
      left join atlassian_groups g on g.connection_id = m.connection_id and g.group_id = m.group_id
        and g.members_state = 'known'),
    viewer_principals as materialized (
      select connection_id, account_id, 'user:' || account_id as principal from viewer_accounts where account_id <> ''
      union all
      select connection_id, account_id, 'group:' || group_id from viewer_groups where group_id is not null
      union all
      select f.connection_id, f.account_id, 'class:' || c.name
      from (
        select connection_id, account_id, bool_or(guest) as guest,
          coalesce(bool_or(opens_product), false) and not bool_or(guest) as licensed, coalesce(bool_or(administers), false) as administers
        from viewer_groups group by connection_id, account_id) f
      cross join lateral (values
        ('all-licensed-users', f.licensed),
        ('guests', f.guest),
        ('authenticated-users', f.licensed or f.guest),
        ('anonymous-users', f.licensed or f.guest or f.account_id = ''),
        ('visitors', f.account_id = ''),
        ('all-product-admins', f.administers)) c (name, held)
      where c.held)`;
}
