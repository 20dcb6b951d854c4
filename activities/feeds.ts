import type {
  Batch,
  ConfluenceAttachment,
  ConfluenceComment,
  ConfluencePage,
} from '../atlassian/confluence/types.ts';
import { loadHighWater, loadListingStart } from '../store/checkpoints.ts';
import { noCounts, type BatchCounts } from '../store/runs.ts';
import { loadSpaces } from '../store/spaces.ts';
import { prepareAttachments } from './attachments.ts';
import { prepareComments } from './comments.ts';
import { preparePages } from './content.ts';
import type { SyncContext } from './context.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';
import { together } from './together.ts';

/**
 * Newest-first feeds of the whole site, back to a time. They carry everything that moves a modification time, also
 * comments and attachments by themselves; what does not (labels, restrictions, moves) is read by full runs.
 */

/**
 * How far behind its high water a feed reaches: Atlassian may show a change minutes after the time that it bears.
 * The high water is the source's clock, not its newest item, so a quiet site costs one small request a feed.
 */
const overlapMs = 10 * 60_000;

/** The first request is small, because usually there is no news; only news is worth a full batch. */
const firstBatch = 10;

/**
 * Pages and blog posts that changed. 'while listing': since the listings of this run began, because what changed or
 * moved while they were walked may have slipped between their pages.
 */
export async function loadChangedContent(
  context: SyncContext,
  when: 'since the last run' | 'while listing',
): Promise<void> {
  const spaces = await loadSpaces(context.db, context.connectionId);
  const keys = new Map(spaces.map((space) => [space.external_id, space.key]));
  await together(
    (['page', 'blogpost'] as const).map(async (kind) => {
      const list = kind === 'page' ? context.reader.listPages : context.reader.listBlogposts;
      const since =
        when === 'while listing'
          ? await loadListingStart(context.db, context.connectionId, context.runId, stages[kind].full)
          : null;
      await runFeed<ConfluencePage>(context, kind, since, {
        list: (options) => list({ ...options, body: true, newestFirst: true, status: ['current'] }),
        prepare: (items, asOf) =>
          preparePages(
            context,
            keys,
            items.filter((page) => keys.has(page.spaceId)),
            asOf,
          ),
      });
    }),
  );
}

/** Comments and attachments that changed since what is stored less an overlap. */
export async function loadChangedDiscussion(context: SyncContext): Promise<void> {
  await together([
    ...(['footer', 'inline'] as const).map((placement) =>
      runFeed<ConfluenceComment>(context, placement, null, {
        list: (options) => context.reader.listComments({ ...options, placement, newestFirst: true }),
        prepare: (items, asOf) => prepareComments(context, items, asOf),
      }),
    ),
    runFeed<ConfluenceAttachment>(context, 'attachment', null, {
      list: (options) => context.reader.listAttachments({ ...options, newestFirst: true }),
      prepare: (items, asOf) => prepareAttachments(context, items, asOf),
    }),
  ]);
}

interface Feed<T> {
  list(options: { cursor: string | null; limit?: number }): Promise<Batch<T>>;
  prepare: Stream<T>['prepare'];
}

async function runFeed<T extends { version: { createdAt: Date } }>(
  context: SyncContext,
  name: keyof typeof stages,
  since: Date | null,
  feed: Feed<T>,
): Promise<void> {
  const { feed: stage, full: listing } = stages[name];
  const known = since ?? (await loadHighWater(context.db, context.connectionId, { feed: stage, listing }));
  // Nothing stored yet: everything is news.
  const until = new Date((known?.getTime() ?? 0) - overlapMs);
  const isOld = (item: T) => item.version.createdAt < until;
  const stream: Stream<T> = {
    stage,
    scope: '',
    isOld,
    inOrder: true,
    async read(cursor) {
      if (cursor !== null) return feed.list({ cursor });
      const small = await feed.list({ cursor, limit: firstBatch });
      return small.next === null || small.items.some(isOld)
        ? { ...small, next: null }
        : feed.list({ cursor });
    },
    async prepare(items, asOf) {
      const store = await feed.prepare(
        items.filter((item) => !isOld(item)),
        asOf,
      );
      return async (trx) => newsOnly(await store(trx));
    },
  };
  await runStage(context, stage, [stream]);
}

/** What the overlap shows again is no news, and in a full run it was counted before. */
function newsOnly(counts: BatchCounts): BatchCounts {
  return { ...noCounts, seen: counts.indexed, indexed: counts.indexed };
}
