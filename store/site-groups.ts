import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** A group of a connected site, as the last reading has it. */
export interface SiteGroup {
  groupId: string;
  name: string;
  /** Null where the membership was not read yet or could not be. */
  members: number | null;
  opensProduct: boolean;
}

/**
 * Groups of a site by name: those with these ids, or those whose name holds some text.
 * @param wanted.limit of groups by name; ids come with one for each
 */
export async function findSiteGroups(
  db: Db,
  connectionId: string,
  wanted: { ids: readonly string[] } | { named: string; limit: number },
): Promise<SiteGroup[]> {
  const condition =
    'ids' in wanted
      ? sql`group_id = any(${wanted.ids}::text[])`
      : sql`name ilike ${`%${wanted.named.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`;
  const { rows } = await sql<SiteGroup>`
    select group_id as "groupId", name, opens_product as "opensProduct",
      case when members_state = 'known' then (
        select count(*)::int from group_members m
        where m.connection_id = site.connection_id and m.group_id = site.group_id) end as members
    from (
      select * from atlassian_groups where connection_id = ${connectionId} and ${condition}
      order by lower(name), group_id limit ${'ids' in wanted ? wanted.ids.length : wanted.limit}) site
    order by lower(name), group_id`.execute(db);
  return rows;
}

/** Marks product access, and with it whether the site lets visitors in, to be read before its turn. */
export async function wantProduct(db: Db, connectionId: string, reason: string): Promise<void> {
  await db
    .insertInto('permission_due')
    .values({ connection_id: connectionId, kind: 'product', source_id: 'product', reason })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Marks groups whose members are not known to be read before their turn: something was just made to depend on them. */
export async function wantGroups(
  db: Db,
  connectionId: string,
  groupIds: readonly string[],
  reason: string,
): Promise<void> {
  await sql`
    insert into permission_due (connection_id, kind, source_id, reason)
    select connection_id, 'group', group_id, ${reason} from atlassian_groups
    where connection_id = ${connectionId} and group_id = any(${groupIds}::text[]) and members_state <> 'known'
    on conflict do nothing`.execute(db);
}
