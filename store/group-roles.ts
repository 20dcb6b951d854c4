import { sql, type RawBuilder } from 'kysely';
import type { Db, Role, User } from './schema.ts';

/** The group of Atlassian through which somebody administers Sluice. */
export interface RoleSource {
  connection: { id: string; name: string };
  group: { id: string; name: string };
}

/** A user with the role that counts now: the stronger of the stored one and those of his or her groups. */
export interface ActingUser extends User {
  storedRole: Role;
  /** Set where a group makes the role stronger than the stored one. */
  through: RoleSource | null;
}

/**
 * JSON of the group that makes the user `userId` an administrator (a connection's settings.permissions.groupRoles), or
 * null. Only accounts count that are proven to be this person (as store/viewer-accounts.ts has it): an email that is merely the same opens what Atlassian
 * would open, never the administration of everything here. A group whose members could not be read gives nothing; one
 * of a connection that is disabled or waits for its consent gives what was read last, as permissions do.
 *
 * Index look-ups, one for each proven account and mapped group: 0.1 ms with 10,000 users, 200 groups and 150,000
 * memberships (PostgreSQL 18).
 */
export function administersThrough(userId: RawBuilder<unknown>): RawBuilder<RoleSource | null> {
  return sql<RoleSource | null>`(
    select json_build_object(
      'connection', json_build_object('id', c.id, 'name', c.name),
      'group', json_build_object('id', g.group_id, 'name', g.name))
    from user_accounts own
    join connections c on c.status not in ('draft', 'disconnecting')
    join lateral jsonb_each_text(c.settings #> '{permissions,groupRoles}') mapped (group_id, role)
      on mapped.role = 'administrator'
    join group_members m
      on m.connection_id = c.id and m.account_id = own.account_id and m.group_id = mapped.group_id
    join atlassian_groups g
      on g.connection_id = c.id and g.group_id = m.group_id and g.members_state = 'known'
    join atlassian_accounts a
      on a.connection_id = c.id and a.account_id = own.account_id and a.account_status = 'active'
      and a.account_type <> 'app'
    where own.user_id = ${userId} and (own.source <> 'administrator' or not exists (
      select from user_accounts proof
      join atlassian_accounts better on better.connection_id = c.id and better.account_id = proof.account_id
        and better.account_status = 'active' and better.account_type <> 'app'
      where proof.user_id = own.user_id and proof.source <> 'administrator'))
    order by c.name, g.name, g.group_id limit 1)`;
}

/** The user with the role that counts at this moment, in one statement. */
export async function findActingUser(db: Db, id: string): Promise<ActingUser | undefined> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .select(administersThrough(sql.ref('users.id')).as('group_role'))
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { group_role: source, ...user } = row;
  const through = user.role === 'administrator' ? null : source;
  return { ...user, storedRole: user.role, role: through === null ? user.role : 'administrator', through };
}

/** Of many users, those whom a group makes administrators, in one statement. */
export async function loadRoleSources(db: Db, userIds: readonly string[]): Promise<Map<string, RoleSource>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['id', administersThrough(sql.ref('users.id')).as('through')])
    .where('id', 'in', [...userIds])
    .execute();
  return new Map(rows.flatMap(({ id, through }) => (through === null ? [] : [[id, through] as const])));
}

/**
 * Of these connections, those through which an Atlassian account may become a user by signing in: all where no group is
 * mapped to a role, else those with a mapped group that has the account, active, among its known members.
 */
export async function connectionsThatAdmit(
  db: Db,
  connectionIds: readonly string[],
  accountId: string,
): Promise<Set<string>> {
  if (connectionIds.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select c.id from connections c
    where c.id = any(${connectionIds}::uuid[]) and (
      coalesce(c.settings #> '{permissions,groupRoles}', '{}') = '{}'
      or exists (
        select from jsonb_object_keys(c.settings #> '{permissions,groupRoles}') as mapped (group_id)
        join group_members m
          on m.connection_id = c.id and m.account_id = ${accountId} and m.group_id = mapped.group_id
        join atlassian_groups g
          on g.connection_id = c.id and g.group_id = m.group_id and g.members_state = 'known'
        join atlassian_accounts a
          on a.connection_id = c.id and a.account_id = m.account_id and a.account_status = 'active'
          and a.account_type <> 'app'))`.execute(db);
  return new Set(rows.map((row) => row.id));
}
