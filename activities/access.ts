import { kindsRead } from '../scope/kinds.ts';
import { BadRequest } from '../atlassian/errors.ts';
import { cqlIn } from '../atlassian/confluence/cql.ts';
import type { Batch, ContentAccess } from '../atlassian/confluence/types.ts';
import { restrictionLayer, unknownLayer } from '../permissions/readings.ts';
import type { LayerReading } from '../permissions/types.ts';
import PQueue from 'p-queue';
import { contentWithoutAccess, saveContentAccess, type ContentAccessWrite } from '../store/content-access.ts';
import { logRun, noCounts } from '../store/runs.ts';
import { saveContainersFound } from '../store/containers.ts';
import { keepFromSettling } from '../store/settle-lock.ts';
import type { SyncContext } from './context.ts';
import { isRefusal, warn } from './refusals.ts';
import type { Partition } from './scope.ts';
import type { Stream } from './stream.ts';
import { restarting } from './worn-out.ts';

/**
 * Types to ask for. Which of them a site's CQL knows is not established beyond the first two, and an unknown one fails
 * the query, so the next shorter list is asked then; containers are found as parents too, and read one by one.
 */
const kindLists = [
  ['page', 'blogpost', 'folder', 'whiteboard', 'database', 'embed'],
  ['page', 'blogpost', 'folder', 'whiteboard', 'database'],
  ['page', 'blogpost'],
];
const containerKinds = new Set(['folder', 'whiteboard', 'database', 'embed']);

/**
 * The listings of own view restrictions and labels of everything in scope, a hundred or so a request, oldest content
 * first. Ancestors are never expanded (one draft ancestor fails the whole answer, CONFCLOUD-77618): what lies above
 * comes from our own tree.
 */
export function accessStreams(
  context: SyncContext,
  partitions: readonly Partition[],
): Stream<ContentAccess>[] {
  return partitions.map((part) => ({
    stage: 'restrictions',
    scope: part.name,
    read: (cursor) => searchPart(context, part.spaceKeys, cursor),
    prepare: (items, asOf) => prepareAccess(context, items, asOf),
  }));
}

/** One batch. Its `next` begins with the number of the list of types that it goes on with. */
export async function searchPart(
  context: SyncContext,
  spaceKeys: readonly string[],
  cursor: string | null,
): Promise<Batch<ContentAccess>> {
  const [, list, raw] = /^(\d):(.*)$/s.exec(cursor ?? '') ?? [];
  const reads = kindsRead(context.connection.settings);
  // Without pages nobody knows what lies above a folder.
  const isRead = (kind: string) => (kind === 'blogpost' ? reads.blogpost : reads.page);
  for (let index = Number(list ?? 0); ; index += 1) {
    const kinds = (kindLists[index] ?? []).filter(isRead);
    if (kinds.length === 0) return { items: [], next: null, serverTime: context.askedAt() };
    const cql = `${cqlIn('space', spaceKeys)} and ${cqlIn('type', kinds)} order by created asc`;
    try {
      const batch = await context.reader.searchAccess({ cql, cursor: raw ?? null });
      return { ...batch, next: batch.next === null ? null : `${index}:${batch.next}` };
    } catch (error) {
      const isLast = index === kindLists.length - 1;
      if (raw !== undefined || isLast || !(error instanceof BadRequest)) throw error;
    }
  }
}

export async function prepareAccess(
  context: SyncContext,
  items: ContentAccess[],
  asOf: Date,
): ReturnType<Stream<ContentAccess>['prepare']> {
  const { connectionId, runId } = context;
  const access: ContentAccessWrite[] = [];
  for (const item of items) access.push(await complete(context, item));
  const containers = items
    .filter((item) => containerKinds.has(item.kind))
    .map(({ id, kind }) => ({ id, kind }));
  return async (trx) => {
    await saveContentAccess(trx, connectionId, runId, access, asOf);
    await saveContainersFound(trx, connectionId, runId, containers);
    // Restrictions are not records: they do not count as seen, or a page would count twice.
    return noCounts;
  };
}

