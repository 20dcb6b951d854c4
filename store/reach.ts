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

/** Notes that items of a stream were read and left out for what they belong to. */
export async function noteLeftOut(db: Db, connectionId: string, what: string): Promise<void> {
  await sql`
    insert into checkpoints (connection_id, stream, scope, done) values (${connectionId}, ${what}, 'left out', true)
    on conflict do nothing`.execute(db);
}

export async function hasLeftOut(db: Db, connectionId: string, what: string): Promise<boolean> {
  const { rows } = await sql`
    select from checkpoints where connection_id = ${connectionId} and stream = ${what} and scope = 'left out'`.execute(
    db,
  );
  return rows.length > 0;
}

export async function forgetLeftOut(db: Db, connectionId: string, what: string): Promise<void> {
  await sql`
    delete from checkpoints where connection_id = ${connectionId} and stream = ${what} and scope = 'left out'`.execute(
    db,
  );
}
