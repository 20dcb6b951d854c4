import { sql } from 'kysely';
import { groupsThatMatter, accountsThatMatter } from './principals.ts';
import type { Db, RecordKind } from './schema.ts';

/** Something that decides about access, in the order in which it is to be read again. */
export interface Unit {
  id: string;
  /** null: never. */
  readAt: Date | null;
  /** Members of a group, as they are known. */
  members?: number;
}

/** Spaces, longest unread first. */
export async function spaceUnits(db: Db, connectionId: string): Promise<Unit[]> {
  const { rows } = await sql<Unit>`
    select s.external_id as id, l.read_at as "readAt"
    from spaces s left join acl_layers l on l.id = s.layer_id
    where s.connection_id = ${connectionId} order by l.read_at nulls first, s.id`.execute(db);
  return rows;
}

/** Groups that some layer names or that open the product, longest unread first. */
export async function groupUnits(db: Db, connectionId: string): Promise<Unit[]> {
  const ids = await groupsThatMatter(db, connectionId, { unreadOnly: false });
  const { rows } = await sql<Unit & { members: string }>`
    select wanted.id, g.members_read_at as "readAt", count(m.account_id) as members
    from unnest(${ids}::text[]) as wanted (id)
    left join atlassian_groups g on g.connection_id = ${connectionId} and g.group_id = wanted.id
    left join group_members m on m.connection_id = g.connection_id and m.group_id = g.group_id
    group by wanted.id, g.members_read_at order by g.members_read_at nulls first, wanted.id`.execute(db);
  return rows.map((row) => ({ ...row, members: Number(row.members) }));
}

/** Accounts that some layer could admit, longest unread first. */
export async function accountUnits(db: Db, connectionId: string): Promise<Unit[]> {
  const ids = await accountsThatMatter(db, connectionId, { unreadOnly: false });
  const { rows } = await sql<Unit>`
    select wanted.id, a.read_at as "readAt"
    from unnest(${ids}::text[]) as wanted (id)
    left join atlassian_accounts a on a.connection_id = ${connectionId} and a.account_id = wanted.id
    order by a.read_at nulls first, wanted.id`.execute(db);
  return rows;
}

/** How many pieces of content have an access to read: pages and posts, and containers, each of which costs a request. */
export async function countContentUnits(
  db: Db,
  connectionId: string,
): Promise<{ listed: number; containers: number }> {
  const { rows } = await sql<{ all: string; containers: string }>`
    select (select count(*) from content_access where connection_id = ${connectionId}) as all,
      (select count(*) from records where connection_id = ${connectionId}
        and kind in ('folder', 'whiteboard', 'database', 'embed')) as containers`.execute(db);
  const containers = Number(rows[0]?.containers ?? 0);
  return { listed: Math.max(0, Number(rows[0]?.all ?? 0) - containers), containers };
}

/**
 * Blog posts that are left out: nothing hangs below them but what is left out with them. Their restrictions are read
 * again when they are taken in (activities/scoping/shown-again.ts), and not before.
 */
const isReadLater = sql<boolean>`exists (select from records r where r.connection_id = content_access.connection_id
  and r.external_id = content_access.external_id and r.kind = 'blogpost' and r.state in ('filtered', 'manual'))`;

/** Content whose access was read longest ago, before `before`: at most `limit` ids, by the index content_access_oldest. */
export async function oldestContent(
  db: Db,
  connectionId: string,
  before: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from content_access
    where connection_id = ${connectionId} and read_at < ${before} and not ${isReadLater}
    order by read_at limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Containers that something hangs below and that were never read. */
export async function unreadContainers(db: Db, connectionId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from records r
    where connection_id = ${connectionId} and kind in ('folder', 'whiteboard', 'database', 'embed')
      and state = 'pending' and not exists (select from content_access a
        where a.connection_id = r.connection_id and a.external_id = r.external_id)
    order by id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Kinds of some content, by external id; what is not stored, and what follows its page, is absent. */
export async function loadContentKinds(
  db: Db,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, RecordKind>> {
  const { rows } = await sql<{ external_id: string; kind: RecordKind }>`
    select external_id, kind from records
    where connection_id = ${connectionId} and external_id = any(${ids}::text[])
      and kind not in ('comment', 'attachment')`.execute(db);
  return new Map(rows.map((row) => [row.external_id, row.kind]));
}

/** When the longest unread thing that decides about access was read, of each kind that has any. */
export async function oldestReading(db: Db, connectionId: string): Promise<Date | null> {
  const [groups, accounts] = await Promise.all([
    groupUnits(db, connectionId),
    accountUnits(db, connectionId),
  ]);
  const { rows } = await sql<{ oldest: Date | null }>`
    select least(
      (select read_at from content_access where connection_id = ${connectionId} and not ${isReadLater}
        order by read_at limit 1),
      (select min(read_at) from acl_layers where connection_id = ${connectionId} and kind = 'product'),
      (select min(l.read_at) from spaces s join acl_layers l on l.id = s.layer_id
        where s.connection_id = ${connectionId})) as oldest`.execute(db);
  const times = [rows[0]?.oldest, groups[0]?.readAt, accounts[0]?.readAt].flatMap((time) => time ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times.map(Number)));
}
