import { sql } from 'kysely';
import type { Db } from '../store/schema.ts';

/**
 * The time by which questions to Atlassian are ordered: the database's, which all workers share, carried on by this
 * process's monotonic clock, so that two machines whose clocks differ still agree on whose answer is later.
 */
export async function createAskedAt(db: Db): Promise<() => Date> {
  const before = performance.now();
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const base = rows[0]?.now.getTime() ?? Date.now();
  return () => new Date(base + (performance.now() - before));
}
