import { sql } from 'kysely';
import type { Reason } from '../scope/reasons.ts';
import type { Db, RecordKind } from './schema.ts';
import { toldState, type ToldState } from './told-state.ts';

/** So many records of a kind are in a state for a reason. */
export interface RecordCount {
  state: ToldState;
  /** Of what is left out: the rule that does it. */
  reason: Reason | null;
  kind: RecordKind;
  records: number;
}

/**
 * How many records of a connection are in which state, from the index of states alone: a tenth of a second for a million.
 * What could not be read is looked up by its failures, which are few.
 */
export async function countRecords(db: Db, connectionId: string): Promise<RecordCount[]> {
  const { rows } = await sql<RecordCount>`
    with failing as (
      select r.state, r.kind, count(*) as n
      from (select distinct connection_id, external_id from sync_failures where connection_id = ${connectionId}
        and stage in ('restrictions', 'folders', 'bodies', 'files')) f
      join records r on r.connection_id = f.connection_id and r.external_id = f.external_id
      where r.state in ('waiting', 'pending') group by 1, 2),
    counted as (
      select state, state_reason, kind, count(*) as n from records where connection_id = ${connectionId} group by 1, 2, 3)
    select state, reason, kind, sum(n)::integer as records from (
      select case state when 'waiting' then 'pending' else state end as state,
        case when state in ('filtered', 'manual') then state_reason end as reason, kind, n from counted
      union all select 'pending', null, kind, -n from failing
      union all select 'failed', null, kind, n from failing) told
    group by 1, 2, 3 having sum(n) > 0 order by records desc, state, reason, kind`.execute(db);
  return rows;
}

/** A space with its records by state. */
export interface SpaceCounts {
  id: string;
  externalId: string;
  key: string;
  name: string;
  type: string;
  status: string;
  states: Partial<Record<ToldState, number>>;
}

/**
 * Spaces of a connection of which something is stored, by name, from the index of states alone.
 * @param options.after name and id of the last one before
 */
export async function listSpaceCounts(
  db: Db,
  connectionId: string,
  options: { after: { name: string; id: string } | null; limit: number },
): Promise<SpaceCounts[]> {
  const { after, limit } = options;
  const { rows } = await sql<SpaceCounts>`
    with counted as materialized (
      select space_id, case state when 'waiting' then 'pending' else state end as state, count(*) as n from records
      where connection_id = ${connectionId} group by 1, 2),
    shown as materialized (
      select s.id, s.external_id, s.key, s.name, s.type, s.status from spaces s
      where s.connection_id = ${connectionId} and s.id in (select space_id from counted)
        ${after === null ? sql`` : sql`and (s.name, s.id) > (${after.name}, ${after.id}::bigint)`}
      order by s.name, s.id limit ${limit})
    select s.id::text, s.external_id as "externalId", s.key, s.name, s.type, s.status,
      coalesce((select json_object_agg(state, n) from counted c where c.space_id = s.id), '{}') as states
    from shown s order by s.name, s.id`.execute(db);
  return rows;
}

/** How many records lie below a place, by state; `more`: at least so many, it was not counted to the end. */
export interface CountsBelow {
  states: Partial<Record<ToldState, number>>;
  records: number;
  more: boolean;
}

/**
 * Counts what lies below some places, comments and attachments among it, by the indexes of parents and containers; each
 * place up to `atMost` records, so that the top of a large space costs no more than a branch.
 * @param externalIds of places
 * @returns by external id; places with nothing below are absent
 */
export async function countBelow(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
  atMost: number,
): Promise<Map<string, CountsBelow>> {
  if (externalIds.length === 0) return new Map();
  const below = (parent: ReturnType<typeof sql>) => sql`
    select x.external_id, x.kind, x.state from records x
    where x.connection_id = ${connectionId} and x.parent_id = ${parent} and x.container_id is null
    union all
    select x.external_id, x.kind, x.state from records x
    where x.connection_id = ${connectionId} and x.container_id = ${parent}`;
  const { rows } = await sql<{ top: string; state: ToldState; n: number }>`
    select p.id as top, r.state, count(*)::integer as n
    from unnest(${[...externalIds]}::text[]) as p (id)
    cross join lateral (
      with recursive tree as (
        select * from (${below(sql`p.id`)}) first
        union all
        select next.* from tree t cross join lateral (${below(sql`t.external_id`)}) next
        where t.kind not in ('comment', 'attachment'))
      select connection_id, external_id, ${toldState()} as state from (
        select ${connectionId}::uuid as connection_id, external_id, state from tree limit ${atMost + 1}) r) r
    group by 1, 2`.execute(db);
  const counts = new Map<string, CountsBelow>();
  for (const { top, state, n } of rows) {
    const known = counts.get(top) ?? { states: {}, records: 0, more: false };
    const records = known.records + n;
    counts.set(top, { states: { ...known.states, [state]: n }, records, more: records > atMost });
  }
  return counts;
}
