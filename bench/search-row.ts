import { withDatabase } from './database.ts';
import { runSearches, type Searches } from './searches.ts';
import { createSearchWorld, promisedWorld } from './search-world.ts';
import type { Row } from './table.ts';

const people = 100;
const searches = 2_000;

/**
 * Searches over 1,000,000 records, 10,000 users, 100,000 ACLs, one after another, trimmed exactly. What is measured is
 * the mix of bench/searches.ts, by people whose readable set is kept; each one's first search, which makes the set, is
 * told beside it.
 */
export async function searchRow(say: (line: string) => void): Promise<Row> {
  return withDatabase(say, async (db) => {
    say('Making 1,000,000 records');
    await createSearchWorld(db, promisedWorld, say);
    say(`Searching ${searches} times`);
    return rowOf(await runSearches(db, people, searches));
  });
}

function rowOf({ first, repeated }: Searches): Row {
  const all = repeated.map(({ ms }) => ms);
  const [middle, worst] = [percentile(all, 0.5), percentile(all, 0.99)];
  const byKind = [...Map.groupBy(repeated, ({ kind }) => kind)].map(
    ([kind, timings]) => `${kind} ${shown(timings.map(({ ms }) => ms))}`,
  );
  const guests = repeated.filter(({ guest }) => guest).map(({ ms }) => ms);
  return {
    what: 'search, 1,000,000 records, 10,000 users, 100,000 ACLs',
    measured:
      `p50 ${middle.toFixed(1)} ms, p99 ${worst.toFixed(1)} ms of ${all.length} (p50/p99 of each kind: ${byKind.join(', ')}; ` +
      `of guests, who see little, ${shown(guests)}); each person's first search, which makes the readable set, ${shown(first)}`,
    reach: 'p50 < 20 ms, p99 < 150 ms',
    reached: middle < 20 && worst < 150,
  };
}

function shown(values: readonly number[]): string {
  return `${percentile(values, 0.5).toFixed(0)}/${percentile(values, 0.99).toFixed(0)} ms`;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