/** A list that filled its page may go on: then, and only then, the whole of it is asked for. */
export async function complete(context: SyncContext, item: ContentAccess): Promise<ContentAccessWrite> {
  const restriction = item.restriction.complete
    ? restrictionLayer(item.restriction)
    : await readRestriction(context, item.id);
  return { externalId: item.id, labels: item.labels, restriction };
}

/** One item's own restriction. What may not be read is unknown, and unknown admits nobody. */
export async function readRestriction(context: SyncContext, id: string): Promise<LayerReading | null> {
  try {
    const facts = await context.reader.readRestriction(id);
    // An incomplete list admits whom it names; an incomplete list of nobody is not "unrestricted".
    if (facts.complete || facts.users.length + facts.groups.length > 0) return restrictionLayer(facts);
    return unknownLayer('its list came without an end');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(
      context,
      `The view restriction of content ${id} could not be read, so nobody sees it.`,
      error,
      { stage: 'restrictions', id, title: `content ${id}` },
    );
    return unknownLayer(error.message);
  }
}

/** Content that one request each is spent on in a run, because the search index did not list it. */
const unlistedAtMost = 1_000;

/** Ids in one CQL query, which travels in a URL. */
export const idsPerQuery = 100;

/** Ids that are held at a time. */
const namedAtOnce = 1_000;

/**
 * Reads restrictions and labels of what a feed brought in, in batches, as far as the search index holds it: however much
 * of it there is, and however much of that the index does not hold.
 */
export async function loadAccessOfChanged(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  for (let after: string | null = null; ;) {
    const named = await contentWithoutAccess(db, connectionId, runId, { after, limit: namedAtOnce });
    for (let start = 0; start < named.length; start += idsPerQuery) {
      const ids = named.slice(start, start + idsPerQuery).map(({ externalId }) => externalId);
      await restarting(() => searchAccessOf(context, ids));
    }
    if (named.length < namedAtOnce) return;
    after = named.at(-1)?.id ?? after;
  }
}

/** Reads restrictions and labels of some content, as far as the search index holds it: what fits one query. */
export async function searchAccessOf(context: SyncContext, ids: readonly string[]): Promise<void> {
  const { db, connectionId } = context;
  const cql = cqlIn('id', ids);
  let found = 0;
  for (let cursor: string | null = null; ;) {
    const asOf = context.askedAt();
    const batch = await context.reader.searchAccess({ cql, cursor });
    const store = await prepareAccess(context, batch.items, asOf);
    await db.transaction().execute(async (trx) => {
      await keepFromSettling(trx, connectionId);
      await store(trx);
    });
    found += batch.items.length;
    context.checkpointReached(`restrictions of changed content, ${found}`);
    if (batch.next === null) return;
    cursor = batch.next;
  }
}

/**
 * Content that the listings of content hold and the search index did not: it lags behind by seconds to minutes. Each
 * is asked for by itself; what is over the bound stays hidden until the next run, and the log says so.
 */
export async function loadUnlistedAccess(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const named = await contentWithoutAccess(db, connectionId, runId, { after: null, limit: unlistedAtMost });
  const reading = new PQueue({ concurrency: 6 });
  const asOf = context.askedAt();
  const batch = await reading.addAll(
    named.map(({ externalId: id }) => async (): Promise<ContentAccessWrite> => {
      const restriction = await readRestriction(context, id);
      context.checkpointReached(`restriction of ${id}`);
      return { externalId: id, labels: null, restriction };
    }),
  );
  if (batch.length === 0) return;
  await db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    await saveContentAccess(trx, connectionId, runId, batch, asOf);
  });
  const left = batch.length === unlistedAtMost ? ' More are left, hidden until the next run.' : '';
  const message = `${batch.length} items were not in Confluence's search index yet; their restrictions were read one by one.${left}`;
  await logRun(db, runId, [{ level: left === '' ? 'info' : 'warning', message }]);
}
