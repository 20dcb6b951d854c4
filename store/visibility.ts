import { sql, type RawBuilder } from 'kysely';
import { explain } from '../permissions/can-see.ts';
import type { Layer, Principal, Verdict } from '../permissions/types.ts';
import type { Db } from './schema.ts';

/** The person for whom something is read. */
export interface ViewerId {
  userId: string;
}

/**
 * Rows (connection_id, account_id) of the Atlassian accounts that are this person.
 * What the person proved (consent, sign-in) or an administrator vouched for outranks an email; an email matches
 * only when it is verified here, is visible there, belongs to exactly one account of the site, and that account
 * is not proven to be somebody else. Ambiguity matches nobody.
 */
function accountsOf(viewer: ViewerId): RawBuilder<unknown> {
  return sql`
    select a.connection_id, a.account_id, a.guest
    from user_accounts ua
    join users u on u.id = ua.user_id and u.active
    join atlassian_accounts a on a.account_id = ua.account_id and a.account_status = 'active'
    where ua.user_id = ${viewer.userId}
    union all
    select a.connection_id, min(a.account_id), bool_or(a.guest)
    from users u
    join atlassian_accounts a on lower(a.email collate "C") = lower(u.email collate "C") and a.account_type = 'atlassian'
    where u.id = ${viewer.userId} and u.active and u.email_verified
      and not exists (
        select from user_accounts ua
        join atlassian_accounts own on own.connection_id = a.connection_id and own.account_id = ua.account_id
        where ua.user_id = u.id)
    group by a.connection_id
    having count(*) = 1 and bool_and(a.account_status = 'active')
      and not exists (select from user_accounts other where other.account_id = min(a.account_id))`;
}

/**
 * Rows (connection_id, account_id, principal): the SQL twin of permissions/principals.ts, held equal by a test.
 */
function principalsOf(viewer: ViewerId): RawBuilder<unknown> {
  return sql`
    viewer_accounts as materialized (${accountsOf(viewer)}),
    viewer_groups as materialized (
      select v.connection_id, v.account_id, v.guest, g.group_id, g.opens_product, g.administers
      from viewer_accounts v
      left join group_members m on m.connection_id = v.connection_id and m.account_id = v.account_id
      left join atlassian_groups g on g.connection_id = m.connection_id and g.group_id = m.group_id
        and g.members_state = 'known'),
    viewer_principals as materialized (
      select connection_id, account_id, 'user:' || account_id as principal from viewer_accounts
      union all
      select connection_id, account_id, 'group:' || group_id from viewer_groups where group_id is not null
      union all
      select f.connection_id, f.account_id, 'class:' || c.name
      from (
        select connection_id, account_id, bool_or(guest) as guest,
          coalesce(bool_or(opens_product), false) as licensed, coalesce(bool_or(administers), false) as administers
        from viewer_groups group by connection_id, account_id) f
      cross join lateral (values
        ('all-licensed-users', f.licensed),
        ('guests', f.guest),
        ('authenticated-users', f.licensed or f.guest),
        ('anonymous-users', f.licensed or f.guest),
        ('all-product-admins', f.administers)) c (name, held)
      where c.held)`;
}

/**
 * The ids of every ACL that the viewer may read, as a subquery for `acl_id in (…)`. Each account of the person is
 * judged by itself: two accounts together never open what neither opens alone.
 * @param among subquery of ACL ids: only these are judged, by their own layers, which costs nothing where few matter
 *
 * ACLs are unnested before they meet the layers, so that the join has the layer's id to hash by. Joined laterally,
 * the planner multiplies all ACLs with all passing layers first: with 20,300 ACLs of three layers over 15 s, against
 * 0.2 s for all of them in this form and milliseconds for some hundreds (PostgreSQL 18, two busy cores).
 */
export function readableAcls(viewer: ViewerId, among?: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    with ${principalsOf(viewer)},
    judged as materialized (
      select id, connection_id, cardinality(layer_ids) as layers, unnest(layer_ids) as layer_id
      from acls ${among === undefined ? sql`` : sql`where id in ${among}`}),
    passing as materialized (
      select p.connection_id, p.account_id, l.id
      from (select distinct layer_id from judged) j
      join acl_layers l on l.id = j.layer_id and l.state = 'known'
      join (select connection_id, account_id, array_agg(principal) as held from viewer_principals group by 1, 2) p
        on p.connection_id = l.connection_id and l.principals && p.held)
    select j.id
    from judged j
    join passing p on p.id = j.layer_id and p.connection_id = j.connection_id
    group by j.id, p.account_id, j.layers
    having count(*) = j.layers)`;
}

/** The same ids, read once: for callers that use them in several statements. */
export async function loadReadableAcls(db: Db, viewer: ViewerId): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${readableAcls(viewer)} readable`.execute(db);
  return rows.map((row) => row.id);
}

/** The viewer's principals by connection and account. */
export async function loadPrincipals(
  db: Db,
  viewer: ViewerId,
  connectionId: string,
): Promise<Map<string, Set<Principal>>> {
  const { rows } = await sql<{ account_id: string; principal: Principal }>`
    with ${principalsOf(viewer)}
    select account_id, principal from viewer_principals where connection_id = ${connectionId}`.execute(db);
  const byAccount = new Map<string, Set<Principal>>();
  for (const row of rows) {
    const held = byAccount.get(row.account_id) ?? new Set();
    byAccount.set(row.account_id, held.add(row.principal));
  }
  return byAccount;
}

export interface Access extends Verdict {
  /** The account that decided; null when no account of the site is matched to the person. */
  accountId: string | null;
}

/**
 * Why `viewer` can or cannot see a record, by the same evaluation as search. Of several accounts of one person the
 * one that may see the item speaks, else the first.
 * @returns null when there is no such record.
 */
export async function loadAccess(db: Db, recordId: string, viewer: ViewerId): Promise<Access | null> {
  const record = await db
    .selectFrom('records')
    .select(['connection_id', 'acl_id'])
    .where('id', '=', recordId)
    .executeTakeFirst();
  if (record === undefined) return null;
  const [layers, accounts] = await Promise.all([
    record.acl_id === null ? null : loadLayers(db, record.acl_id),
    loadPrincipals(db, viewer, record.connection_id),
  ]);
  const verdicts = [...accounts].map(([accountId, held]): Access => ({
    accountId,
    ...explain(held, layers),
  }));
  return (
    verdicts.find((verdict) => verdict.visible) ??
    verdicts[0] ?? { accountId: null, ...explain(new Set(), layers) }
  );
}

/** The layers of an ACL, outermost first. */
export async function loadLayers(db: Db, aclId: string): Promise<Layer[]> {
  const { rows } = await sql<Layer>`
    select l.id, l.kind, l.source_id as "sourceId", l.state, l.principals, l.reason
    from acls a
    cross join lateral unnest(a.layer_ids) with ordinality as part (layer_id, position)
    join acl_layers l on l.id = part.layer_id
    where a.id = ${aclId} order by part.position`.execute(db);
  return rows;
}
