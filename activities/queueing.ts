import { sql } from 'kysely';
import { findConnection } from '../store/connections.ts';
import { queueRun } from '../store/run-requests.ts';
import type { Db } from '../store/schema.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Restrictions, labels, moves and deletions don't show in the feeds of changes, so a whole reading follows at least
 * this often, and every time where it costs little.
 */
export const wholeEvery = '24 hours';
const smallSite = 5_000;

export interface QueuedRun {
  runId: string;
  kind: 'full' | 'incremental' | 'permissions';
}

/**
 * Stores the run that a schedule is due for.
 * @returns null when the connection is not to sync now (another run of the lane goes on, or it is paused, disabled, gone;
 * or nothing is stored yet whose permissions could be read).
 */
export async function queueScheduledRun(
  deps: ActivityDeps,
  connectionId: string,
  lane: 'content' | 'permissions',
): Promise<QueuedRun | null> {
  const connection = await findConnection(deps.db, connectionId);
  if (connection === undefined || !['active', 'attention'].includes(connection.status)) return null;
  if (lane === 'permissions' && !(await hasSettled(deps.db, connectionId))) return null;
  const kind =
    lane === 'permissions' ? 'permissions' : (await wholeIsDue(deps, connectionId)) ? 'full' : 'incremental';
  const row = await queueRun(deps.db, { connectionId, kind, trigger: 'schedule' });
  return row === undefined ? null : { runId: row.id, kind };
}

async function wholeIsDue(deps: ActivityDeps, connectionId: string): Promise<boolean> {
  if (await isSmallSite(deps.db, deps, connectionId)) return true;
  const { rows } = await sql<{ due: boolean }>`
    select not exists (
      select from sync_runs where connection_id = ${connectionId} and kind = 'full' and state = 'succeeded'
        and started_at > now() - ${wholeEvery}::interval) as due`.execute(deps.db);
  return rows[0]?.due ?? true;
}

/** Whether anything of a connection was ever shown to anybody: before that, a first sync reads everything itself. */
async function hasSettled(db: Db, connectionId: string): Promise<boolean> {
  const { rows } = await sql`select from acls where connection_id = ${connectionId} limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether a site is read whole each time: no more records than that are stored of it. */
export async function isSmallSite(db: Db, deps: ActivityDeps, connectionId: string): Promise<boolean> {
  const most = deps.smallSite ?? smallSite;
  const { rows } = await sql<{ small: boolean }>`
    select count(*) <= ${most} as small
    from (select from records where connection_id = ${connectionId} limit ${most + 1}) counted`.execute(db);
  return rows[0]?.small ?? true;
}
