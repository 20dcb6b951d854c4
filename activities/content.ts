import { contentDigest } from '../content/digest.ts';
import { createBodyRenderer, mentionedAccounts, type BodyRenderer } from '../content/rendered-body.ts';
import { webUrl } from '../content/url.ts';
import type { ConfluencePage } from '../atlassian/confluence/types.ts';
import { addDiscussionDue } from '../store/discussion-due.ts';
import { saveRecords, touchRecords, type PlaceWrite, type RecordWrite } from '../store/records.ts';
import { loadStored } from '../store/records-stored.ts';
import type { RunChange } from '../store/run-changes.ts';
import { saveContainersFound } from '../store/containers.ts';
import { noCounts } from '../store/runs.ts';
import type { Space } from '../store/schema.ts';
import { logMended, type Mended } from './changes/mended.ts';
import { countChanges, judge, type Keep } from './changes/news.ts';
import { parentContainers } from './containers.ts';
import { siteOf, type SyncContext } from './context.ts';
import { namesOf } from './names.ts';
import type { Partition } from './scope.ts';
import { prepareListed } from './scoping/listed.ts';
import { stages } from './stages.ts';
import type { Stream } from './stream.ts';

/** The listings of all pages, or all blog posts, of the spaces in scope: places in the tree, authors, and bodies where asked. */
export function contentStreams(
  context: SyncContext,
  kind: 'page' | 'blogpost',
  spaces: readonly Space[],
  partitions: readonly Partition[],
  body: boolean,
): Stream<ConfluencePage>[] {
  const list = kind === 'page' ? context.reader.listPages : context.reader.listBlogposts;
  const keys = new Map(spaces.map((space) => [space.external_id, space.key]));
  return partitions.map((part) => ({
    stage: stages[kind].full,
    scope: part.name,
    read: (cursor) => list({ cursor, spaceIds: part.spaceIds, status: ['current'], body }),
    prepare: (items, asOf) => preparePages(context, keys, items, asOf),
  }));
}

/** How a batch of pages is stored. */
export interface PageStorage {
  keep: Keep;
  /** Content that was made before it, and is new here, has comments and attachments that no feed of changes reaches. */
  dueBefore: Date | null;
}

/** Converts what changed of a batch, listed with or without bodies, and returns what stores it. */
export async function preparePages(
  context: SyncContext,
  spaceKeys: ReadonlyMap<string, string>,
  pages: ConfluencePage[],
  asOf: Date,
  { keep, dueBefore }: PageStorage = { keep: 'everything', dueBefore: null },
): ReturnType<Stream<ConfluencePage>['prepare']> {
  if (pages.some(({ body }) => body === null)) return prepareListed(context, pages, asOf, keep);
  const { db, connectionId, runId } = context;
  const stored = await loadStored(
    db,
    connectionId,
    pages.map((page) => page.id),
  );
  const judged = pages.map((page) => {
    const digest = contentDigest({
      title: page.title,
      raw: page.body ?? '',
      labels: [],
      others: [page.version.number],
    });
    const item = { ...toPlace(context, page), title: page.title, digest };
    return { page, digest, ...judge(stored.get(page.id), item) };
  });
  const kept = keep === 'news' ? judged.filter(({ news }) => news) : judged;
  const changed = kept.filter((one) => one.changed);
  const unchanged = kept.filter((one) => !one.changed);
  const names = await namesOf(context, mentionedAccounts(changed.map(({ page }) => page.body ?? '')));
  const mended: Mended[] = [];
  const render = createBodyRenderer(siteOf(context), names);
  const records = changed.map(({ page, digest }) =>
    toRecord(context, spaceKeys, render, page, digest, mended),
  );
  const places = unchanged.map(({ page }) => toPlace(context, page));
  const withPast = kept.filter(
    ({ page, changes }) => dueBefore !== null && hasPast(page, changes, dueBefore),
  );
  return async (trx) => {
    await saveRecords(trx, connectionId, runId, records, asOf);
    await touchRecords(trx, connectionId, runId, places, asOf);
    await saveContainersFound(trx, connectionId, runId, parentContainers(kept.map(({ page }) => page)));
    await addDiscussionDue(
      trx,
      connectionId,
      withPast.map(({ page }) => page.id),
    );
    await logMended(trx, runId, mended);
    const counts = { seen: kept.length, indexed: records.length, unchanged: places.length };
    return { ...noCounts, ...counts, changes: countChanges(kept) };
  };
}

function hasPast(page: ConfluencePage, changes: readonly RunChange[], dueBefore: Date): boolean {
  return changes.includes('restored') || (changes.includes('added') && page.createdAt < dueBefore);
}

function toRecord(
  context: SyncContext,
  spaceKeys: ReadonlyMap<string, string>,
  render: BodyRenderer,
  page: ConfluencePage,
  digest: string,
  mended: Mended[],
): RecordWrite {
  const { body, warnings } = render({
    kind: page.kind,
    title: page.title,
    spaceKey: spaceKeys.get(page.spaceId) ?? '',
    raw: page.body ?? '',
  });
  const place = toPlace(context, page);
  mended.push({ id: page.id, title: page.title, url: place.url, warnings });
  return {
    ...place,
    kind: page.kind,
    title: page.title,
    authorId: page.authorId,
    labels: null,
    version: page.version.number,
    createdAt: page.createdAt.toISOString(),
    modifiedAt: page.version.createdAt.toISOString(),
    mediaType: null,
    fileSize: null,
    attributes: page.version.authorId === null ? {} : { modifiedBy: page.version.authorId },
    digest,
    body,
  };
}

function toPlace(context: SyncContext, page: ConfluencePage): PlaceWrite {
  return {
    externalId: page.id,
    spaceId: page.spaceId,
    parentId: page.parentId,
    containerId: null,
    status: page.status,
    url: webUrl(context.connection.site_url, page.webPath),
  };
}
