import { sql, type RawBuilder } from 'kysely';
import { readableAcls, type ViewerId } from '../store/visibility.ts';
import { isShowable, isVisible, waysUp } from '../store/visible-records.ts';
import type { Position } from './cursor.ts';
import { hitDetails, type HitRow } from './details.ts';
import type { Matching } from './matching.ts';
import type { Facet } from './types.ts';

/** Everything of a search that the statement needs. */
export interface StatementInput {
  viewer: ViewerId;
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
  /** Where a plain excerpt should begin when it is not the text's beginning. */
  excerptAround: string | null;
}

export interface StatementResult {
  newestId: string;
  total: number;
  hits: HitRow[];
  connections: Facet[];
  spaces: Facet[];
  types: Facet[];
  labels: Facet[];
}

/** So many of the best by title, age and kind have their whole text ranked; the rest follows by those alone. */
const rankedWhole = 300;

/**
 * The one statement of a search: what matches, what of it the viewer may read, ranked, counted and cut to a page, with
 * texts and breadcrumbs of that page alone. What the viewer may not see never enters `visible`, so no count, facet,
 * snippet, title, rank or cursor can tell of it.
 */
export function searchStatement(input: StatementInput): RawBuilder<{ page: StatementResult }> {
  const { after, viewer, matching } = input;
  const following =
    after === null ? sql`true` : sql`(score, id) < (${after.score}::float8, ${after.id}::bigint)`;
  return sql<{ page: StatementResult }>`
    with ${matching.indexed === null ? newestVisible(input) : matchesVisible(input)},
    page as materialized (
      select id, score from scored where ${following} order by score desc, id desc limit ${input.limit + 1}),
    ${waysUp(viewer)},
    hits as (${hitDetails(matching.positive, input.excerptAround)})
    select json_build_object(
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
      'labels', ${facet(sql`label`, sql`f.value`, sql`cross join lateral unnest(labels) label`)}) as page`;
}

const columns = sql.raw('r.id, r.connection_id, r.space_id, r.kind, r.labels, r.acl_id, r.modified_at');

/** Without words: along the index of the newest, until there are enough. */
function newestVisible(input: StatementInput): RawBuilder<unknown> {
  const { proofs } = input.matching;
  const words = proofs.length === 0 ? sql`` : sql`left join record_search s on s.record_id = r.id`;
  return sql`
    readable as materialized (select id from ${readableAcls(input.viewer)} acl),
    visible as materialized (
      select ${columns} from records r ${words}
      where ${isVisible()} and ${conditionsOf(input)}
      order by r.modified_at desc nulls last, r.id desc limit ${input.cap + 1}),
    scored as (select id, coalesce(extract(epoch from modified_at)::float8, -1e15) as score from visible)`;
}

/**
 * With words: every match, whose ACLs alone are judged; the best by what is cheap are then ranked by their texts.
 *
 * Measured with 200,000 records of 200 words, 20,300 ACLs, 10,000 people, on two cores under heavy load (median of
 * six): words of 280 visible hits 58 ms, of 2,431 68 ms, two words of 1,959 82 ms, a word of 34,000 matches 281 ms
 * (judging all ACLs first: over 15 s; ranking every hit's whole text: 1,109 ms). The plan: bitmap scan of
 * record_search_words and its narrow heap, hash or index join to records, hash semi-join with the ACLs, top-N sort by
 * `head`, and 300 look-ups of whole vectors. A word that stands in most texts costs 1.3 s: each match must be met
 * once to be counted and trimmed.
 */
function matchesVisible(input: StatementInput): RawBuilder<unknown> {
  const { matching } = input;
  return sql`
    matches as materialized (
      select ${columns}, s.head
      from record_search s join records r on r.id = s.record_id
      where s.words @@ ${matching.indexed} and ${isShowable()} and ${conditionsOf(input)}),
    readable as materialized (
      select id from ${readableAcls(input.viewer, sql`(select acl_id from matches)`)} acl),
    visible as materialized (
      select r.*, ${relevance(sql`r.head`, matching, input.asOf)} as rank
      from matches r where r.acl_id in (select id from readable)
      order by rank desc, r.id desc limit ${input.cap + 1}),
    best as materialized (select id, kind, modified_at, rank from visible order by rank desc, id desc limit ${sql.lit(rankedWhole)}),
    scored as materialized (
      select r.id, 1000 + ${relevance(sql`s.words`, matching, input.asOf)} as score
      from best r join record_search s on s.record_id = r.id
      union all
      select id, rank from visible where (rank, id) < (select rank, id from best order by rank, id limit 1))`;
}

function conditionsOf(input: StatementInput): RawBuilder<boolean> {
  const conditions = [...input.filters, ...input.matching.proofs];
  if (input.after !== null) conditions.push(sql<boolean>`r.id <= ${input.after.newestId}::bigint`);
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/**
 * Relevance: title 1, labels and space 0.4, text 0.1 for each word (ts_rank lets repetition count less and less, and
 * 1 divides by the logarithm of the length), up to a fifth more for what is new, half for comments, whose title is their
 * page's.
 */
function relevance(words: RawBuilder<unknown>, matching: Matching, asOf: number): RawBuilder<number> {
  const age = sql`greatest(0, extract(epoch from ${new Date(asOf)}::timestamptz - r.modified_at)::float8 / 86400)`;
  return sql<number>`(ts_rank('{0.1,0.2,0.4,1}', ${words}, ${matching.positive}, 1)::float8 + 0.001)
    * (1 + coalesce(0.2 / (1 + ${age} / 180), 0)) * case r.kind when 'comment' then 0.5 else 1 end`;
}

function facet(value: RawBuilder<unknown>, label: RawBuilder<unknown>, joins = sql``): RawBuilder<Facet[]> {
  return sql<Facet[]>`(
    select coalesce(json_agg(json_build_object('value', f.value, 'label', ${label}, 'count', f.n) order by f.n desc, f.value), '[]')
    from (select ${value} as value, count(*) as n from visible ${joins} group by 1 order by 2 desc, 1 limit 50) f)`;
}
