import { sql } from 'kysely';
import { findConnection } from '../store/connections.ts';
import { hasWholeReading, queueRun } from '../store/run-requests.ts';
import type { Db, SyncKind } from '../store/schema.ts';
import { isSweepDue } from '../store/sweep-parts.ts';
import type { ActivityDeps } from './deps.ts';

/** Ids of everything are listed at least this often, as far as the share of the budget reaches. */
const sweepTurn = '24 hours';

export interface QueuedRun {
  runId: string;
  kind: SyncKind;
}

/** The lanes of temporal/names.ts. */
type Lane = 'content' | 'permissions';

/** In which states a schedule still starts something: whoever pauses content wants what is stored to stay guarded. */
const running: Record<Lane, readonly string[]> = {
  content: ['active', 'attention'],
  permissions: ['active', 'attention', 'paused'],
};

/**
 * Stores the run that a schedule is due for: of content, what has changed, or everything where no reading of everything
 * has ever succeeded.
 * @returns null when the connection is not to sync now (another run of the lane goes on, or it is paused, disabled, gone;
 * or nothing is stored yet whose permissions could be read).
 */
export async function queueScheduledRun(
  deps: ActivityDeps,
  connectionId: string,
  lane: Lane,
): Promise<QueuedRun | null> {
  if (!(await mayRun(deps.db, connectionId, lane))) return null;
  if (lane === 'permissions') {
    return (await hasSettled(deps.db, connectionId)) ? queue(deps.db, connectionId, 'permissions') : null;
  }
  const whole = await hasWholeReading(deps.db, connectionId);
  return queue(deps.db, connectionId, whole ? 'incremental' : 'full');
}

/**
 * Stores a sweep where one is due: a part of the site was not listed to its end for longer than its turn, or, where no
 * sweep has cut the site into parts yet, the last reading of everything is as old.
 * @returns null when nothing is due, or the connection is not to sync now.
 */
export async function queueDueSweep(deps: ActivityDeps, connectionId: string): Promise<QueuedRun | null> {
  if (!(await mayRun(deps.db, connectionId, 'content'))) return null;
  const isDue = await isSweepDue(deps.db, connectionId, sweepTurn);
  return isDue ? queue(deps.db, connectionId, 'sweep') : null;
}

async function mayRun(db: Db, connectionId: string, lane: Lane): Promise<boolean> {
  const connection = await findConnection(db, connectionId);
  return connection !== undefined && running[lane].includes(connection.status);
}

async function queue(db: Db, connectionId: string, kind: SyncKind): Promise<QueuedRun | null> {
  const row = await queueRun(db, { connectionId, kind, trigger: 'schedule' });
  return row === undefined ? null : { runId: row.id, kind };
}

/** Whether anything of a connection was ever shown to anybody: before that, a first sync reads everything itself. */
async function hasSettled(db: Db, connectionId: string): Promise<boolean> {
  const { rows } = await sql`select from acls where connection_id = ${connectionId} limit 1`.execute(db);
  return rows.length > 0;
}
