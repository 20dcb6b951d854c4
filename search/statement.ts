import { sql, type RawBuilder } from 'kysely';
import { isReadable, type Readable } from '../store/readable-sets.ts';
import { isShowable, waysUp } from '../store/visible-records.ts';
import type { Position } from './cursor.ts';
import { hitDetails, type HitRow } from './details.ts';
import type { Matching } from './matching.ts';
import { erasSince, type Reach } from './reach.ts';
import type { Facet } from './types.ts';

/** Everything of a search that the statement needs. */
export interface StatementInput {
  /** What the viewer may read (store/readable-sets.ts). */
  readable: Readable;
  matching: Matching;
  /** Conditions on the alias `r`, as search/filters.ts has them. */
  filters: RawBuilder<boolean>[];
  /** Where the page before ended; null for the first. */
  after: Position | null;
  /** Milliseconds by which age is judged. */
  asOf: number;
  limit: number;
  /** How many visible matches are counted and ranked at most. */
  cap: number;
  /** How many matches are looked at. */
  reach: Reach;
  /** Where a plain excerpt should begin when it is not the text's beginning. */
  excerptAround: string | null;
}

export interface StatementResult {
  /** Whether every match was looked at. */
  complete: boolean;
  /** Whether so many visible ones were met that further looking would change nothing of what is ranked and counted. */
  enough: boolean;
  newestId: string;
  total: number;
  hits: HitRow[];
  connections: Facet[];
  spaces: Facet[];
  types: Facet[];
  labels: Facet[];
}

/** So many of the best by title, age and kind have their whole text ranked; the rest follows by those alone. */
const rankedWhole = 200;

/**
 * The one statement of a search: what matches, what of it the viewer may read, ranked, counted and cut to a page, with
 * texts and breadcrumbs of that page alone. What the viewer may not see never enters `visible`, so no count, facet,
 * snippet, title, rank or cursor can tell of it. It gives no row when the viewer's kept set is not good any more, and
 * then none of it is run.
 */
export function searchStatement(input: StatementInput): RawBuilder<{ page: StatementResult }> {
  const { after } = input;
  const following =
    after === null ? sql`true` : sql`(score, id) < (${after.score}::float8, ${after.id}::bigint)`;
  return sql<{ page: StatementResult }>`
    with ${input.readable},
    ${input.reach.within === null ? sql`` : sql`${seenWithin(input)},`}
    ${input.matching.indexed === null ? newestVisible(input) : matchesVisible(input)},
    page as materialized (
      select id, score from scored where ${following} order by score desc, id desc limit ${input.limit + 1}),
    ${waysUp()},
    hits as (${hitDetails(input.matching.positive, input.excerptAround)})
    select json_build_object(
      'complete', ${input.matching.indexed === null && input.reach.within === null ? sql`true` : isComplete(input.reach)},
      'enough', (select count(*) from ${input.matching.indexed !== null && input.reach.within === null ? sql`recent` : sql`visible`}) > ${input.cap}::int,
      'newestId', (select coalesce(max(id), 0)::text from visible),
      'total', (select count(*) from visible),
      'hits', (select coalesce(json_agg(h order by h.score desc, h.id::bigint desc), '[]') from hits h),
      'connections', ${facet(sql`connection_id`, sql`(select name from connections c where c.id = f.value)`)},
      'spaces', (
        select coalesce(json_agg(json_build_object('value', key, 'label', name, 'count', n) order by n desc, key), '[]')
        from (
          select s.key, min(s.name) as name, sum(f.n) as n
          from (select space_id, count(*) as n from visible group by 1) f join spaces s on s.id = f.space_id
          group by s.key order by n desc, s.key limit 50) ranked),
      'types', ${facet(sql`kind`, sql`f.value`)},
      'labels', ${facet(sql`label`, sql`f.value`, sql`cross join lateral unnest(labels) label`)}) as page
    from fresh`;
}

const columns = sql.raw('r.id, r.connection_id, r.space_id, r.kind, r.labels, r.acl_id, r.modified_at');

/**
 * What the viewer sees in few spaces, the newest first: whoever sees little has little to be looked through, where the
 * matches of a word, or the newest of all, would nearly all be others'.
 */
function seenWithin(input: StatementInput): RawBuilder<unknown> {
  const where =
    input.reach.within === 'viewer'
      ? sql`r.space_id = any ((select space_ids from fresh)::bigint[])`
      : sql`true`;
  return sql`
    seen as materialized (
      select ${columns} from records r
      where ${where} and ${visibleRow(input)} and ${all(upTo(input, sql`r.id`))}
      order by r.modified_at desc nulls last, r.id desc limit ${input.reach.depth})`;
}

function visibleRow(input: StatementInput): RawBuilder<boolean> {
  return sql<boolean>`(${isShowable()} and ${isReadable(sql`r.acl_id`)} and ${all(input.filters)})`;
}

/** Without words: along the index of the newest, until there are enough. */
function newestVisible(input: StatementInput): RawBuilder<unknown> {
  const { reach, matching } = input;
  const words = matching.proofs.length === 0 ? sql`` : sql`left join record_search s on s.record_id = r.id`;
  const from = reach.within === null ? sql`records r` : sql`seen r`;
  const seen =
    reach.within === null
      ? sql`${visibleRow(input)} and ${all(upTo(input, sql`r.id`))} and ${all(matching.proofs)}`
      : all(matching.proofs);
  return sql`
    visible as materialized (
      select ${columns} from ${from} ${words} where ${seen}
      order by r.modified_at desc nulls last, r.id desc limit ${input.cap + 1}),
    scored as (select id, coalesce(extract(epoch from modified_at)::float8, -1e15) as score from visible)`;
}

