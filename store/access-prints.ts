import { sql, type RawBuilder } from 'kysely';
import type { PermissionDueKind, Db } from './schema.ts';

/** What was stored of one thing that decides about access, in a form that can be compared. */
export interface AccessPrint {
  /** null: not there (content without a restriction of its own, a group that is gone). */
  print: string | null;
  /** When it was read; null: never, so nothing can be said of a change. */
  readAt: Date | null;
}

/** Prints by id of the thing. */
export type AccessPrints = ReadonlyMap<string, AccessPrint>;

/** What is stored now of some layers, groups or accounts; of content its own restriction. One query. */
export async function loadPrints(
  db: Db,
  connectionId: string,
  kind: PermissionDueKind,
  ids: readonly string[],
): Promise<AccessPrints> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; print: string | null; read_at: Date | null }>`
    select wanted.id, found.print, found.read_at
    from unnest(${ids}::text[]) as wanted (id)
    join lateral (${queries[kind](connectionId)}) as found on true`.execute(db);
  return new Map(rows.map((row) => [row.id, { print: row.print, readAt: row.read_at }]));
}

const layer = sql`l.state || ' ' || array_to_string(l.principals, ' ')`;

const layerOf = (kind: 'product' | 'space') => (connectionId: string) =>
  sql`
  select ${layer} as print, l.read_at from acl_layers l
  where l.connection_id = ${connectionId} and l.kind = ${kind} and l.source_id = wanted.id`;

const queries: Record<PermissionDueKind, (connectionId: string) => RawBuilder<unknown>> = {
  product: layerOf('product'),
  space: layerOf('space'),
  content: (connectionId) => sql`
    select ${layer} as print, a.read_at from content_access a left join acl_layers l on l.id = a.layer_id
    where a.connection_id = ${connectionId} and a.external_id = wanted.id`,
  group: (connectionId) => sql`
    select case when g.members_read_at is not null then g.members_state || ' ' || (
      select md5(coalesce(string_agg(m.account_id, ' ' order by m.account_id collate "C"), '')) from group_members m
      where m.connection_id = g.connection_id and m.group_id = g.group_id) end as print, g.members_read_at as read_at
    from atlassian_groups g where g.connection_id = ${connectionId} and g.group_id = wanted.id`,
  account: (connectionId) => sql`
    select concat_ws(' ', a.account_status, a.guest, a.account_type, lower(a.email collate "C")) as print, a.read_at
    from atlassian_accounts a where a.connection_id = ${connectionId} and a.account_id = wanted.id`,
};

/** Where some content stands: compared before and after a reading, and what settling must begin with. */
export interface ContentPlace {
  /** Space, parent, status; null while it is hidden as not known. */
  print: string | null;
  layerId: string | null;
  /** It has no ACL although what it hangs below has one, so its subtree must be settled. */
  unsettled: boolean;
}

/** Places by external id of records that are stored. */
export async function loadPlaces(
  db: Db,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, ContentPlace>> {
  const { rows } = await sql<{
    external_id: string;
    print: string | null;
    layer_id: string | null;
    unsettled: boolean;
  }>`
    select r.external_id, a.layer_id,
      case when r.state <> 'pending' then concat_ws(' ', r.space_id, coalesce(r.parent_id, '-'), r.status) end as print,
      r.state <> 'pending' and r.acl_id is null and (r.parent_id is null or up.acl_id is not null) as unsettled
    from records r
    left join content_access a on a.connection_id = r.connection_id and a.external_id = r.external_id
    left join records up on up.connection_id = r.connection_id and up.external_id = r.parent_id
    where r.connection_id = ${connectionId} and r.external_id = any(${ids}::text[])`.execute(db);
  return new Map(
    rows.map((row) => [
      row.external_id,
      { print: row.print, layerId: row.layer_id, unsettled: row.unsettled },
    ]),
  );
}
