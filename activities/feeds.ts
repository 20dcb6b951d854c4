import type {
  Batch,
  ConfluenceAttachment,
  ConfluenceComment,
  ConfluencePage,
} from '../atlassian/confluence/types.ts';
import { loadHighWater } from '../store/checkpoints.ts';
import { noCounts, type BatchCounts } from '../store/runs.ts';
import { loadSpaces } from '../store/spaces.ts';
import { prepareAttachments } from './attachments.ts';
import { prepareComments } from './comments.ts';
import { preparePages } from './content.ts';
import type { SyncContext } from './context.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';

/**
 * Newest-first feeds of the whole site, back to a time. They carry everything that moves a modification time, also
 * comments and attachments by themselves; what does not (labels, restrictions, moves) is read by full runs.
 */

/** How far behind the newest known modification a feed reaches: several changes share a moment, clocks differ. */
const overlapMs = 10 * 60_000;

/** The first request is small, because usually there is no news; only news is worth a full batch. */
const firstBatch = 10;

/** Pages and blog posts that changed since `since`, or since what is stored less an overlap. */
export async function loadChangedContent(context: SyncContext, since: Date | null): Promise<void> {
  const spaces = await loadSpaces(context.db, context.connectionId);
  const keys = new Map(spaces.map((space) => [space.external_id, space.key]));
  for (const kind of ['page', 'blogpost'] as const) {
    const list = kind === 'page' ? context.reader.listPages : context.reader.listBlogposts;
    await runFeed<ConfluencePage>(context, kind, since, {
      list: (options) => list({ ...options, body: true, newestFirst: true, status: ['current'] }),
      prepare: (items) =>
        preparePages(
          context,
          keys,
          items.filter((page) => keys.has(page.spaceId)),
        ),
    });
  }
}

/** Comments and attachments that changed since what is stored less an overlap. */
export async function loadChangedDiscussion(context: SyncContext): Promise<void> {
  for (const placement of ['footer', 'inline'] as const) {
    await runFeed<ConfluenceComment>(context, placement, null, {
      list: (options) => context.reader.listComments({ ...options, placement, newestFirst: true }),
      prepare: (items) => prepareComments(context, items),
    });
  }
  await runFeed<ConfluenceAttachment>(context, 'attachment', null, {
    list: (options) => context.reader.listAttachments({ ...options, newestFirst: true }),
    prepare: (items) => prepareAttachments(context, items),
  });
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
  const stage = stages[name];
  const highWater =
    since ?? (await loadHighWater(context.db, context.connectionId, [stage.full, stage.feed]));
  // Nothing stored yet: everything is news.
  const until = new Date((highWater?.getTime() ?? 0) - overlapMs);
  const isNews = (item: T) => item.version.createdAt >= until;
  const stream: Stream<T> = {
    stage: stage.feed,
    scope: '',
    until,
    modifiedAt: (item) => item.version.createdAt,
    async read(cursor) {
      if (cursor !== null) return feed.list({ cursor });
      const small = await feed.list({ cursor, limit: firstBatch });
      return small.next === null || !small.items.every(isNews)
        ? { ...small, next: null }
        : feed.list({ cursor });
    },
    async prepare(items) {
      const store = await feed.prepare(items.filter(isNews));
      return async (trx) => newsOnly(await store(trx));
    },
  };
  await runStage(context, stage.feed, [stream], null);
}

/** What the overlap shows again is no news, and in a full run it was counted before. */
function newsOnly(counts: BatchCounts): BatchCounts {
  return { ...noCounts, seen: counts.indexed, indexed: counts.indexed };
}
