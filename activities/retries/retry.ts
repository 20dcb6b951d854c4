import { dueFailures, forgetFailuresOfGone, forgetHealed, type FailureStage } from '../../store/failures.ts';
import { closeStage, openStage } from '../../store/runs.ts';
import type { SyncContext } from '../context.ts';
import { settle } from '../settle.ts';
import { retryContainers, retryGroups, retryRestrictions, retrySpaces } from './readings.ts';

/** More of them wait for the next run: an outage of a whole site must not make one run of its own. */
const triedAtMost = 1_000;

/**
 * What reads the things of a stage again, and answers with the ids that it asked for. What still fails is noted by the
 * reading itself, with a longer wait.
 */
const readings: Record<FailureStage, (context: SyncContext, ids: string[]) => Promise<string[]>> = {
  restrictions: retryRestrictions,
  folders: retryContainers,
  spaces: retrySpaces,
  people: retryGroups,
  // Read with all other files, at the end of the run (files/read-attachment-texts.ts).
  files: () => Promise.resolve([]),
  // Whose time has come is read with all other bodies that are due (activities/scoping/load-bodies.ts).
  bodies: () => Promise.resolve([]),
};

/**
 * Tries failed items again whose time has come, each kind in the batches that read it otherwise, and makes what could be
 * read count at once. Items of which nothing is stored any more are forgotten. Without any that is due it asks nothing.
 */
export async function retryFailed(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  await forgetFailuresOfGone(db, connectionId);
  const due = await dueFailures(db, connectionId, triedAtMost);
  if (due.length === 0) return;
  await openStage(db, runId, 'failed items', due.length);
  for (const stage of Object.keys(readings) as FailureStage[]) {
    const ids = due.filter((one) => one.stage === stage).map(({ externalId }) => externalId);
    if (ids.length === 0) continue;
    const asked = await readings[stage](context, ids);
    await forgetHealed(db, context, [stage], asked);
    context.checkpointReached(`failed items: ${stage}`);
  }
  await settle(context);
  await closeStage(db, runId, 'failed items', 'done');
}
