import { sql } from 'kysely';
import { SluiceError } from '../errors.ts';
import { updateConnection } from '../store/connections.ts';
import { hasWholeReading } from '../store/run-requests.ts';
import { forgetHealedFailures } from '../store/failures.ts';
import { loadSteeringFacts } from '../store/steering.ts';
import { finishRun, loadRun, logRun, startRun } from '../store/runs.ts';
import { adoptCheckpoints } from '../store/checkpoints.ts';
import { countUnseen, hideUnseen, removeUnseen } from '../store/unseen.ts';
import type { Db } from '../store/schema.ts';
import { endCredential, findCredentialEnd } from './credentials/end.ts';
import type { ActivityDeps, RunRef } from './deps.ts';
import type { SyncContext } from './context.ts';
import { standsInScope } from './steering/standing.ts';

/** Above this share of a connection's records nothing is removed without an administrator. */
const brakeShare = 0.3;
/** Below this many the share says nothing. */
const brakeFrom = 20;

/** No reading is gone on with that is older than this. */
const oldestReading = '24 hours';

/**
 * Whether a run may go on with what an unfinished one has read. Of that, content and places are kept: whatever changed
 * since shows in the feeds of changes, and permission syncs ask for places all the time. Restrictions and labels show in
 * no feed, and before the first settling no permission sync looks at them, so their listings are walked anew. A reading
 * of other spaces than are in scope now is none to go on with.
 */
async function mayAdopt(db: Db, run: RunRef, fromRun: string): Promise<boolean> {
  const { rows } = await sql<{ adopt: boolean }>`
    select min(high_water) > now() - ${oldestReading}::interval as adopt
    from checkpoints where connection_id = ${run.connectionId} and run_id = ${fromRun}`.execute(db);
  const facts = await loadSteeringFacts(db, fromRun);
  return rows[0]?.adopt === true && facts !== undefined && standsInScope(facts);
}

/** Marks the run as running; takes over where an unfinished run of the same kind stopped, where that is safe. */
export async function beginRun(deps: ActivityDeps, run: RunRef): Promise<void> {
  const { db } = deps;
  const before = await db
    .selectFrom('sync_runs as this')
    .innerJoin('sync_runs as last', 'last.connection_id', 'this.connection_id')
    .select(['last.id', 'last.state'])
    .where('this.id', '=', run.runId)
    .where('this.state', '=', 'queued')
    .whereRef('last.kind', '=', 'this.kind')
    .whereRef('last.id', '<>', 'this.id')
    .where('last.state', 'in', ['succeeded', 'failed', 'cancelled'])
    .orderBy('last.created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db.transaction().execute(async (trx) => {
    if (before !== undefined && before.state !== 'succeeded' && (await mayAdopt(trx, run, before.id))) {
      const { connectionId, runId: toRun } = run;
      await adoptCheckpoints(trx, { connectionId, fromRun: before.id, toRun, anew: ['restrictions'] });
    }
    await startRun(trx, run.runId);
  });
}

/**
 * Removes what this complete run did not see. A run with failures removes nothing, and neither does one that would
 * remove more than the brake allows: the administrator is asked by the connection's status. What is not removed is
 * hidden: gone, or shut to the crawling account, it can be shown to nobody until it is seen again.
 */
export async function removeWhatIsGone(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  await forgetHealedFailures(db, connectionId, runId);
  const run = await loadRun(db, runId);
  if (run === undefined) return;
  const { unseen, total } = await countUnseen(db, connectionId, runId);
  const failed = Number(run.failed);
  if (failed > 0 && unseen > 0) {
    const message = `${unseen} records were not seen. They are hidden, not removed, because ${failed} items failed.`;
    await logRun(db, runId, [{ level: 'warning', message }]);
    await hideUnseen(db, connectionId, runId);
  } else if (unseen >= brakeFrom && unseen > total * brakeShare) {
    const message = `${unseen} of ${total} records were not seen in Confluence. They are hidden, but that many at once are not removed: check the account's rights and the scope, then sync again.`;
    await logRun(db, runId, [{ level: 'warning', message }]);
    await hideUnseen(db, connectionId, runId);
    await updateConnection(db, connectionId, {
      status: 'attention',
      status_cause: 'mass_deletion',
      status_message: message,
    });
  } else {
    await db.transaction().execute(async (trx) => {
      const removed = await removeUnseen(trx, connectionId, runId);
      await trx
        .updateTable('sync_runs')
        .set({ deleted: sql<string>`deleted + ${removed}`, seen: sql<string>`seen + ${removed}` })
        .where('id', '=', runId)
        .execute();
    });
    await releaseBrake(context);
  }
}

/** What the brake asked about has come back, or an administrator has changed the scope. */
async function releaseBrake({ db, connectionId }: SyncContext): Promise<void> {
  await db
    .updateTable('connections')
    .set({ status: 'active', status_cause: null, status_message: null, updated_at: new Date() })
    .where('id', '=', connectionId)
    .where('status', '=', 'attention')
    .where('status_cause', '=', 'mass_deletion')
    .execute();
}

/** @throws SluiceError `no_full_sync`: without a whole reading there is nothing that changes could be added to. */
export async function requireWhole(deps: ActivityDeps, connectionId: string): Promise<void> {
  if (!(await hasWholeReading(deps.db, connectionId))) {
    throw new SluiceError('no_full_sync', 'No full sync has succeeded yet. Start a full one first.', {
      status: 409,
    });
  }
}

export interface RunFailure {
  code: string;
  message: string;
}

/** Ends a run: truthfully, once. A dead credential leaves data and permissions in force and asks for a new one. */
export async function endRun(
  deps: ActivityDeps,
  run: RunRef,
  outcome: 'succeeded' | 'cancelled' | RunFailure,
): Promise<void> {
  const { db } = deps;
  if (typeof outcome === 'string') {
    await finishRun(db, run.runId, { state: outcome, cause: null, message: null });
    return;
  }
  // Of a connection that was disconnected meanwhile nothing is left to tell.
  if ((await loadRun(db, run.runId)) === undefined) return;
  // A dead credential is told by its cause, not by the request that met it first.
  const end = await findCredentialEnd(deps, run.connectionId, outcome);
  const cause = end?.cause ?? outcome.code;
  const message = end?.message ?? outcome.message;
  await db.transaction().execute(async (trx) => {
    await logRun(trx, run.runId, [{ level: 'error', message: outcome.message }]);
    await finishRun(trx, run.runId, { state: 'failed', cause, message });
    if (end !== null) await endCredential(trx, run.connectionId, end);
  });
}
