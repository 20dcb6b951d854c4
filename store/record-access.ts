import { sql } from 'kysely';
import { admittedPrincipals, className } from '../permissions/admits.ts';
import { reasonOf } from '../permissions/explain.ts';
import type { Layer, Principal } from '../permissions/types.ts';
import { isoTime } from './iso-time.ts';
import type { Db } from './schema.ts';
import { loadAccesses, type Access } from './viewer-access.ts';
import { type ViewerId } from './visibility.ts';

/** What a layer's place is called, and when the layer was read. */
export interface LayerNames {
  /** Name of the site, the space or the restricted content; null when it is not stored. */
  name: string | null;
  /** ISO 8601 in UTC. */
  readAt: string | null;
}

/** A principal as people know it; `known` false: who the group's members are could not be read. */
export interface NamedPrincipal {
  principal: Principal;
  name: string | null;
  known: boolean;
}

export interface RecordAccess extends Access {
  /** In words, why it can or cannot be seen; of content the id, because its title may not be for the reader. */
  reason: string;
  /** By the id of a layer. */
  names: Map<string, LayerNames>;
  principals: Map<Principal, NamedPrincipal>;
}

/**
 * Why a viewer can or cannot see some records, named for people. What search does besides the layers counts too: a
 * record that is not indexed, or whose connection is not set up or is going away, is shown to nobody.
 * @returns by the id of the record; ids of nothing are absent
 */
export async function loadRecordAccesses(
  db: Db,
  recordIds: readonly string[],
  viewer: ViewerId,
): Promise<Map<string, RecordAccess>> {
  const accesses = await loadAccesses(db, recordIds, viewer);
  const layers = [...accesses.values()].flatMap((access) =>
    access.layers.map((verdict) => ({ ...verdict, connectionId: access.connectionId })),
  );
  const [names, principals] = await Promise.all([
    loadLayerNames(
      db,
      layers.map(({ layer }) => layer),
    ),
    loadPrincipalNames(
      db,
      layers.flatMap(({ connectionId, layer, by }) =>
        [...(by === null ? [] : [by]), ...admittedPrincipals(layer).shown].map((principal) => ({
          connectionId,
          principal,
        })),
      ),
    ),
  ]);
  return new Map(
    [...accesses].map(([id, access]) => [
      id,
      {
        ...access,
        reason: obstacleOf(access) ?? reasonOf(access, access.holdings, spaceNames(names)),
        names,
        principals: principals.get(access.connectionId) ?? new Map<Principal, NamedPrincipal>(),
      },
    ]),
  );
}

/** The same for one record. @returns null when there is no such record */
export async function loadRecordAccess(
  db: Db,
  recordId: string,
  viewer: ViewerId,
): Promise<RecordAccess | null> {
  return (await loadRecordAccesses(db, [recordId], viewer)).get(recordId) ?? null;
}

const spaceNames = (names: Map<string, LayerNames>) => (layer: Layer) =>
  layer.kind === 'space' ? (names.get(layer.id)?.name ?? null) : null;

function obstacleOf({ state, status }: Access): string | null {
  if (state !== 'indexed')
    return `The record is not searchable (its state is ${state}), so nobody is shown it.`;
  if (status === 'draft' || status === 'disconnecting') {
    return `Its connection is ${status === 'draft' ? 'not set up' : 'being disconnected'}, so nobody is shown it.`;
  }
  return null;
}

async function loadLayerNames(db: Db, layers: readonly Layer[]): Promise<Map<string, LayerNames>> {
  const ids = [...new Set(layers.map(({ id }) => id))];
  const { rows } = await sql<LayerNames & { id: string }>`
    select l.id::text as id, ${isoTime(sql`l.read_at`)} as "readAt",
      case l.kind
        when 'space' then (select name from spaces s where s.connection_id = l.connection_id and s.external_id = l.source_id)
        when 'content' then (select title from records r where r.connection_id = l.connection_id and r.external_id = l.source_id)
        else (select name from connections c where c.id = l.connection_id) end as name
    from acl_layers l where l.id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

/** What principals are called, by connection. */
async function loadPrincipalNames(
  db: Db,
  asked: readonly { connectionId: string; principal: Principal }[],
): Promise<Map<string, Map<Principal, NamedPrincipal>>> {
  const { rows } = await sql<NamedPrincipal & { connectionId: string }>`
    select distinct asked.connection_id as "connectionId", asked.principal, coalesce(g.name, a.display_name) as name,
      coalesce(g.members_state, case when asked.principal like 'group:%' then 'unknown' else 'known' end) = 'known' as known
    from unnest(${asked.map((one) => one.connectionId)}::uuid[], ${asked.map((one) => one.principal)}::text[])
      asked (connection_id, principal)
    left join atlassian_groups g on g.connection_id = asked.connection_id and 'group:' || g.group_id = asked.principal
    left join atlassian_accounts a on a.connection_id = asked.connection_id
      and 'user:' || a.account_id = asked.principal`.execute(db);
  const found = new Map<string, Map<Principal, NamedPrincipal>>();
  for (const { connectionId, ...named } of rows) {
    const { principal } = named;
    const one = principal.startsWith('class:') ? { ...named, name: className(principal) } : named;
    found.set(
      connectionId,
      (found.get(connectionId) ?? new Map<Principal, NamedPrincipal>()).set(principal, one),
    );
  }
  return found;
}
