import PQueue from 'p-queue';
import type { ContainerKind } from '../../atlassian/confluence/types.ts';
import { kindsWanted } from '../../scope/kinds.ts';
import type { Wanted } from '../../scope/wanted.ts';
import {
  dryRunPlacesToRead,
  forgetDryRunPlaces,
  saveDryRunItems,
  saveDryRunLabels,
  saveDryRunPlacesFound,
  saveDryRunPlacesStored,
} from '../../store/dry-runs.ts';
import { closeStage, countBatch, noCounts, openStage } from '../../store/runs.ts';
import { searchPart } from '../access.ts';
import { parentContainers } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import { estimate } from '../estimate.ts';
import { isRefusal, warn } from '../refusals.ts';
import { partition, type Partition } from '../scope.ts';
import { stages } from '../stages.ts';
import { together } from '../together.ts';
import { dryRunSpacesInScope, wantedOfDryRun } from './begin.ts';
import { attachmentItem, commentItem, pageItem, placeItem, unreadPlaceItem } from './items.ts';
import { walkListing, type DryListing } from './walk.ts';

/** Listings of one kind that are walked side by side. */
const concurrency = 2;
const placesAtOnce = 100;
const placesSideBySide = 6;

/** Pages, blog posts, the places above them and, where the settings look at labels, those. */
export async function listDryRunContent(context: SyncContext): Promise<void> {
  const { db, runId, reader } = context;
  const { wanted, settings } = await wantedOfDryRun(db, context);
  const kinds = kindsWanted(wanted);
  const parts = partition(await dryRunSpacesInScope(context));
  for (const kind of ['page', 'blogpost'] as const) {
    if (!kinds[kind]) continue;
    const list = kind === 'page' ? reader.listPages : reader.listBlogposts;
    const listings = parts.map((part): DryListing<Awaited<ReturnType<typeof list>>['items'][number]> => ({
      stage: stages[kind].full,
      scope: part.name,
      read: (cursor) => list({ cursor, spaceIds: part.spaceIds, status: ['current'], body: false }),
      async save(trx, pages) {
        const items = pages.map((page) => pageItem(context.connection.site_url, page));
        await saveDryRunItems(trx, runId, items);
        await saveDryRunPlacesFound(trx, runId, parentContainers(pages));
      },
    }));
    await walkAll(context, stages[kind].full, listings, kind === 'page' ? estimate(context, 'page') : null);
  }
  await readPlaces(context);
  // By the kinds that its own settings take in.
  const asWanted = { ...context, connection: { ...context.connection, settings } };
  if (looksAtLabels(wanted)) await listLabels(asWanted, parts);
}

/** Comments and attachments: whole listings of the site, in which those of other spaces come along. */
export async function listDryRunDiscussion(context: SyncContext): Promise<void> {
  const { db, runId, reader, connection } = context;
  const { wanted } = await wantedOfDryRun(db, context);
  const kinds = kindsWanted(wanted);
  const spaces = await dryRunSpacesInScope(context);
  if (spaces.length === 0) return;
  if (kinds.comment) {
    for (const placement of ['footer', 'inline'] as const) {
      const listing: DryListing<Parameters<typeof commentItem>[1]> = {
        stage: stages[placement].full,
        scope: '',
        read: (cursor) => reader.listComments({ placement, cursor, body: false }),
        save: (trx, items) =>
          saveDryRunItems(
            trx,
            runId,
            items.map((one) => commentItem(connection.site_url, one)),
          ),
      };
      const total = placement === 'footer' ? estimate(context, 'comment') : null;
      await walkAll(context, listing.stage, [listing], total);
    }
  }
  if (kinds.attachment) {
    const listing: DryListing<Parameters<typeof attachmentItem>[1]> = {
      stage: stages.attachment.full,
      scope: '',
      read: (cursor) => reader.listAttachments({ cursor }),
      save: (trx, items) =>
        saveDryRunItems(
          trx,
          runId,
          items.map((one) => attachmentItem(connection.site_url, one)),
        ),
    };
    await walkAll(context, listing.stage, [listing], estimate(context, 'attachment'));
  }
}

/** Folders and the like, one request each, up to the top of the tree. */
async function readPlaces(context: SyncContext): Promise<void> {
  const { db, runId, connection } = context;
  const stage = 'folders';
  await openStage(db, runId, stage, null);
  await saveDryRunPlacesStored(db, context.connectionId, runId);
  for (;;) {
    const unread = await dryRunPlacesToRead(db, runId, placesAtOnce);
    if (unread.length === 0) break;
    const queue = new PQueue({ concurrency: placesSideBySide });
    const read = await queue.addAll(
      unread.map((place) => () => readPlace(context, place.kind as ContainerKind, place.external_id)),
    );
    const found = read.flatMap(({ place }) => (place === null ? [] : [place]));
    const items = read.map(({ id, kind, place, failure }) =>
      place === null
        ? unreadPlaceItem({ id, kind }, failure)
        : { ...placeItem(connection.site_url, place), externalId: id },
    );
    const absent = read.filter(({ isAbsent }) => isAbsent).map(({ id }) => id);
    await db.transaction().execute(async (trx) => {
      await saveDryRunItems(trx, runId, items);
      await saveDryRunPlacesFound(trx, runId, parentContainers(found));
      await forgetDryRunPlaces(trx, runId, absent);
      await countBatch(trx, runId, stage, noCounts, context.takeSpent(), items.length);
    });
    context.checkpointReached(`folders, ${items.length} more`);
  }
  await closeStage(db, runId, stage, 'done');
}

async function readPlace(context: SyncContext, kind: ContainerKind, id: string) {
  try {
    return { id, kind, place: await context.reader.readContainer(kind, id), failure: '', isAbsent: false };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(
      context,
      `The ${kind} ${id} could not be read; a sync would show nobody what is below it.`,
      error,
    );
    return { id, kind, place: null, failure: error.message, isAbsent: error.code === 'not_found' };
  }
}

async function listLabels(context: SyncContext, parts: readonly Partition[]): Promise<void> {
  const listings = parts.map((part): DryListing<{ id: string; labels: string[] }> => ({
    stage: 'labels',
    scope: part.name,
    read: (cursor) => searchPart(context, part.spaceKeys, cursor),
    save: (trx, items) => saveDryRunLabels(trx, context.runId, items),
  }));
  await walkAll(context, 'labels', listings, null);
}

function looksAtLabels({ labels, byLabels }: Wanted): boolean {
  return labels !== null || byLabels !== null;
}

export async function walkAll<T>(
  context: SyncContext,
  stage: string,
  listings: readonly DryListing<T>[],
  total: Promise<number | null> | number | null,
): Promise<void> {
  const { db, runId } = context;
  await openStage(db, runId, stage, await total);
  const queue = new PQueue({ concurrency });
  await together(listings.map((one) => queue.add(() => walkListing(context, one))));
  await closeStage(db, runId, stage, 'done');
}
