import fc from 'fast-check';
import { sql } from 'kysely';
import type { Db } from '../store/schema.ts';
import type { ViewerId } from '../store/visibility.ts';

/** Changes of everything that decides what may be read, small enough that they meet each other. */
export const people = ['ada', 'bob'];
export const groups = ['g0', 'g1'];
export const layers = ['l0', 'l1', 'l2'];

export const principal = fc.constantFrom(
  ...people.map((p) => `user:${p}`),
  ...groups.map((g) => `group:${g}`),
);
export const step = fc.oneof(
  fc.record({
    layer: fc.constantFrom(...layers),
    principals: fc.uniqueArray(principal),
    known: fc.boolean(),
  }),
  fc.record({ acl: fc.uniqueArray(fc.constantFrom(...layers), { maxLength: 3 }) }),
  fc.record({ without: fc.nat(5) }),
  fc.record({ placed: fc.nat(5), space: fc.option(fc.nat(30), { freq: 9 }), record: fc.nat(9) }),
  fc.record({ relayered: fc.nat(5), to: fc.uniqueArray(fc.constantFrom(...layers), { maxLength: 3 }) }),
  fc.record({
    group: fc.constantFrom(...groups),
    person: fc.constantFrom(...people),
    member: fc.boolean(),
    known: fc.boolean(),
  }),
  fc.record({ person: fc.constantFrom(...people), status: fc.constantFrom('active', 'inactive') }),
  fc.record({ user: fc.nat(1), active: fc.boolean() }),
  fc.record({ opensProduct: fc.boolean(), group: fc.constantFrom(...groups) }),
  fc.record({ anonymous: fc.constantFrom('everyone', 'nobody') }),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Ids of layers by their names, as an array. */
export const idsOf = (names: readonly string[]) =>
  sql`(select coalesce(array_agg(id order by id), '{}') from acl_layers where source_id = any(${names}::text[]))`;

export type AccessChanges = ReturnType<typeof createAccessChanges>;

/** For a sample site with these people, groups and layers. */
export function createAccessChanges(connectionId: string, viewers: readonly ViewerId[]) {
  async function apply(db: Db, change: Step): Promise<void> {
    if ('layer' in change) {
      await db
        .updateTable('acl_layers')
        .set({ principals: change.principals, state: change.known ? 'known' : 'unknown' })
        .where('source_id', '=', change.layer)
        .execute();
    } else if ('acl' in change) {
      await sql`insert into acls (connection_id, layer_ids) select ${connectionId}, ${idsOf(change.acl)}
      on conflict do nothing`.execute(db);
    } else if ('placed' in change) {
      await sql`insert into records (connection_id, external_id, kind, space_id, acl_id)
      select ${connectionId}, ${`r${change.record}`}, 'page', ${change.space}, id
      from acls order by id offset ${change.placed} limit 1
      on conflict (connection_id, external_id) do update set space_id = excluded.space_id, acl_id = excluded.acl_id`.execute(
        db,
      );
    } else if ('without' in change) {
      await sql`delete from acls where id = (select id from acls order by id offset ${change.without} limit 1)`.execute(
        db,
      );
    } else if ('relayered' in change) {
      await sql`update acls set layer_ids = ${idsOf(change.to)}
      where id = (select id from acls order by id offset ${change.relayered} limit 1)
        and not exists (select from acls where layer_ids = ${idsOf(change.to)})`.execute(db);
    } else if ('member' in change) {
      await sql`delete from group_members where group_id = ${change.group} and account_id = ${change.person}`.execute(
        db,
      );
      if (change.member)
        await sql`insert into group_members values (${connectionId}, ${change.group}, ${change.person})`.execute(
          db,
        );
      await sql`update atlassian_groups set members_state = ${change.known ? 'known' : 'unknown'}
      where group_id = ${change.group}`.execute(db);
    } else if ('status' in change) {
      await sql`update atlassian_accounts set account_status = ${change.status} where account_id = ${change.person}`.execute(
        db,
      );
    } else if ('active' in change) {
      await sql`update users set active = ${change.active} where id = ${viewers[change.user]?.userId}`.execute(
        db,
      );
    } else if ('opensProduct' in change) {
      await sql`update atlassian_groups set opens_product = ${change.opensProduct} where group_id = ${change.group}`.execute(
        db,
      );
    } else {
      await sql`update connections set settings = jsonb_build_object('permissions',
      jsonb_build_object('anonymousAccess', ${change.anonymous}::text))`.execute(db);
    }
  }

  /** Something to lose: everybody may read everything. */
  async function openAll(db: Db): Promise<void> {
    const principals = people.map((person) => `user:${person}`);
    for (const layer of layers) {
      await apply(db, { layer, principals, known: true });
      await apply(db, { acl: [layer] });
    }
    await sql`update atlassian_accounts set account_status = 'active'`.execute(db);
    await sql`update users set active = true`.execute(db);
  }

  return { apply, openAll };
}
