import { sql, type RawBuilder } from 'kysely';
import { seesFewSpaces } from '../store/readable-sets.ts';
import type { Db } from '../store/schema.ts';
import type { ViewerId } from '../store/visibility.ts';

/** How many of a query's matches are looked at, the newest first. */
export interface Reach {
  /** null: all. */
  depth: number | null;
  /** Only what was modified later; null: no bound. */
  since: Date | null;
  /**
   * Not the matches are met first but what may be seen: in the few spaces that the viewer sees, or in those that were
   * asked for. null: the matches.
   */
  within: 'viewer' | 'filter' | null;
}

const everything: Reach = { depth: null, since: null, within: null };

/** Of what may be seen in some spaces, so much is looked through for words. */
const withinDepth = 10_000;

/** Up to so many matches, the index of words is the shorter way. */
const fewMatches = 2_000;

/** Of so many of the newest matches, most people see a thousand. */
const firstDepth = 4_000;

/** More matches than this are not all met, even to find the newest of them. */
const metWhole = 40_000;

/**
 * What to try, one after another, until enough matches are found that the viewer may see, or all were looked at.
 *
 * A word that stands in 300,000 texts cannot be met in each of them: reading 300,000 rows takes a second. The index of
 * times cuts off what is older than about as many matches as are wanted; both indexes are combined as bitmaps, and only
 * rows in both are read. How many there are is the planner's estimate; were it wrong, a further attempt follows.
 */
export async function reachesOf(
  db: Db,
  viewer: ViewerId,
  indexed: RawBuilder<unknown> | null,
  inSpaces: boolean,
): Promise<[Reach, ...Reach[]]> {
  const [few, estimate] = await Promise.all([
    seesFewSpaces(db, viewer),
    indexed === null ? Infinity : estimateOf(db, indexed),
  ]);
  if (estimate > fewMatches && (few || inSpaces))
    return [{ depth: withinDepth, since: null, within: few ? 'viewer' : 'filter' }, everything];
  if (indexed === null) return [everything];
  if (estimate <= metWhole)
    return [
      { depth: firstDepth, since: null, within: null },
      { depth: 5 * firstDepth, since: null, within: null },
      everything,
    ];
  const [near, far] = await newestShares(db, [(1.5 * firstDepth) / estimate, (15 * firstDepth) / estimate]);
  return [
    { depth: firstDepth, since: near ?? null, within: null },
    { depth: 10 * firstDepth, since: far ?? null, within: null },
    everything,
  ];
}

/** The planner's estimate of matching rows, from its statistics of the words. Under a millisecond. */
async function estimateOf(db: Db, indexed: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>`
    explain (format json) select from record_search s where s.words @@ ${indexed}`.execute(db);
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

/** Times after which these shares of all records were modified, by the planner's statistics; none without any. */
async function newestShares(db: Db, shares: readonly number[]): Promise<(Date | undefined)[]> {
  const { rows } = await sql<{ bounds: Date[] }>`
    select histogram_bounds::text::timestamptz[] as bounds from pg_stats
    where schemaname = current_schema() and tablename = 'record_search' and attname = 'modified_at'
      and histogram_bounds is not null`.execute(db);
  const bounds = rows[0]?.bounds ?? [];
  return shares.map((share) => bounds.at(-1 - Math.max(1, Math.round(share * (bounds.length - 1)))));
}
