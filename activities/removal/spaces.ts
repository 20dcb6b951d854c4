import { markSpacesGone } from '../../store/removals.ts';
import { lockForSettling } from '../../store/settle-lock.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { noteSpacesVanished } from '../../store/vanished.ts';
import type { SyncContext } from '../context.ts';
import { inScope } from '../scope.ts';

/**
 * Hides and notes what is in spaces that the settings, or their status, leave out.
 * @param unlisted spaces besides, that a complete list of spaces did not hold and that are not answered for
 */
export async function hideUnsyncedSpaces(context: SyncContext, unlisted: readonly string[]): Promise<void> {
  const { db, connectionId, connection } = context;
  const asOf = context.askedAt();
  await markSpacesGone(db, connectionId, unlisted);
  const unsynced = (await loadSpaces(db, connectionId))
    .filter((space) => !inScope(connection.settings, space))
    .map((space) => space.external_id);
  if (unsynced.length === 0) return;
  await db.transaction().execute(async (trx) => {
    await lockForSettling(trx, connectionId);
    await noteSpacesVanished(trx, context, unsynced, asOf);
  });
}
