import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { webUrl } from '../../content/url.ts';
import { addListed, saveListed, type ListedWrite } from '../../store/records-listed.ts';
import { loadStored } from '../../store/records-stored.ts';
import { touchRecords } from '../../store/records.ts';
import { saveContainersFound } from '../../store/containers.ts';
import { noCounts } from '../../store/runs.ts';
import { countChanges, judgeListed, type Keep } from '../changes/news.ts';
import { parentContainers } from '../containers.ts';
import type { SyncContext } from '../context.ts';
import type { Stream } from '../stream.ts';

/**
 * What stores a batch of pages or blog posts that was listed without bodies. What is new or changed counts as filtered
 * until its body is read.
 */
export async function prepareListed(
  context: SyncContext,
  pages: readonly ConfluencePage[],
  asOf: Date,
  keep: Keep,
): ReturnType<Stream<ConfluencePage>['prepare']> {
  const { db, connectionId, runId } = context;
  const stored = await loadStored(
    db,
    connectionId,
    pages.map((page) => page.id),
  );
  const judged = pages.map((page) => {
    const listed = toListed(context, page);
    return { listed, page, ...judgeListed(stored.get(page.id), { ...listed, containerId: null }) };
  });
  const kept = keep === 'news' ? judged.filter(({ news }) => news) : judged;
  const changed = kept.filter((one) => one.changed).map(({ listed }) => listed);
  const unchanged = kept
    .filter((one) => !one.changed)
    .map(({ listed }) => ({ ...listed, containerId: null }));
  return async (trx) => {
    await saveListed(trx, connectionId, runId, changed, asOf);
    await touchRecords(trx, connectionId, runId, unchanged, asOf);
    await saveContainersFound(trx, connectionId, runId, parentContainers(kept.map(({ page }) => page)));
    await addListed(trx, connectionId, runId, changed.length);
    const counts = { seen: kept.length, unchanged: unchanged.length, filtered: changed.length };
    return { ...noCounts, ...counts, changes: countChanges(kept) };
  };
}

function toListed({ connection }: SyncContext, page: ConfluencePage): ListedWrite {
  return {
    externalId: page.id,
    kind: page.kind,
    spaceId: page.spaceId,
    parentId: page.parentId,
    status: page.status,
    url: webUrl(connection.site_url, page.webPath),
    title: page.title,
    authorId: page.authorId,
    version: page.version.number,
    createdAt: page.createdAt.toISOString(),
    modifiedAt: page.version.createdAt.toISOString(),
    attributes: page.version.authorId === null ? {} : { modifiedBy: page.version.authorId },
  };
}
