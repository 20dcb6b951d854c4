import { addDue } from '../../store/permission-due.ts';
import type { RecordKind } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';
import { askInEveryStatus, idsPerListing } from './ask.ts';
import { showAgain } from './show-again.ts';

/**
 * Asks anew where some content stands: what it hung below has gone, and its place may have changed without a version.
 * Pages are asked for at once; containers, a request each, before their turn by the permission sync.
 */
export async function readPlaces(
  context: SyncContext,
  places: readonly { externalId: string; kind: RecordKind }[],
): Promise<void> {
  const pages = places.filter(({ kind }) => kind === 'page').map(({ externalId }) => externalId);
  for (let start = 0; start < pages.length; start += idsPerListing) {
    const asOf = context.askedAt();
    const answers = await askInEveryStatus(context, 'page', pages.slice(start, start + idsPerListing));
    const there = [...answers.values()].filter(({ status }) => status === 'current');
    await showAgain(context, there, asOf);
    context.checkpointReached(`places of ${start + idsPerListing} pages`);
  }
  const others = places.filter(({ kind }) => kind !== 'page').map(({ externalId }) => externalId);
  await addDue(context.db, context.connectionId, 'content', others, 'What it hung below is gone.');
}
