import { sql, type RawBuilder } from 'kysely';
import { isTold, type ToldState } from '../store/told-state.ts';
import { isVisible } from '../store/visible-records.ts';
import type { ViewerId } from '../store/visibility.ts';
import { filterConditions } from './filters.ts';
import { likeLiteral, matchingOf } from './matching.ts';
import { parseQuery } from './query.ts';
import type { SearchQuery } from './types.ts';

/** What narrows a list of records. */
export interface RecordFilters extends Omit<
  SearchQuery,
  'q' | 'cursor' | 'limit' | 'prefix' | 'modifiedAfter'
> {
  q: string;
  state?: ToldState | undefined;
  /** The rule that leaves it out, as store/records-read.ts tells it. */
  reason?: string | undefined;
  /** Id of a record: what lies directly below it, or belongs to it. */
  parent?: string | undefined;
  modifiedAfter?: Date | undefined;
  modifiedBefore?: Date | undefined;
}

/**
 * The filters as conditions on `r` (records) and `s` (record_search, perhaps null), for store/records-read.ts.
 * @param options.everything of an administrator: what has no search words, because it is left out, is found by its title;
 *   and whatever lies above counts, whoever may see it
 */
export function recordConditions(
  filters: RecordFilters,
  { viewer, everything }: { viewer: ViewerId; everything: boolean },
): RawBuilder<boolean>[] {
  const { q, state, reason, parent, modifiedBefore } = filters;
  const parsed = parseQuery(q);
  const conditions = filterConditions(filters, parsed.fields, viewer);
  const { indexed, proofs } = matchingOf(parsed);
  const words = [...(indexed === null ? [] : [sql<boolean>`s.words @@ ${indexed}`]), ...proofs];
  if (everything && indexed !== null) conditions.push(foundAnyway(q, words));
  else conditions.push(...words);
  if (state !== undefined) conditions.push(isTold(state));
  if (reason !== undefined)
    conditions.push(sql<boolean>`(r.state in ('filtered', 'manual') and r.state_reason = ${reason})`);
  if (modifiedBefore !== undefined) conditions.push(sql<boolean>`r.modified_at < ${modifiedBefore}`);
  if (parent !== undefined) conditions.push(isBelow(parent, everything));
  return conditions;
}

/** Each part by an index or in one pass over what is left out, instead of one look at all. */
function foundAnyway(q: string, words: RawBuilder<boolean>[]): RawBuilder<boolean> {
  const text = q.trim().toWellFormed().replaceAll('\0', '');
  return sql<boolean>`r.id in (
    select s.record_id from record_search s where ${sql.join(words, sql` and `)}
    union all
    select id from records where state <> 'indexed' and title ilike ${`%${likeLiteral(text)}%`}
    union all
    select id from records where connection_id in (select id from connections) and external_id = ${text})`;
}

/** To a member, what hangs on a place that is not shown is what hangs on none. */
function isBelow(parent: string, everything: boolean): RawBuilder<boolean> {
  return sql<boolean>`(r.connection_id, coalesce(r.container_id, r.parent_id)) in (
    select r.connection_id, r.external_id from records r
    where r.id = ${parent}::bigint and ${everything ? sql`true` : isVisible()})`;
}
