import type { ConfluencePage } from '../atlassian/confluence/types.ts';
import { noCounts } from '../store/runs.ts';
import { loadSpaces } from '../store/spaces.ts';
import { preparePages } from './content.ts';
import type { SyncContext } from './context.ts';
import { runStage, type Stream } from './stream.ts';

/** How far before the run's start the closing feed reaches: our clock and Atlassian's may differ by ten minutes. */
const overlapMs = 15 * 60_000;

/** Small: usually nothing has happened since the run began. */
const batchSize = 50;

/**
 * What was created, changed or moved while the listings were walked may have slipped between their pages. The
 * newest-first feed of the whole site, back to the start of the run, brings it in.
 */
export async function loadChangesSince(context: SyncContext, runStart: Date): Promise<void> {
  const spaces = await loadSpaces(context.db, context.connectionId, context.runId);
  const keys = new Map(spaces.map((space) => [space.external_id, space.key]));
  const until = new Date(runStart.getTime() - overlapMs);
  for (const kind of ['page', 'blogpost'] as const) {
    const stage = kind === 'page' ? 'changed pages' : 'changed blog posts';
    const list = kind === 'page' ? context.reader.listPages : context.reader.listBlogposts;
    const stream: Stream<ConfluencePage> = {
      stage,
      scope: '',
      until,
      read: (cursor) =>
        list({ cursor, body: true, newestFirst: true, limit: batchSize, status: ['current'] }),
      modifiedAt: (page) => page.version.createdAt,
      async prepare(pages) {
        const recent = pages.filter((page) => page.version.createdAt >= until && keys.has(page.spaceId));
        const store = await preparePages(context, keys, recent);
        return async (trx) => {
          const { indexed } = await store(trx);
          // What the run has counted already is not counted again.
          return { ...noCounts, seen: indexed, indexed };
        };
      },
    };
    await runStage(context, stage, [stream], null);
  }
}
