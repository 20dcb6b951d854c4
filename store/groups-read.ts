import { sql } from 'kysely';
import type { Db } from './schema.ts';

export interface GroupRow {
  connectionId: string;
  groupId: string;
  name: string;
  /** Null where the membership could not be read. */
  members: number | null;
  opensProduct: boolean;
  administers: boolean;
}

/** The site's groups by id, from behind `after` on. */
export async function listGroups(
  db: Db,
  connectionId: string,
  options: { after: string | null; limit: number },
): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    select connection_id as "connectionId", group_id as "groupId", name,
      case when members_state = 'known' then (
        select count(*)::int from group_members as member
        where member.connection_id = site.connection_id and member.group_id = site.group_id) end as members,
      opens_product as "opensProduct", administers
    from atlassian_groups as site
    where connection_id = ${connectionId} and (${options.after}::text is null or group_id > ${options.after})
    order by group_id limit ${options.limit}`.execute(db);
  return rows;
}
