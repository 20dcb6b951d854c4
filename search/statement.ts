import { sql, type RawBuilder } from 'kysely';
import { readableAcls, type ViewerId } from '../store/visibility.ts';
import { isVisible } from '../store/visible-records.ts';
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

/**
 * The one statement of a search: what the viewer may read, what of it matches, ranked, counted and cut to a page,
 * with texts and breadcrumbs of that page alone. What the viewer may not see never enters `visible`, so no count,
 * facet, snippet, title or cursor can tell of it.
 */
export function searchStatement(input: StatementInput): RawBuilder<{ page: StatementResult }> {
  const { after } = input;
  const following =
    after === null ? sql`true` : sql`(score, id) < (${after.score}::float8, ${after.id}::bigint)`;
  return sql<{ page: StatementResult }>`
    with readable as materialized (select id from ${readableAcls(input.viewer)} acl),
    visible as materialized (${visibleMatches(input)}),
    page as materialized (
      select id, score from visible where ${following} order by score desc, id desc limit ${input.limit + 1}),
    hits as (${hitDetails(input.matching.positive, input.excerptAround)})
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

function visibleMatches(input: StatementInput): RawBuilder<unknown> {
  const { matching, after } = input;
  const conditions = [isVisible(), ...input.filters, ...matching.proofs];
  if (after !== null) conditions.push(sql`r.id <= ${after.newestId}::bigint`);
  const columns = sql`r.id, r.connection_id, r.space_id, r.kind, r.labels`;
  if (matching.indexed === null) {
    return sql`
      select ${columns}, coalesce(extract(epoch from r.modified_at)::float8, -1e15) as score
      from records r ${matching.proofs.length === 0 ? sql`` : sql`left join record_search s on s.record_id = r.id`}
      where ${sql.join(conditions, sql` and `)}
      order by r.modified_at desc nulls last, r.id desc limit ${input.cap + 1}`;
  }
  return sql`
    select ${columns}, ${score(matching, input.asOf)} as score
    from record_search s join records r on r.id = s.record_id
    where s.words @@ ${matching.indexed} and ${sql.join(conditions, sql` and `)}
    limit ${input.cap + 1}`;
}

/**
 * Relevance: title 1, labels and space 0.4, text 0.1 for each word (ts_rank lets repetition count less and less, and
 * 1 divides by the logarithm of the length), up to a fifth more for what is new, a fifth less for comments.
 */
function score(matching: Matching, asOf: number): RawBuilder<number> {
  const age = sql`greatest(0, extract(epoch from ${new Date(asOf)}::timestamptz - r.modified_at)::float8 / 86400)`;
  return sql<number>`ts_rank('{0.1,0.2,0.4,1}', s.words, ${matching.positive}, 1)::float8
    * (1 + coalesce(0.2 / (1 + ${age} / 180), 0)) * case r.kind when 'comment' then 0.8 else 1 end`;
}

function facet(value: RawBuilder<unknown>, label: RawBuilder<unknown>, joins = sql``): RawBuilder<Facet[]> {
  return sql<Facet[]>`(
    select coalesce(json_agg(json_build_object('value', f.value, 'label', ${label}, 'count', f.n) order by f.n desc, f.value), '[]')
    from (select ${value} as value, count(*) as n from visible ${joins} group by 1 order by 2 desc, 1 limit 50) f)`;
}