/**
 * With words: the newest matches within reach, and beside them those that have the words in title or labels; what the
 * viewer may read of these; the best by what is cheap are then ranked by their texts.
 */
function matchesVisible(input: StatementInput): RawBuilder<unknown> {
  const { matching, reach } = input;
  return sql`
    ${reach.within === null ? newestMatches(input) : matchesWithin(input)},
    visible as materialized (
      select m.*, ${relevance(sql`m.head`, matching, input.asOf, sql`m`)} as rank from matches m
      order by rank desc, m.id desc limit ${input.cap + 1}),
    best as materialized (select id, kind, modified_at, rank from visible order by rank desc, id desc limit ${sql.lit(rankedWhole)}),
    scored as materialized (
      select r.id, 1000 + ${relevance(sql`s.words`, matching, input.asOf)} as score
      from best r join record_search s on s.record_id = r.id
      union all
      select id, rank from visible where (rank, id) < (select rank, id from best order by rank, id limit 1))`;
}

/**
 * Both lists are cut by what the viewer may see, never by what is merely there: were hidden matches to take places in
 * them, they would show in ranks, counts and facets. `newest` only bounds the looking: where it brings too little, more
 * is looked at.
 *
 * Matches are met by the indexes of words first and then ordered ("offset 0", `materialized`): going along an order, the
 * planner unpacked and asked text after text, up to a million of them.
 */
function newestMatches(input: StatementInput): RawBuilder<unknown> {
  const { matching, reach } = input;
  const conditions = all([...matching.proofs, ...upTo(input, sql`s.record_id`)]);
  const since =
    reach.since === null
      ? sql``
      : sql`and s.modified_at > ${reach.since} and sluice_eras(s.modified_at) && ${erasSince(reach.since)}::int[]`;
  // What has the words in its head has them: only what is excluded is asked of the whole.
  const unexcluded = matching.indexed === matching.positive ? sql`` : sql`and s.words @@ ${matching.indexed}`;
  return sql`
    newest as materialized (
      select * from (
        select s.record_id, s.head, s.modified_at as at from record_search s
        where s.words @@ ${matching.indexed} ${since} and ${conditions} offset 0) m
      order by at desc nulls last, record_id desc limit ${reach.depth}),
    recent as materialized (
      select ${columns}, n.head from newest n join records r on r.id = n.record_id
      where ${visibleRow(input)} order by n.at desc nulls last, n.record_id desc limit ${input.cap + 1}),
    heads as materialized (
      select s.record_id, s.head, s.modified_at as at from record_search s
      where not (${isComplete(reach)} and (select count(*) from recent) <= ${input.cap}::int)
        and s.head @@ ${matching.positive} ${unexcluded} and ${conditions}),
    entitled as materialized (
      select ${columns}, h.head from (select * from heads order by at desc nulls last, record_id desc offset 0) h
      join records r on r.id = h.record_id
      where ${visibleRow(input)} order by h.at desc nulls last, h.record_id desc limit ${input.cap}),
    matches as (
      select * from recent union all
      select * from entitled where id not in (select id from recent))`;
}

/** Each of what was seen is asked for the words by itself, "offset 0": all matches need not be met. */
function matchesWithin({ matching }: StatementInput): RawBuilder<unknown> {
  return sql`
    matches as materialized (
      select seen.*, s.head from seen cross join lateral (
        select s.head from record_search s
        where s.record_id = seen.id and s.words @@ ${matching.indexed} and ${all(matching.proofs)} offset 0) s)`;
}

/** Whether no match was left out. */
function isComplete({ depth, since, within }: Reach): RawBuilder<boolean> {
  if (since !== null) return sql<boolean>`false`;
  if (depth === null) return sql<boolean>`true`;
  const met = within === null ? sql`newest` : sql`seen`;
  const known = within === 'viewer' ? sql`exists (select from fresh where space_ids is not null)` : sql`true`;
  return sql<boolean>`((select count(*) from ${met}) < ${depth}::int and ${known})`;
}

/** Records that came after the first page are left out of the next. */
function upTo({ after }: StatementInput, id: RawBuilder<unknown>): RawBuilder<boolean>[] {
  return after === null ? [] : [sql<boolean>`${id} <= ${after.newestId}::bigint`];
}

function all(conditions: RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/**
 * Relevance: title 1, labels and space 0.4, text 0.1 for each word (ts_rank lets repetition count less and less, and
 * 1 divides by the logarithm of the length), up to a fifth more for what is new, half for comments, whose title is their
 * page's.
 */
function relevance(
  words: RawBuilder<unknown>,
  matching: Matching,
  asOf: number,
  row = sql`r`,
): RawBuilder<number> {
  const age = sql`greatest(0, extract(epoch from ${new Date(asOf)}::timestamptz - ${row}.modified_at)::float8 / 86400)`;
  return sql<number>`(ts_rank('{0.1,0.2,0.4,1}', ${words}, ${matching.positive}, 1)::float8 + 0.001)
    * (1 + coalesce(0.2 / (1 + ${age} / 180), 0)) * case ${row}.kind when 'comment' then 0.5 else 1 end`;
}

function facet(value: RawBuilder<unknown>, label: RawBuilder<unknown>, joins = sql``): RawBuilder<Facet[]> {
  return sql<Facet[]>`(
    select coalesce(json_agg(json_build_object('value', f.value, 'label', ${label}, 'count', f.n) order by f.n desc, f.value), '[]')
    from (select ${value} as value, count(*) as n from visible ${joins} group by 1 order by 2 desc, 1 limit 50) f)`;
}
