import { moveRunIfPossible } from './run-state.ts';
import type { Db, RunKind, SyncRun, SyncTrigger } from './schema.ts';

/** Stores a run as queued; undefined where one of the connection's lane is queued, running or waiting already. */
export function queueRun(
  db: Db,
  run: { connectionId: string; kind: RunKind; trigger: SyncTrigger },
): Promise<SyncRun | undefined> {
  return db
    .insertInto('sync_runs')
    .values({ connection_id: run.connectionId, kind: run.kind, trigger: run.trigger })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Ends a run that never got to the engine, so that the next one may start. */
export async function failQueuedRun(db: Db, runId: string, cause: string, message: string): Promise<void> {
  await moveRunIfPossible(db, runId, 'not_taken', { cause, message });
}

/** Whether a whole reading of the site has ever succeeded: changes can be added to nothing less. */
export async function hasWholeReading(db: Db, connectionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'full')
    .where('state', '=', 'succeeded')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
