import { listAllSpaces } from '../atlassian/confluence/all-spaces.ts';
import type { ConfluenceSpace } from '../atlassian/confluence/types.ts';
import { saveLayers } from '../store/layers.ts';
import { closeStage, countBatch, noCounts, openStage } from '../store/runs.ts';
import { forgetOutsideSpaces, saveOutsideSpaces } from '../store/outside-spaces.ts';
import { loadSpaces, saveSpaces } from '../store/spaces.ts';
import { spaceWrite } from './changes/admit-spaces.ts';
import type { SyncContext } from './context.ts';
import { inScope, keysToAsk } from './scope.ts';
import { readSpaceLayers } from './space-layer.ts';

/** Stores the spaces in scope. Who may view them is read beside their content, and unknown until then. */
export async function loadSpacesInScope(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const all = await listSpacesAsked(context);
  const spaces = all.filter((space) => inScope(context.connection.settings, space));
  const inside = new Set(spaces.map(({ id }) => id));
  await db.transaction().execute(async (trx) => {
    const writes = spaces.map((space) => spaceWrite(context, space));
    await saveSpaces(trx, connectionId, runId, writes);
    await forgetOutsideSpaces(trx, connectionId, [...inside]);
    const outside = all.filter(({ id }) => !inside.has(id));
    await saveOutsideSpaces(
      trx,
      connectionId,
      outside.map((space) => ({ ...space, externalId: space.id })),
    );
  });
  await openStage(db, runId, 'spaces', spaces.length);
}

/**
 * Reads who may view each space of the run: one request a space.
 * @param since when the run began to read: spaces that admit more than before open when all in them was read since then
 */
export async function loadSpaceLayers(context: SyncContext, since: Date): Promise<void> {
  const { db, connectionId, runId } = context;
  const spaces = await loadSpaces(db, connectionId, runId);
  const asOf = context.askedAt();
  const layers = await readSpaceLayers(context, spaces);
  await db.transaction().execute(async (trx) => {
    await saveLayers(trx, connectionId, layers, asOf, since);
    // Spaces are places, not records: the stage shows how many were read, the run's counters stay with records.
    await countBatch(trx, runId, 'spaces', noCounts, context.takeSpent(), spaces.length);
  });
  await closeStage(db, runId, 'spaces', 'done');
}

/** All spaces, or those that a filter names. */
function listSpacesAsked(context: SyncContext): Promise<ConfluenceSpace[]> {
  return listAllSpaces(context.reader, {
    keys: keysToAsk(context.connection.settings),
    onBatch: (spaces) => context.checkpointReached(`spaces ${spaces}`),
  });
}
