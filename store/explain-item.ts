import { sql } from 'kysely';
import { obstaclesOf, type ItemFacts, type Obstacle, type WayPlace } from '../permissions/explain-item.ts';
import type { Reason } from '../scope/reasons.ts';
import { stateWords } from '../scope/state-words.ts';
import { isoTime } from './iso-time.ts';
import type { Db } from './schema.ts';

/** CTE `up` (record_id, connection_id, depth, external_id): each record itself and the places above it. */
const waysUp = (recordIds: readonly string[]) => sql`
    up as (
      select r.id as record_id, r.connection_id, 0 as depth, r.external_id from records r
      where r.id = any(${recordIds}::bigint[])
      union all
      select up.record_id, up.connection_id, up.depth + 1, coalesce(r.container_id, r.parent_id)
      from up join records r on r.connection_id = up.connection_id and r.external_id = up.external_id
      where coalesce(r.container_id, r.parent_id) is not null and up.depth < 50)`;

/**
 * What keeps stored records from being shown to anybody, and what went wrong with them: for administrators. One
 * statement for all of them.
 * @returns by the id of the record; ids of nothing are absent
 */
export async function loadObstacles(db: Db, recordIds: readonly string[]): Promise<Map<string, Obstacle[]>> {
  const { rows } = await sql<Omit<ItemFacts, 'way'> & { id: string; way: StoredPlace[] }>`
    with recursive ${waysUp(recordIds)}
    select r.id::text as id, r.state, c.status, r.acl_id is not null as settled,
      exists (select from spaces s where s.id = r.space_id and s.layer_id is not null) as "spaceKnown",
      exists (select from acl_layers l where l.connection_id = c.id and l.kind = 'product') as "productKnown",
      r.kind in ('comment', 'attachment') as contained,
      (select json_agg(json_build_object('externalId', up.external_id, 'stored', p.id is not null,
          'title', coalesce(p.title, ''), 'state', coalesce(p.state, ''), 'status', coalesce(p.status, ''),
          'reason', p.state_reason, 'spaceId', p.space_id::text, 'held', h.reason,
          'restrictionRead', x.external_id is not null) order by up.depth)
        from up
        left join records p on p.connection_id = up.connection_id and p.external_id = up.external_id
        left join content_access x on x.connection_id = up.connection_id and x.external_id = up.external_id
        left join record_holds h on h.connection_id = up.connection_id and h.external_id = up.external_id
        where up.record_id = r.id) as way,
      (select coalesce(json_agg(json_build_object('stage', f.stage, 'message', f.message, 'attempts', f.attempts,
          'lastAt', ${isoTime(sql`f.last_at`)}, 'nextRetryAt', ${isoTime(sql`f.next_retry_at`)}) order by f.stage), '[]')
        from sync_failures f where f.connection_id = c.id and f.external_id = r.external_id) as failures
    from records r join connections c on c.id = r.connection_id
    where r.id = any(${recordIds}::bigint[])`.execute(db);
  return new Map(
    rows.map(({ id, ...facts }) => [id, obstaclesOf({ ...facts, way: facts.way.map(withWords) })]),
  );
}

type StoredPlace = Omit<WayPlace, 'because'> & { reason: Reason | null };

function withWords({ reason, ...place }: StoredPlace): WayPlace {
  return { ...place, because: stateWords(place.state, reason) };
}

/**
 * When what was read longest ago of a record's own restriction and of those above it was read: ISO 8601 in UTC. That
 * there is no restriction has a time, too.
 * @returns by the id of the record; records of which nothing was read are absent
 */
export async function loadPlacesReadAt(db: Db, recordIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; at: string }>`
    with recursive ${waysUp(recordIds)}
    select up.record_id::text as id, ${isoTime(sql`min(x.read_at)`)} as at
    from up join content_access x on x.connection_id = up.connection_id and x.external_id = up.external_id
    group by up.record_id`.execute(db);
  return new Map(rows.map(({ id, at }) => [id, at]));
}
