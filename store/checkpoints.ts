import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';
import { keptFromSettling } from './settle-lock.ts';

/** Where one stream of one scope stands within a run. */
export interface Checkpoint {
  /** null: from the start. */
  cursor: string | null;
  done: boolean;
  /**
   * A time by the source's clock: whatever was modified before it is stored, but for what the source shows late. For a
   * listing it is when its first batch was answered, for a feed the same of its last complete walk.
   */
  highWater: Date | null;
}

export interface StreamKey {
  connectionId: string;
  stream: string;
  /** e.g. the space ids of a partition; '' for the whole site. */
  scope: string;
}

/** A checkpoint of another run is not this run's: the stream starts anew. */
export async function loadCheckpoint(db: Db, key: StreamKey, runId: string): Promise<Checkpoint> {
  const row = await db
    .selectFrom('checkpoints')
    .select(['cursor', 'done', 'high_water', 'run_id'])
    .where('connection_id', '=', key.connectionId)
    .where('stream', '=', key.stream)
    .where('scope', '=', key.scope)
    .executeTakeFirst();
  if (row === undefined) return { cursor: null, done: false, highWater: null };
  if (row.run_id !== runId) return { cursor: null, done: false, highWater: row.high_water };
  return { cursor: row.cursor, done: row.done, highWater: row.high_water };
}

/** Up to when a feed's subject is stored: by the feed itself, or by a listing that came to its end. */
export async function loadHighWater(
  db: Db,
  connectionId: string,
  streams: { feed: string; listing: string },
): Promise<Date | null> {
  const row = await db
    .selectFrom('checkpoints')
    .select((eb) => eb.fn.max('high_water').as('high_water'))
    .where('connection_id', '=', connectionId)
    .where((eb) =>
      eb.or([
        eb('stream', '=', streams.feed),
        eb.and([eb('stream', '=', streams.listing), eb('scope', '=', ''), eb('done', '=', true)]),
      ]),
    )
    .executeTakeFirst();
  return row?.high_water ?? null;
}

/** Takes back times of streams that lie ahead of the source's clock: nothing can have been read then. */
export async function forgetFutureCheckpoints(
  db: Db,
  connectionId: string,
  streams: readonly string[],
  serverTime: Date,
): Promise<void> {
  await db
    .updateTable('checkpoints')
    .set({ high_water: null })
    .where('connection_id', '=', connectionId)
    .where('stream', 'in', streams)
    .where('high_water', '>', serverTime)
    .execute();
}

/** When the first of a run's partitions of a listing began, by the source's clock. */
export async function loadListingStart(
  db: Db,
  connectionId: string,
  runId: string,
  listing: string,
): Promise<Date | null> {
  const row = await db
    .selectFrom('checkpoints')
    .select((eb) => eb.fn.min('high_water').as('high_water'))
    .where('connection_id', '=', connectionId)
    .where('run_id', '=', runId)
    .where('stream', '=', listing)
    .executeTakeFirst();
  return row?.high_water ?? null;
}

/** Call in the transaction that stores the records before it, and nowhere else. */
export async function saveCheckpoint(
  db: Db,
  key: StreamKey,
  runId: string,
  checkpoint: Checkpoint,
): Promise<void> {
  await checkpointWrite(key, runId, checkpoint).execute(db);
}

/** The same as a statement, to be part of the one that counts the batch (runs.ts). */
export function checkpointWrite(
  key: StreamKey,
  runId: string,
  { cursor, done, highWater }: Checkpoint,
): RawBuilder<unknown> {
  return sql`
    insert into checkpoints (connection_id, stream, scope, run_id, cursor, done, high_water, updated_at)
    values (${key.connectionId}, ${key.stream}, ${key.scope}, ${runId}, ${cursor}, ${done}, ${highWater}, now())
    on conflict (connection_id, stream, scope) do update
    set run_id = excluded.run_id, cursor = excluded.cursor, done = excluded.done, high_water = excluded.high_water,
      updated_at = excluded.updated_at`;
}

/**
 * Begins a batch's transaction: keeps it from settling, and lets its commit return before it is on disk. Records and
 * their checkpoint are lost together or not at all, so a crash of PostgreSQL costs a batch read again; closing the stage
 * commits on disk, and all before it with that.
 */
export async function openBatch(trx: Db, connectionId: string): Promise<void> {
  await sql`select set_config('synchronous_commit', 'off', true), ${keptFromSettling(connectionId)}`.execute(
    trx,
  );
}

/** The stage of a run that tells how many records an unfinished run before it had read, where it went on with them. */
export const readBefore = 'read before';

/**
 * Lets a run go on where an unfinished one of the same kind stopped: its checkpoints, but for those of the streams that
 * are to be walked anew, and the content that it saw become ours. What comes with them is counted apart, as the stage
 * `readBefore`: this run has not looked at it.
 * @returns how many records it had read
 */
export async function adoptCheckpoints(
  db: Db,
  run: { connectionId: string; fromRun: string; toRun: string; anew: string[] },
): Promise<number> {
  const { connectionId, fromRun, toRun, anew } = run;
  await db
    .updateTable('checkpoints')
    .set({ run_id: toRun })
    .where('connection_id', '=', connectionId)
    .where('run_id', '=', fromRun)
    .where('stream', 'not in', anew)
    .execute();
  const take = async (table: 'records' | 'spaces') => {
    const { numUpdatedRows } = await db
      .updateTable(table)
      .set({ seen_run: toRun })
      .where('connection_id', '=', connectionId)
      .where('seen_run', '=', fromRun)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  };
  await take('spaces');
  const records = await take('records');
  if (records > 0) {
    await db
      .insertInto('sync_stages')
      .values({ run_id: toRun, stage: readBefore, state: 'done', done: records, finished_at: new Date() })
      .execute();
  }
  return records;
}

/** Where a walk stands that goes on over many runs, whichever run was there last. */
export async function loadWalk(
  db: Db,
  key: StreamKey,
): Promise<{ cursor: string | null; began: Date | null }> {
  const row = await db
    .selectFrom('checkpoints')
    .select(['cursor', 'high_water'])
    .where('connection_id', '=', key.connectionId)
    .where('stream', '=', key.stream)
    .where('scope', '=', key.scope)
    .executeTakeFirst();
  return { cursor: row?.cursor ?? null, began: row?.high_water ?? null };
}
