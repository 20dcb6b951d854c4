import { decideRecords } from '../../store/scope-decide.ts';
import type { Flipped } from '../../store/scope-flips.ts';
import { loadWanted } from '../../store/scope-wanted.ts';
import { closeStage, countBatch, loadRun, noCounts } from '../../store/runs.ts';
import type { Db } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';

const stage = 'filters';

/**
 * Decides of every record that is stored whether it is wanted: what is not loses its body and search words, what is from
 * now on waits for its body (load-bodies.ts). Any number of times, with the same outcome. Where no rule leaves anything
 * out, it is a cheap question.
 */
export async function decideScope(context: SyncContext): Promise<void> {
  const { db, connectionId, runId, connection } = context;
  const wanted = await loadWanted(db, connectionId, connection.settings);
  let looked = 0;
  const { leftOut, takenIn } = await decideRecords(db, connectionId, wanted, {
    runId,
    onProgress(records) {
      looked += records;
      context.checkpointReached(`${looked} records decided`);
    },
    onWritten: (trx, flipped) => countFlipped(trx, context, flipped),
  });
  if (leftOut + takenIn > 0) await closeStage(db, runId, stage, 'done');
}

/** At the end of a sync of permissions: where it found other labels or places, these decide at once. */
export async function decideRelabelled(context: SyncContext): Promise<void> {
  const changes = (await loadRun(context.db, context.runId))?.changes ?? {};
  if ((changes['relabelled'] ?? 0) + (changes['moved'] ?? 0) > 0) await decideScope(context);
}

/** What this run has counted as stored is filtered instead; what was left out before the run met it is told alone. */
async function countFlipped(
  trx: Db,
  { runId, takeSpent }: SyncContext,
  { leftOut, takenIn, counted }: Flipped,
): Promise<void> {
  const run = await trx
    .selectFrom('sync_runs')
    .select(['unchanged', 'indexed'])
    .where('id', '=', runId)
    .forUpdate()
    .executeTakeFirst();
  const unchanged = Math.min(counted, Number(run?.unchanged ?? 0));
  const indexed = Math.min(counted - unchanged, Number(run?.indexed ?? 0));
  const counts = {
    ...noCounts,
    unchanged: -unchanged,
    indexed: -indexed,
    filtered: unchanged + indexed,
    changes: { left_out: leftOut },
  };
  await countBatch(trx, runId, stage, counts, takeSpent(), leftOut + takenIn);
}
