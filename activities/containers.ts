import PQueue from 'p-queue';
import type { ConfluenceContainer, ContainerKind } from '../atlassian/confluence/types.ts';
import { contentDigest } from '../content/digest.ts';
import { webUrl } from '../content/url.ts';
import {
  containersToRead,
  markContainersUnreadable,
  saveContainersFound,
  type ContainerFound,
} from '../store/containers.ts';
import type { RecordWrite } from '../store/records.ts';
import { closeStage, countBatch, openStage } from '../store/runs.ts';
import { keepFromSettling } from '../store/settle-lock.ts';
import { prepareRecords } from './changed.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';

const batchSize = 100;
const concurrency = 6;

/**
 * Reads folders, whiteboards, databases and embeds: places in the tree that may carry restrictions. Confluence lists
 * them nowhere with their parents, so each is one request; they are few beside pages. A container inside one that is
 * not known yet is found on the way, up to the top.
 */
export async function loadContainers(context: SyncContext, since: Date): Promise<void> {
  const { db, connectionId, runId } = context;
  await openStage(db, runId, 'folders', null);
  for (;;) {
    const wanted = await containersToRead(db, connectionId, runId, since, batchSize);
    if (wanted.length === 0) break;
    const asOf = context.askedAt();
    const queue = new PQueue({ concurrency });
    const read = await queue.addAll(
      wanted.map(
        ({ id, kind }) =>
          () =>
            readContainer(context, kind as ContainerKind, id),
      ),
    );
    const containers = read.filter((one) => one !== null);
    const readIds = new Set(containers.map((one) => one.id));
    const unreadable = wanted.filter(({ id }) => !readIds.has(id)).map(({ id }) => id);
    const store = await prepareRecords(
      context,
      containers.length,
      containers.map((one) => containerRecord(context, one)),
      asOf,
    );
    await db.transaction().execute(async (trx) => {
      await keepFromSettling(trx, connectionId);
      const counts = await store(trx);
      await saveContainersFound(trx, connectionId, runId, parentContainers(containers));
      await markContainersUnreadable(trx, connectionId, unreadable);
      const all = { ...counts, seen: wanted.length, failed: unreadable.length };
      await countBatch(trx, runId, 'folders', all, context.takeSpent());
    });
    context.checkpointReached(`folders, ${wanted.length} more`);
  }
  await closeStage(db, runId, 'folders', 'done');
}

/** null: refused; it is unknown, and nobody sees what is below it. */
export async function readContainer(
  context: SyncContext,
  kind: ContainerKind,
  id: string,
): Promise<ConfluenceContainer | null> {
  try {
    return await context.reader.readContainer(kind, id);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(context, `The ${kind} ${id} could not be read, so nobody sees what is below it.`, error, {
      stage: 'folders',
      id,
      title: `${kind} ${id}`,
    });
    return null;
  }
}

/** The containers that places hang below: found on the way, they are read like those that a listing named. */
export function parentContainers(
  places: readonly Pick<ConfluenceContainer, 'parentId' | 'parentKind'>[],
): ContainerFound[] {
  return places.flatMap(({ parentId, parentKind }) =>
    parentId === null || parentKind === null || parentKind === 'page'
      ? []
      : [{ id: parentId, kind: parentKind }],
  );
}

export function containerRecord(context: SyncContext, container: ConfluenceContainer): RecordWrite {
  return {
    externalId: container.id,
    kind: container.kind,
    spaceId: container.spaceId,
    parentId: container.parentId,
    containerId: null,
    title: container.title,
    url: webUrl(context.connection.site_url, container.webPath),
    status: container.status,
    authorId: container.authorId,
    labels: null,
    version: container.version,
    createdAt: container.createdAt?.toISOString() ?? null,
    modifiedAt: null,
    mediaType: null,
    fileSize: null,
    attributes: {},
    digest: contentDigest({ title: container.title, raw: '', labels: [], others: [container.version] }),
    body: { format: 'none', raw: '', markdown: '', text: '', cjk: null },
  };
}
