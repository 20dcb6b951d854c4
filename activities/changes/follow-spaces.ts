import { createHash } from 'node:crypto';
import type { Batch, ConfluenceSpace } from '../../atlassian/confluence/types.ts';
import { loadWalk, saveCheckpoint } from '../../store/checkpoints.ts';
import { loadOutsideSpaces } from '../../store/outside-spaces.ts';
import { removeEmptySpaces } from '../../store/removals.ts';
import { addRunChanges } from '../../store/run-changes.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { hideUnlistedSpace, spacesUnread } from '../../store/spaces-left.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { noteSpacesVanished } from '../../store/vanished.ts';
import type { SyncContext } from '../context.ts';
import { inScope, keysToAsk } from '../scope.ts';
import { isWornOut } from '../worn-out.ts';
import { admitSpaces, askForSpaces, askForSpacesByKey } from './admit-spaces.ts';

/** Spaces that one run looks at: a site with no more of them is looked at whole each time. */
const spacesPerRun = 8;

/**
 * Follows spaces: which the settings take in, and, in one small request a run, the next few of the list of all: new
 * names, archives, spaces that are new or came back. Atlassian has no feed of changed spaces; a walk over a large site
 * takes many runs, and what matters sooner is found by content (admit-spaces.ts) and by sweeps.
 */
export async function followSpaces(context: SyncContext): Promise<void> {
  await followSettings(context);
  const { db, connectionId, runId } = context;
  const key = { connectionId, stream: 'spaces', scope: walkOf(context) };
  const walk = await loadWalk(db, key);
  const asOf = context.askedAt();
  const { batch, isFirst } = await nextSpaces(context, walk.cursor);
  const began = isFirst ? asOf : (walk.began ?? asOf);
  await admitSpaces(context, batch.items, asOf);
  if (batch.next === null) {
    const unread = await spacesUnread(db, connectionId, began);
    await hideUnlisted(context, await askForSpaces(context, unread));
  }
  await saveCheckpoint(db, key, runId, {
    cursor: batch.next,
    done: batch.next === null,
    highWater: batch.next === null ? null : began,
  });
  context.checkpointReached('spaces');
}

/** A place in one list means nothing in another. */
function walkOf({ connection }: SyncContext): string {
  const keys = keysToAsk(connection.settings);
  if (keys === null) return 'walk';
  return `walk of ${createHash('sha256').update(keys.join(' ')).digest('base64url').slice(0, 12)}`;
}

async function nextSpaces(
  { reader, connection }: SyncContext,
  cursor: string | null,
): Promise<{ batch: Batch<ConfluenceSpace>; isFirst: boolean }> {
  const keys = keysToAsk(connection.settings);
  const list = (from: string | null) =>
    reader.listSpaces({ cursor: from, limit: spacesPerRun, ...(keys === null ? {} : { keys }) });
  try {
    return { batch: await list(cursor), isFirst: cursor === null };
  } catch (error) {
    if (cursor === null || !isWornOut(error)) throw error;
    return { batch: await list(null), isFirst: true };
  }
}

/** What the settings left out before and take in now is asked for; what they leave out now is hidden. */
async function followSettings(context: SyncContext): Promise<void> {
  const { db, connectionId } = context;
  const { settings } = context.connection;
  const outside = await loadOutsideSpaces(db, connectionId);
  await askForSpaces(
    context,
    outside.filter((space) => inScope(settings, space)).map(({ externalId }) => externalId),
  );
  const spaces = await loadSpaces(db, connectionId);
  const known = new Set(spaces.map(({ key }) => key));
  await askForSpacesByKey(
    context,
    (keysToAsk(settings) ?? []).filter((key) => !known.has(key)),
  );
  const left = spaces.filter((space) => !inScope(settings, space)).map((space) => space.external_id);
  if (left.length === 0) return;
  const asOf = context.askedAt();
  await db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    await noteSpacesVanished(trx, context, left, asOf);
  });
}

/**
 * A list that was walked to its end does not hold them, and neither does the answer to their ids: what is in them is
 * hidden, and those in which nothing is are forgotten.
 */
async function hideUnlisted(context: SyncContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { db, connectionId, runId } = context;
  const asOf = context.askedAt();
  await db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    for (const id of ids) await hideUnlistedSpace(trx, context, id, asOf);
    await removeEmptySpaces(trx, connectionId, ids);
    await addRunChanges(trx, runId, { spaces_changed: ids.length });
  });
}
