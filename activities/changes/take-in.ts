import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { Batch, ConfluencePage } from '../../atlassian/confluence/types.ts';
import { countBatch, type BatchCounts } from '../../store/runs.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import { loadSpaces } from '../../store/spaces.ts';
import { idsPerQuery } from '../access.ts';
import { prepareAttachments } from '../attachments.ts';
import { prepareComments } from '../comments.ts';
import { preparePages } from '../content.ts';
import type { SyncContext } from '../context.ts';
import { inScope } from '../scope.ts';
import { listsBodies } from '../scoping/reading.ts';
import type { Stream } from '../stream.ts';
import { restarting } from '../worn-out.ts';
import { meetSpaces } from './admit-spaces.ts';
import { reachOfDiscussion } from './past.ts';

export { readAccessOfTaken } from './close.ts';

/** v2 listings take this many ids. */
const idsPerListing = 250;
const stage = 'taken in';

/**
 * Reads some content by id, as it is now, and stores what of it is news: what a sweep found missing or of another
 * version. Pages and blog posts come 250 a request, with their bodies where listings bring them; comments and attachments by CQL, a hundred a
 * request, as far as the search index holds them. Restrictions, folders and ACLs follow when the run closes its changes
 * (close.ts).
 * @returns the ids that the site answered for; the others it does not show
 */
export async function takeIn(
  context: SyncContext,
  ids: readonly string[],
  kind: 'page' | 'blogpost' | 'comment' | 'attachment',
): Promise<Set<string>> {
  switch (kind) {
    case 'page':
    case 'blogpost': {
      const list = kind === 'page' ? context.reader.listPages : context.reader.listBlogposts;
      const body = await listsBodies(context);
      return byId(context, ids, idsPerListing, {
        list: (some, cursor) => list({ cursor, ids: some, status: ['current'], body, limit: some.length }),
        prepare: (items, asOf) => prepareNews(context, items, asOf),
      });
    }
    case 'comment':
      return byId(context, ids, idsPerQuery, {
        list: (some, cursor) => context.reader.searchComments({ cql: cqlIn('id', some), cursor }),
        prepare: (items, asOf) => prepareComments(context, items, asOf, 'news'),
      });
    case 'attachment':
      return byId(context, ids, idsPerQuery, {
        list: (some, cursor) => context.reader.searchAttachments({ cql: cqlIn('id', some), cursor }),
        prepare: (items, asOf) => prepareAttachments(context, items, asOf, 'news'),
      });
  }
}

/**
 * What stores the news of a batch of pages or blog posts from wherever. Spaces that nothing is known of are asked for
 * first; what is in one that is out of scope is left out.
 */
export async function prepareNews(
  context: SyncContext,
  pages: ConfluencePage[],
  asOf: Date,
): ReturnType<Stream<ConfluencePage>['prepare']> {
  await meetSpaces(
    context,
    pages.map((page) => page.spaceId),
  );
  const keys = await keysInScope(context);
  const inside = pages.filter((page) => keys.has(page.spaceId));
  return preparePages(context, keys, inside, asOf, {
    keep: 'news',
    dueBefore: await reachOfDiscussion(context),
  });
}

/** Keys of the spaces in scope, by external id. */
export async function keysInScope({
  db,
  connectionId,
  connection,
}: SyncContext): Promise<Map<string, string>> {
  const spaces = await loadSpaces(db, connectionId);
  return new Map(
    spaces
      .filter((space) => inScope(connection.settings, space))
      .map((space) => [space.external_id, space.key]),
  );
}

interface ById<T> {
  list(ids: string[], cursor: string | null): Promise<Batch<T>>;
  prepare: Stream<T>['prepare'];
}

async function byId<T extends { id: string }>(
  context: SyncContext,
  ids: readonly string[],
  size: number,
  { list, prepare }: ById<T>,
): Promise<Set<string>> {
  const answered = new Set<string>();
  for (let start = 0; start < ids.length; start += size) {
    const some = ids.slice(start, start + size);
    await restarting(async () => {
      for (let cursor: string | null = null; ;) {
        const asOf = context.askedAt();
        const batch: Batch<T> = await list(some, cursor);
        await storeNow(context, stage, await prepare(batch.items, asOf));
        for (const { id } of batch.items) answered.add(id);
        if (batch.next === null) return;
        cursor = batch.next;
      }
    });
    context.checkpointReached(`taken in ${start + some.length}`);
  }
  return answered;
}

/** Stores a batch that no checkpoint goes with, and counts it. */
export async function storeNow(
  context: SyncContext,
  ofStage: string,
  store: Awaited<ReturnType<Stream<never>['prepare']>>,
): Promise<BatchCounts> {
  const { db, connectionId, runId } = context;
  return db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, connectionId);
    const counts = await store(trx);
    await countBatch(trx, runId, ofStage, counts, context.takeSpent());
    return counts;
  });
}
