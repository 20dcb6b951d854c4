import { sql, type RawBuilder } from 'kysely';
import type { Wanted } from '../scope/wanted.ts';
import type { Db } from './schema.ts';

/** Whether what lies above a record can matter to whether it is wanted. */
export function looksAbove({ pageIds, byLabels, choices }: Wanted): boolean {
  return pageIds !== null || byLabels !== null || choices;
}

/**
 * Makes a temporary table `scope_above` (external_id, named, tree_label, choice) for the transaction, of the places
 * for which something that a filter names, a label or a choice by hand at or above them says something; all others have
 * no row. A choice of a subtree lasts down to the next one; a choice of a record alone, or of a space, is not in it.
 *
 * It is one walk down from what is named, labelled or chosen, by the index of parents: it costs what lies below these,
 * ends in circles, and asks nothing of what lies elsewhere.
 * @param records a relation of one connection's records, with external_id, kind, parent_id and labels
 */
export async function makeScopeAbove(
  trx: Db,
  connectionId: string,
  wanted: Wanted,
  records: RawBuilder<unknown>,
): Promise<void> {
  const named = [...(wanted.pageIds?.values ?? [])];
  const treeLabel = wanted.byLabels?.treeLabel ?? null;
  await sql`
    create temporary table scope_above on commit drop as
    with recursive chosen as materialized (
      select external_id, indexed from record_choices
      where connection_id = ${connectionId} and reach = 'subtree' and ${wanted.choices}),
    marked as (
      select id as external_id, 'named' as mark from unnest(${named}::text[]) as id
      union
      select r.external_id, 'label' from ${records} r
      where ${
        treeLabel === null
          ? sql`false`
          : sql`r.labels <> '{}' and r.kind not in ('comment', 'attachment')
        and exists (select from unnest(r.labels) label where lower(label) = ${treeLabel})`
      }
      union
      select external_id, case when indexed then 'in' else 'out' end from chosen),
    below as (
      select external_id, mark from marked
      union
      select c.external_id, b.mark from below b
      -- Fenced, so that it is always the index of parents that is asked, once a place.
      cross join lateral (
        select r.external_id from ${records} r
        where r.parent_id = b.external_id and r.kind not in ('comment', 'attachment') offset 0) c
      where b.mark in ('named', 'label') or c.external_id not in (select external_id from chosen))
    select external_id, bool_or(mark = 'named') as named, bool_or(mark = 'label') as tree_label,
      case when bool_or(mark in ('in', 'out')) then bool_or(mark = 'in') end as choice
    from below group by external_id`.execute(trx);
  await sql`alter table scope_above add primary key (external_id)`.execute(trx);
}
