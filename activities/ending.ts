import { ApplicationFailure } from '@temporalio/activity';
import { sql } from 'kysely';
import { SluiceError } from '../errors.ts';
import { hasWholeReading } from '../store/run-requests.ts';
import { loadSteeringFacts, lockSettings } from '../store/steering.ts';
import { finishRun, loadRun, logRun, startRun } from '../store/runs.ts';
import { adoptCheckpoints } from '../store/checkpoints.ts';
import type { Db, SyncRun } from '../store/schema.ts';
import { closeRun } from './closing/close-run.ts';
import { countRun } from './closing/metrics.ts';
import { endCredential, findCredentialEnd } from './credentials/end.ts';
import type { ActivityDeps, RunRef } from './deps.ts';
import { feedStages } from './stages.ts';
import { standsInScope } from './steering/standing.ts';
import { steeredFailure } from './steering/watch.ts';

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
      const records = await adoptCheckpoints(trx, {
        connectionId,
        fromRun: before.id,
        toRun,
        anew: ['restrictions', ...feedStages],
      });
      const message = `It goes on where an earlier sync stopped; of what that one had read, ${records} records are not read again.`;
      if (records > 0) await logRun(trx, toRun, [{ level: 'info', message }]);
    }
    await startRun(trx, run.runId);
  });
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
    const ended = await db.transaction().execute(async (trx) => {
      if (outcome === 'succeeded') await requireScopeOfNow(trx, run);
      const end = { state: outcome, cause: null, message: null };
      return (await finishRun(trx, run.runId, end)) ? close(trx, deps, run) : undefined;
    });
    if (ended !== undefined) countRun(ended);
    return;
  }
  // Of a connection that was disconnected meanwhile nothing is left to tell.
  if ((await loadRun(db, run.runId)) === undefined) return;
  // A dead credential is told by its cause, not by the request that met it first.
  const end = await findCredentialEnd(deps, run.connectionId, outcome);
  const cause = end?.cause ?? outcome.code;
  const message = end?.message ?? outcome.message;
  const failed = await db.transaction().execute(async (trx) => {
    const hasEnded = await finishRun(trx, run.runId, { state: 'failed', cause, message });
    if (hasEnded) await logRun(trx, run.runId, [{ level: 'error', message: outcome.message }]);
    const ended = hasEnded ? await close(trx, deps, run) : undefined;
    if (end !== null) await endCredential(trx, run.connectionId, end);
    return ended;
  });
  if (failed !== undefined) countRun(failed);
}

/**
 * Whoever saves settings while a run goes on trusts it to take them over: with them locked it either ends before they
 * are saved, or begins again by them.
 * @throws ApplicationFailure `steered`
 */
async function requireScopeOfNow(trx: Db, { connectionId, runId }: RunRef): Promise<void> {
  await lockSettings(trx, connectionId);
  const facts = await loadSteeringFacts(trx, runId);
  if (facts === undefined || facts.kind === 'permissions' || facts.kind === 'dry_run') return;
  if (standsInScope(facts)) return;
  const message = 'Something else is wanted since this run has read.';
  throw ApplicationFailure.create({ type: steeredFailure, message, nonRetryable: true });
}

/** What is looked at once, by whoever ends the run. */
async function close(trx: Db, deps: ActivityDeps, { runId }: RunRef): Promise<SyncRun | undefined> {
  const ended = await loadRun(trx, runId);
  // A dry run has touched nothing that could be out of order.
  if (ended !== undefined && ended.kind !== 'dry_run') await closeRun(trx, deps, ended);
  return ended;
}
