import { sql } from 'kysely';
import type { Db } from './schema.ts';
import { loadAccess, type Access } from './viewer-access.ts';
import { type ViewerId } from './visibility.ts';

/** What a layer and the principal that it admits are called, and when the layer was read. */
export interface LayerNames {
  /** Name of the site, the space or the restricted content; null when it is not stored. */
  name: string | null;
  /** Name of the person or group by whom the viewer is admitted; null for classes and where nobody is. */
  by: string | null;
  /** ISO 8601 in UTC. */
  readAt: string | null;
}

export interface RecordAccess extends Access {
  /** By the id of a layer. */
  names: Map<string, LayerNames>;
}

/**
 * Why a viewer can or cannot see a record, named for people. What search does besides the layers counts too: a
 * record that is not indexed, or whose connection is not set up or is going away, is shown to nobody.
 * @returns null when there is no such record
 */
export async function loadRecordAccess(
  db: Db,
  recordId: string,
  viewer: ViewerId,
): Promise<RecordAccess | null> {
  const access = await loadAccess(db, recordId, viewer);
  if (access === null) return null;
  const { rows } = await sql<{ state: string; status: string }>`
    select r.state, c.status from records r join connections c on c.id = r.connection_id
    where r.id = ${recordId}`.execute(db);
  const names = await loadNames(db, access);
  const obstacle = obstacleOf(rows[0]?.state, rows[0]?.status);
  return obstacle === null ? { ...access, names } : { ...access, visible: false, reason: obstacle, names };
}

function obstacleOf(state: string | undefined, status: string | undefined): string | null {
  if (state !== 'indexed')
    return `The record is not searchable (its state is ${state ?? 'gone'}), so nobody is shown it.`;
  if (status === 'draft' || status === 'disconnecting') {
    return `Its connection is ${status === 'draft' ? 'not set up' : 'being disconnected'}, so nobody is shown it.`;
  }
  return null;
}

async function loadNames(db: Db, access: Access): Promise<Map<string, LayerNames>> {
  const ids = access.layers.map(({ layer }) => layer.id);
  const by = access.layers.map((verdict) => verdict.by ?? '');
  const { rows } = await sql<LayerNames & { id: string }>`
    select l.id::text as id,
      case l.kind
        when 'space' then (select name from spaces s where s.connection_id = l.connection_id and s.external_id = l.source_id)
        when 'content' then (select title from records r where r.connection_id = l.connection_id and r.external_id = l.source_id)
        else (select name from connections c where c.id = l.connection_id) end as name,
      coalesce(
        (select name from atlassian_groups g where g.connection_id = l.connection_id and 'group:' || g.group_id = asked.by),
        (select display_name from atlassian_accounts a
          where a.connection_id = l.connection_id and 'user:' || a.account_id = asked.by)) as by,
      to_char(l.read_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "readAt"
    from unnest(${ids}::bigint[], ${by}::text[]) asked (id, by) join acl_layers l on l.id = asked.id`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}
