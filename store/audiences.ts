import { sql, type RawBuilder } from 'kysely';
import { administersThrough } from './group-roles.ts';
import type { Db } from './schema.ts';
import { accountsOf, principalsOfAccounts, type ViewerId } from './viewer-accounts.ts';

/**
 * The ids of every ACL that belongs to an audience of one of these names, as a subquery for `acl_id in (…)`: the SQL
 * twin of permissions/audience.ts, held equal by a test. Names are compared without regard to case; connections that
 * have an audience of the same name are joined. It only ever narrows: AND it with what the viewer may see.
 *
 * An ACL's innermost layer is looked at first: it must be open as every other, and few are open to a small group, so few
 * ACLs are judged whole. 0.1 s for a group of 700 people, 0.5 s for one of all 10,000, with 60,000 ACLs of 20,000 layers
 * (PostgreSQL 18, two busy cores).
 * @param viewer where given, only audiences that this person may know of (see `knownTo`); others are as if absent
 * @param among subquery of ACL ids: only these are judged
 */
export function audienceAcls(
  names: readonly string[],
  { viewer, among }: { viewer?: ViewerId; among?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> {
  return sql`(
    with asked as materialized (
      select distinct g.connection_id, g.group_id
      from ${audiences()} audience
      cross join lateral jsonb_array_elements_text(audience.groups) named (group_id)
      join atlassian_groups g on g.connection_id = audience.connection_id and g.group_id = named.group_id
        and g.members_state = 'known'
      where lower(audience.name) in (select lower(asked_for) from unnest(${names}::text[]) asked_for)
        ${viewer === undefined ? sql`` : sql`and ${knownTo(viewer)}`}),
    members as materialized (
      select asked.connection_id, asked.group_id, m.account_id, a.account_status = 'active' as active, a.guest
      from asked
      join group_members m on m.connection_id = asked.connection_id and m.group_id = asked.group_id
      left join atlassian_accounts a on a.connection_id = m.connection_id and a.account_id = m.account_id
      where a.account_id is null or (a.account_status not in ('inactive', 'closed') and a.account_type <> 'app')),
    ${principalsOfAccounts(sql`select distinct connection_id, account_id, guest from members where active`)},
    holdings as materialized (
      select connection_id, account_id, array_agg(principal) as held from viewer_principals group by 1, 2),
    shared as materialized (
      select m.connection_id, m.group_id, p.principal
      from members m join viewer_principals p on p.connection_id = m.connection_id and p.account_id = m.account_id
        and p.principal like 'class:%'
      group by 1, 2, 3
      having count(*) = (
        select count(*) from members other
        where other.connection_id = m.connection_id and other.group_id = m.group_id)),
    judging as materialized (
      select connection_id, group_id, array['group:' || group_id] || array(
        select principal from shared
        where shared.connection_id = asked.connection_id and shared.group_id = asked.group_id) as held
      from asked),
    opened as materialized (
      select j.connection_id, j.group_id, l.id
      from judging j join acl_layers l on l.connection_id = j.connection_id and l.state = 'known'
      where l.principals && j.held and (l.kind <> 'product' or l.principals @> array['group:' || j.group_id])
      union
      select m.connection_id, m.group_id, l.id
      from members m
      join acl_layers l on l.connection_id = m.connection_id and l.kind = 'product' and l.state = 'known'
      left join holdings h on h.connection_id = m.connection_id and h.account_id = m.account_id
      group by 1, 2, 3 having bool_and(coalesce(l.principals && h.held, false))),
    judged as materialized (
      select id, connection_id, cardinality(layer_ids) as layers, unnest(layer_ids) as layer_id
      from acls where connection_id in (select connection_id from asked)
        and layer_ids[cardinality(layer_ids)] in (select id from opened)
        ${among === undefined ? sql`` : sql`and id in ${among}`})
    select distinct j.id
    from judged j join opened o on o.id = j.layer_id and o.connection_id = j.connection_id
    group by j.id, o.group_id, j.layers
    having count(*) = j.layers)`;
}

/** Rows (connection_id, name, groups jsonb) of every audience. */
function audiences(): RawBuilder<unknown> {
  return sql`(
    select c.id as connection_id, entry.name, entry.groups
    from connections c cross join lateral jsonb_each(c.settings #> '{permissions,audiences}') entry (name, groups)
    where c.status not in ('draft', 'disconnecting'))`;
}

/**
 * Whether an audience (alias `audience`) may be named to this person: an administrator knows all of them, everybody
 * else those that he or she is in. That an audience exists can itself be a secret.
 */
function knownTo(viewer: ViewerId): RawBuilder<boolean> {
  return sql<boolean>`(
    exists (
      select from users u where u.id = ${viewer.userId} and u.active
        and (u.role = 'administrator' or ${administersThrough(sql.ref('u.id'))} is not null)
    ) or exists (
      select from (${accountsOf(viewer)}) own
      join group_members m on m.connection_id = own.connection_id and m.account_id = own.account_id
      join atlassian_groups mine on mine.connection_id = m.connection_id and mine.group_id = m.group_id
        and mine.members_state = 'known'
      where own.connection_id = audience.connection_id and audience.groups ? m.group_id))`;
}

/** Names of the audiences that this person may know of, in order, each once whatever its case. */
export async function listAudienceNames(db: Db, viewer: ViewerId): Promise<string[]> {
  // Asked first by itself: where there is none, as on most sites, nobody's accounts need be found out.
  const { rows: any } = await sql`select from ${audiences()} audience limit 1`.execute(db);
  if (any.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    select min(audience.name) as name from ${audiences()} audience where ${knownTo(viewer)}
    group by lower(audience.name) order by lower(audience.name) limit 200`.execute(db);
  return rows.map((row) => row.name);
}
