import type { Db } from './schema.ts';

/** Where one stream of one scope stands within a run. */
export interface Checkpoint {
  /** null: from the start. */
  cursor: string | null;
  done: boolean;
  /** Newest modification stored so far, by the source's clock. */
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

/** Newest modification that any of these streams has stored, over all their scopes; null when none has. */
export async function loadHighWater(
  db: Db,
  connectionId: string,
  streams: readonly string[],
): Promise<Date | null> {
  const row = await db
    .selectFrom('checkpoints')
    .select((eb) => eb.fn.max('high_water').as('high_water'))
    .where('connection_id', '=', connectionId)
    .where('stream', 'in', streams)
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
  const values = {
    run_id: runId,
    cursor: checkpoint.cursor,
    done: checkpoint.done,
    high_water: checkpoint.highWater,
    updated_at: new Date(),
  };
  await db
    .insertInto('checkpoints')
    .values({ connection_id: key.connectionId, stream: key.stream, scope: key.scope, ...values })
    .onConflict((conflict) => conflict.columns(['connection_id', 'stream', 'scope']).doUpdateSet(values))
    .execute();
}

/** Lets a run go on where an unfinished one of the same kind stopped: its checkpoints and what it saw become ours. */
export async function adoptCheckpoints(
  db: Db,
  connectionId: string,
  fromRun: string,
  toRun: string,
): Promise<void> {
  await db
    .updateTable('checkpoints')
    .set({ run_id: toRun })
    .where('connection_id', '=', connectionId)
    .where('run_id', '=', fromRun)
    .execute();
  for (const table of ['records', 'spaces', 'content_access'] as const) {
    await db
      .updateTable(table)
      .set({ seen_run: toRun })
      .where('connection_id', '=', connectionId)
      .where('seen_run', '=', fromRun)
      .execute();
  }
}
