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

/** Of so many of the newest matches, most people see a thousand. More are not all met at first. */
const firstDepth = 6_000;

/** Where most people do not. */
const secondDepth = 60_000;

/**
 * What to try, one after another, until enough matches are found that the viewer may see, or all were looked at.
 *
 * A word that stands in 300,000 texts cannot be met in each of them: reading 300,000 rows takes a second. The index of
 * words also knows times, and leaves out what is older than about as many matches as are wanted. How many there are is
 * the planner's estimate; were it wrong, a further attempt follows.
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
  if (estimate <= firstDepth) return [{ depth: 4 * firstDepth, since: null, within: null }, everything];
  const [near, far] = await newestShares(db, [firstDepth / estimate, secondDepth / estimate]);
  return [
    { depth: firstDepth, since: near ?? null, within: null },
    { depth: secondDepth, since: far ?? null, within: null },
    everything,
  ];
}

/** Both also in migrations/0009_readable_sets.sql. */
const [day, month] = [86_400_000, 30 * 86_400_000];

/**
 * The values of SQL's sluice_eras that all times from `since` on have one of: months of 30 days, or, since little time
 * ago, days. What bears a time later than tomorrow is met by the last attempt.
 */
export function erasSince(since: Date, now = Date.now()): number[] {
  const from = since.getTime();
  const [length, sign] = now - from < month ? [day, -1] : [month, 1];
  const first = Math.floor(from / length);
  const last = Math.floor((now + day) / length);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => sign * (first + at));
}

/** The planner's estimate of matching rows, from its statistics of the words. Under a millisecond. */
async function estimateOf(db: Db, indexed: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>`
    explain (format json) select from record_search s where s.words @@ ${indexed}`.execute(db);
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

/** Times after which these shares of all records were modified; none without statistics. */
async function newestShares(db: Db, shares: readonly number[]): Promise<(Date | undefined)[]> {
  const kept = histograms.get(db);
  const bounds = kept !== undefined && kept.until > Date.now() ? kept.bounds : await readHistogram(db);
  return shares.map((share) => bounds.at(-1 - Math.max(1, Math.round(share * (bounds.length - 1)))));
}

/** For a minute each: they are estimates, and change when PostgreSQL analyzes the table. */
const histograms = new WeakMap<Db, { until: number; bounds: Date[] }>();

/** The planner's statistics of times: as many records lie between each two. */
async function readHistogram(db: Db): Promise<Date[]> {
  const { rows } = await sql<{ bounds: Date[] }>`
    select histogram_bounds::text::timestamptz[] as bounds from pg_stats
    where schemaname = current_schema() and tablename = 'record_search' and attname = 'modified_at'
      and histogram_bounds is not null`.execute(db);
  const bounds = rows[0]?.bounds ?? [];
  histograms.set(db, { until: Date.now() + 60_000, bounds });
  return bounds;
}
