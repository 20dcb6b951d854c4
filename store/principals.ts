import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Ids of the groups that a layer names (or will, when its space opens), that open or administer the product, or that the connection's settings map to a
 * role or an audience.
 */
export async function groupsThatMatter(
  db: Db,
  connectionId: string,
  options: { unreadOnly: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ group_id: string }>`
    select group_id from (
      select distinct substr(principal, 7) as group_id from acl_layers, unnest(principals || opening) as principal
      where connection_id = ${connectionId} and principal like 'group:%'
      union
      select group_id from atlassian_groups where connection_id = ${connectionId} and (opens_product or administers)
      union
      select g.group_id from connections c
      cross join lateral (
        select jsonb_object_keys(c.settings #> '{permissions,groupRoles}') as group_id
        union
        select jsonb_array_elements_text(audience.groups)
        from jsonb_each(c.settings #> '{permissions,audiences}') as audience (name, groups)) mapped
      join atlassian_groups g on g.connection_id = c.id and g.group_id = mapped.group_id
      where c.id = ${connectionId}
    ) named
    where not ${options.unreadOnly}::boolean or not exists (
      select from atlassian_groups g
      where g.connection_id = ${connectionId} and g.group_id = named.group_id and g.members_state = 'known')
    order by group_id`.execute(db);
  return rows.map((row) => row.group_id);
}

/**
 * Account ids of everybody whom a layer could admit: named by one, a member of a group that was read, or known as a
 * guest, whom an access class admits; and of authors who were never read, for their names. `unreadOnly`: only accounts that nothing is known of.
 */
export async function accountsThatMatter(
  db: Db,
  connectionId: string,
  options: { unreadOnly: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from (
      select account_id from group_members where connection_id = ${connectionId}
      union
      select substr(principal, 6) from acl_layers, unnest(principals || opening) as principal
      where connection_id = ${connectionId} and principal like 'user:%'
      union
      select account_id from atlassian_accounts
      where connection_id = ${connectionId} and guest and account_status = 'active'
      union
      select author_id from records
      where connection_id = ${connectionId} and author_id is not null and ${options.unreadOnly}::boolean) everybody
    where not ${options.unreadOnly}::boolean or not exists (
      select from atlassian_accounts a
      where a.connection_id = ${connectionId} and a.account_id = everybody.account_id)
    order by account_id`.execute(db);
  return rows.map((row) => row.account_id);
}
