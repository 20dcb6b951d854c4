import { sql } from 'kysely';
import { findConnection } from '../store/connections.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Restrictions, labels, moves and deletions don't show in the feeds of changes, so a whole reading follows at least
 * this often, and every time where it costs little.
 */
export const wholeEvery = '24 hours';
const smallSite = 5_000;

/** Up to how many records a site is read whole each time. */
export const smallSiteOf = (deps: ActivityDeps): number => deps.smallSite ?? smallSite;

export interface QueuedRun {
  runId: string;
  kind: 'full' | 'incremental';
}

/**
 * Stores the run that a schedule is due for.
 * @returns null when the connection is not to sync now (another run goes on, or it is paused, disabled, gone).
 */
export async function queueScheduledRun(deps: ActivityDeps, connectionId: string): Promise<QueuedRun | null> {
  const connection = await findConnection(deps.db, connectionId);
  if (connection === undefined || !['active', 'attention'].includes(connection.status)) return null;
  const kind = (await wholeIsDue(deps, connectionId)) ? 'full' : 'incremental';
  const row = await deps.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind, trigger: 'schedule' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row === undefined ? null : { runId: row.id, kind };
}

async function wholeIsDue(deps: ActivityDeps, connectionId: string): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select (select count(*) from (
        select from records where connection_id = ${connectionId} limit ${smallSiteOf(deps) + 1}) counted) <= ${smallSiteOf(deps)}
      or not exists (
        select from sync_runs where connection_id = ${connectionId} and kind = 'full' and state = 'succeeded'
          and started_at > now() - ${wholeEvery}::interval) as due`.execute(deps.db);
  return rows[0]?.due ?? true;
}
