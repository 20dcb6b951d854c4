import { sql, type RawBuilder } from 'kysely';
import type { BrakeSample, Db, RemovalCause } from './schema.ts';
import { isGone } from './vanished.ts';

/** How much is about to be removed, and of how much. */
export interface RemovalShare {
  connection: { found: number; total: number };
  /** Spaces that lose anything, by external id; `unexplained`: what the space's own status does not explain. */
  spaces: { externalId: string; found: number; unexplained: number; total: number }[];
}

/** What an administrator is told of a brake. */
export interface BrakeFacts {
  found: number;
  total: number;
  causes: Partial<Record<RemovalCause, number>>;
  sample: BrakeSample[];
}

/** Of what shall be weighed whether it is too much. */
export interface RemovalScope {
  /** What was asked for before that is not about to be removed. */
  since: Date;
  /** External ids of spaces that the settings leave out: an administrator wanted what goes for that reason to go. */
  leftOut: readonly string[];
}

/** Causes that speak of a whole space, in the source's own words or by the settings. */
export const spaceCauses = ['space_archived', 'space_trashed', 'out_of_scope'] as const;
const sampled = 20;

/**
 * CTE `going`: what was weighed since `since`, is proven to be gone and no brake holds, with what belongs to it; but for
 * what the settings leave out. `not in` is hashed however few rows are expected, which `not exists` is not. `whole` is what it belongs to, or itself, and `whole_cause` why that goes.
 */
function going(connectionId: string, { since, leftOut }: RemovalScope): RawBuilder<unknown> {
  return sql`
    proven as materialized (
      select r.id, r.external_id, r.kind, r.title, r.url, r.space_id, v.cause
      from vanished v
      join records r on r.connection_id = v.connection_id and r.external_id = v.external_id and ${isGone}
      left join spaces s on s.id = r.space_id
      where v.connection_id = ${connectionId} and v.cause is not null and v.asked_at >= ${since}
        and v.brake_id is null and not ${isLeftOut(leftOut)}),
    going as materialized (
      select proven.*, id as whole, cause as whole_cause from proven
      union all
      select item.id, item.external_id, item.kind, item.title, item.url, proven.space_id, 'container_gone',
        proven.id, proven.cause from proven
      join records item on item.connection_id = ${connectionId} and item.container_id = proven.external_id
        and item.kind in ('comment', 'attachment')
        and item.id not in (select id from proven))`;
}

/** Whether something that vanished (alias `v`) from a space (`s`) goes because the settings leave the space out. */
export function isLeftOut(leftOut: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`(v.cause = 'out_of_scope' and coalesce(s.external_id = any(${[...leftOut]}::text[]), false))`;
}

/** How much would go, and of how much. Records are counted only where something would. */
export async function loadShares(db: Db, connectionId: string, options: RemovalScope): Promise<RemovalShare> {
  const { rows } = await sql<{ id: string | null; found: string; unexplained: string }>`
    with ${going(connectionId, options)}
    select s.external_id as id, count(*) as found,
      count(*) filter (where going.whole_cause <> all(${[...spaceCauses]}::text[])) as unexplained
    from going left join spaces s on s.id = going.space_id group by s.external_id`.execute(db);
  if (rows.length === 0) return { connection: { found: 0, total: 0 }, spaces: [] };
  const totals = await loadTotals(db, connectionId);
  for (const id of options.leftOut) totals.delete(id);
  return {
    connection: {
      found: rows.reduce((sum, { found }) => sum + Number(found), 0),
      total: [...totals.values()].reduce((sum, one) => sum + one, 0),
    },
    spaces: rows.flatMap(({ id, found, unexplained }) =>
      id === null
        ? []
        : [
            {
              externalId: id,
              found: Number(found),
              unexplained: Number(unexplained),
              total: totals.get(id) ?? 0,
            },
          ],
    ),
  };
}

/** Records by external id of their space; those of none under ''. */
async function loadTotals(db: Db, connectionId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string | null; total: string }>`
    select s.external_id as id, sum(counted.n) as total
    from (select space_id, count(*) as n from records where connection_id = ${connectionId} group by space_id) counted
    left join spaces s on s.id = counted.space_id group by s.external_id`.execute(db);
  return new Map(rows.map(({ id, total }) => [id ?? '', Number(total)]));
}

/**
 * What is held, and under which brake: the whole of what is about to go, or that of one space which its own status does
 * not explain. Links it to the brake.
 */
export async function holdBack(
  db: Db,
  connectionId: string,
  options: RemovalScope & { brakeId: string; space: string | null },
): Promise<Omit<BrakeFacts, 'total'>> {
  const { brakeId, space } = options;
  const { rows } = await sql<Omit<BrakeFacts, 'total'>>`
    with ${going(connectionId, options)},
    top as materialized (
      select p.* from proven p left join spaces s on s.id = p.space_id
      where ${space}::text is null
        or s.external_id = ${space} and p.cause <> all(${[...spaceCauses]}::text[])),
    held as materialized (
      select * from going where whole in (select id from top)),
    linked as (
      update vanished v set brake_id = ${brakeId}
      from top where v.connection_id = ${connectionId} and v.external_id = top.external_id)
    select (select count(*)::integer from held) as found,
      (select coalesce(json_object_agg(cause, n), '{}')
        from (select cause, count(*) as n from held group by cause) counted) as causes,
      (select coalesce(json_agg(json_build_object('externalId', external_id, 'kind', kind, 'title', title,
        'url', url, 'cause', cause) order by kind in ('comment', 'attachment'), id), '[]')
        from (select * from held order by kind in ('comment', 'attachment'), id limit ${sampled}) first) as sample`.execute(
    db,
  );
  return rows[0] ?? { found: 0, causes: {}, sample: [] };
}

/** How much of what a brake holds is still gone, with what belongs to it, and of how much. */
export async function stillHeld(
  db: Db,
  connectionId: string,
  brake: { id: string; scope: string },
): Promise<{ found: number; total: number }> {
  const { rows } = await sql<{ found: number }>`
    with held as materialized (
      select r.id, r.external_id from vanished v
      join records r on r.connection_id = v.connection_id and r.external_id = v.external_id and ${isGone}
      where v.connection_id = ${connectionId} and v.brake_id = ${brake.id})
    select ((select count(*) from held) + (
      select count(*) from held
      join records item on item.connection_id = ${connectionId} and item.container_id = held.external_id
        and item.kind in ('comment', 'attachment')
      where item.id not in (select id from held)))::integer as found`.execute(db);
  const totals = await loadTotals(db, connectionId);
  const all = [...totals.values()].reduce((sum, one) => sum + one, 0);
  return {
    found: rows[0]?.found ?? 0,
    total: brake.scope === 'connection' ? all : (totals.get(brake.scope) ?? 0),
  };
}
