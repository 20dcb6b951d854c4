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
 * null. Only accounts count that are proven to be this person (as store/viewer-accounts.ts has it): an email that is
 * merely the same opens what Atlassian would open, never the administration of everything here. A group whose members
 * could not be read gives nothing; one of a connection that is disabled or waits for its consent gives what was read
 * last, as permissions do.
 *
 * Each table is asked by its key in a select of its own. This runs with every request, and as one join its planning alone
 * took 30 ms where this takes 0.2 ms, and 0.1 ms to run (10,000 users, three sites of 200 groups and 150,000 memberships
 * each; PostgreSQL 18, two busy cores).
 */
export function administersThrough(userId: RawBuilder<unknown>): RawBuilder<RoleSource | null> {
  return sql<RoleSource | null>`(
    select json_build_object(
      'connection', json_build_object('id', c.id, 'name', c.name),
      'group', json_build_object('id', mapped.group_id, 'name', (
        select g.name from atlassian_groups g where g.connection_id = c.id and g.group_id = mapped.group_id)))
    from connections c
    cross join lateral jsonb_each_text(c.settings #> '{permissions,groupRoles}') mapped (group_id, role)
    where c.status not in ('draft', 'disconnecting') and mapped.role = 'administrator'
      and (select g.members_state from atlassian_groups g
        where g.connection_id = c.id and g.group_id = mapped.group_id) = 'known'
      and (select true from user_accounts own
        where own.user_id = ${userId}
          and (select true from group_members m where m.connection_id = c.id
            and m.account_id = own.account_id and m.group_id = mapped.group_id)
          and ${isPerson(sql`own`)}
          and (own.source <> 'administrator' or (select true from user_accounts proof
            where proof.user_id = own.user_id and proof.source <> 'administrator' and ${isPerson(sql`proof`)}
            limit 1) is null)
        limit 1)
    order by c.name, mapped.group_id limit 1)`;
}

/** Whether the account of a user_accounts row with this alias is active, and a person's, on the connection `c`. */
function isPerson(alias: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select a.account_status = 'active' and a.account_type <> 'app' from atlassian_accounts a
    where a.connection_id = c.id and a.account_id = ${alias}.account_id)`;
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
