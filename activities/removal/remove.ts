import { sql } from 'kysely';
import { SluiceError } from '../../errors.ts';
import type { RemovalScope } from '../../store/brake-shares.ts';
import { removeEmptySpaces, removeSettled } from '../../store/removals.ts';
import { addRunChanges } from '../../store/run-changes.ts';
import { forgetShown } from '../../store/vanished.ts';
import { placesBelow } from '../../store/vanished-read.ts';
import { loadSpaces } from '../../store/spaces.ts';
import type { SyncContext } from '../context.ts';
import { settle } from '../settle.ts';
import { brakeIfTooMuch, releaseBrakes, spacesLeftOut } from './braking.ts';
import { readPlaces } from './places.ts';
import { standingOf } from './verdict.ts';
import { weighVanished } from './weigh.ts';

const removedAtOnce = 500;

export interface RemovalOptions {
  /** What was asked for since is not asked for again; the beginning of this call unless told. */
  since?: Date;
  /** Ask again also for what was asked for in vain before: full runs and sweeps, not each incremental one. */
  everything?: boolean;
}

/**
 * Weighs the evidence against everything that did not show, and removes what is proven to be gone; what shows again is
 * stored, and what an administrator must decide on is held back. Settles access where anything changed. Call it at the
 * end of each run of the content lane; without anything missing it asks Atlassian nothing.
 */
export async function removeVanished(context: SyncContext, options: RemovalOptions = {}): Promise<void> {
  const { db, connectionId } = context;
  const since = options.since ?? context.askedAt();
  const forgotten = await forgetShown(db, connectionId);
  const weighed = await weighVanished(context, { since, everything: options.everything ?? false });
  await releaseBrakes(context);
  const scope = { since, leftOut: await spacesLeftOut(context) };
  await brakeIfTooMuch(context, scope);
  const removed = await removeAll(context, scope);
  await removeUnsyncedSpaces(context);
  // What was forgotten may have been shown again by an attempt that got no further.
  if (forgotten + weighed + removed > 0) await settle(context);
}

/** Each batch is removed, counted and noted in one transaction; what hung below it is asked for its place at once. */
async function removeAll(context: SyncContext, scope: RemovalScope): Promise<number> {
  const { db, connectionId, runId } = context;
  let total = 0;
  for (;;) {
    const { records, places } = await db.transaction().execute(async (trx) => {
      const removed = await removeSettled(trx, context, { ...scope, limit: removedAtOnce });
      if (removed.records === 0) return removed;
      await countRemoved(trx, runId, removed.records);
      await addRunChanges(trx, runId, { removed: removed.records });
      return removed;
    });
    if (records === 0) return total;
    total += records;
    context.checkpointReached(`removed ${total}`);
    await readPlaces(context, await placesBelow(db, connectionId, places));
  }
}

/** @throws SluiceError `run_over` when the run has ended, which rolls the batch back */
async function countRemoved(trx: SyncContext['db'], runId: string, count: number): Promise<void> {
  const { rows } = await sql`
    update sync_runs set deleted = deleted + ${count}, seen = seen + ${count}, updated_at = now()
    where id = ${runId} and state in ('running', 'waiting') returning id`.execute(trx);
  if (rows.length === 0) {
    throw new SluiceError('run_over', 'The run has ended meanwhile; what this step was removing is kept.');
  }
}

async function removeUnsyncedSpaces({ db, connectionId, connection }: SyncContext): Promise<void> {
  const spaces = await loadSpaces(db, connectionId);
  const unsynced = spaces.filter((space) => standingOf(connection.settings, space) !== 'synced');
  await removeEmptySpaces(
    db,
    connectionId,
    unsynced.map((space) => space.external_id),
  );
}
