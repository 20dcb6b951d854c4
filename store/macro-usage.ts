import { sql } from 'kysely';
import { mostOffered } from '../content/rules/limits.ts';
import type { Db } from './schema.ts';

/** How many of the bodies that were looked at hold a macro. */
export interface MacroUsage {
  name: string;
  bodies: number;
}

/** Of one connection: at most as many bodies are looked at, at most as far, and as many names are told. */
const most = { bodies: 500, characters: 100_000, names: mostOffered };

/**
 * The macros of a connection's content, most used first, from a sample of its bodies. Of a body only names of macros are
 * told, and in how many bodies each is.
 */
export async function countMacros(
  db: Db,
  connectionId: string,
): Promise<{ sampled: number; macros: MacroUsage[] }> {
  const { rows } = await sql<{ sampled: number; macros: MacroUsage[] }>`
    with page as materialized (
      select id from records
      where connection_id = ${connectionId} and kind in ('page', 'blogpost', 'comment')
      -- An index holds them in this order.
      order by external_id limit ${most.bodies}),
    sampled as materialized (
      select b.record_id, left(b.raw, ${most.characters}) as raw
      from page p join record_bodies b on b.record_id = p.id where b.format = 'storage'),
    found as (
      select name, count(*)::int as bodies from (
        select distinct record_id, lower(m[1]) as name
        from sampled, regexp_matches(raw, '<ac:(?:structured-)?macro\\s[^>]*?ac:name="([^"<>&]{1,100})"', 'g') m) named
      group by name order by bodies desc, name limit ${most.names})
    select (select count(*)::int from sampled) as sampled,
      coalesce((select json_agg(json_build_object('name', name, 'bodies', bodies) order by bodies desc, name) from found), '[]')
        as macros`.execute(db);
  return rows[0] ?? { sampled: 0, macros: [] };
}
