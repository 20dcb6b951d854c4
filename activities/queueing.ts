import { findConnection } from '../store/connections.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Stores the run that a schedule is due for.
 * @returns its id; null when the connection is not to sync now (another run goes on, or it is paused, disabled, gone).
 */
export async function queueScheduledRun(deps: ActivityDeps, connectionId: string): Promise<string | null> {
  const connection = await findConnection(deps.db, connectionId);
  if (connection === undefined || !['active', 'attention'].includes(connection.status)) return null;
  const row = await deps.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', trigger: 'schedule' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}
