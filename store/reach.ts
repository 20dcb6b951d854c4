import { sql } from 'kysely';
import type { Db } from './schema.ts';

/**
 * Forgets up to when some streams are stored: what came meanwhile and is older than their next readings would reach was
 * not read, so the next feed of them goes back to the beginning.
 */
export async function forgetReach(db: Db, connectionId: string, streams: readonly string[]): Promise<void> {
  await sql`
    update checkpoints set high_water = null
    where connection_id = ${connectionId} and stream = any(${[...streams]}::text[]) and high_water is not null`.execute(
    db,
  );
}
