import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { webUrl } from '../../content/url.ts';
import { saveContainersFound } from '../../store/containers.ts';
import { touchRecords, type PlaceWrite } from '../../store/records.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import { parentContainers } from '../containers.ts';
import type { SyncContext } from '../context.ts';

/** Stores that pages or posts are there, and where. What is as it was needs no body. Settling makes it visible. */
export async function showAgain(
  context: SyncContext,
  pages: readonly ConfluencePage[],
  asOf: Date,
): Promise<void> {
  if (pages.length === 0) return;
  const { db, connectionId, runId, connection } = context;
  const places = pages.map((page): PlaceWrite => ({
    externalId: page.id,
    spaceId: page.spaceId,
    parentId: page.parentId,
    containerId: null,
    status: page.status,
    url: webUrl(connection.site_url, page.webPath),
  }));
  await db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    await touchRecords(trx, connectionId, runId, places, asOf);
    await saveContainersFound(trx, connectionId, runId, parentContainers(pages));
  });
}
