import { kindsRead } from '../../scope/kinds.ts';
import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import { loadListingStart } from '../../store/checkpoints.ts';
import { noCounts } from '../../store/runs.ts';
import { preparePages } from '../content.ts';
import type { SyncContext } from '../context.ts';
import { listsBodies } from '../scoping/reading.ts';
import { stages } from '../stages.ts';
import { together } from '../together.ts';
import { runFeed } from './feed.ts';
import { keysInScope, prepareNews } from './take-in.ts';

const kinds = ['page', 'blogpost'] as const;

/** Pages and blog posts that changed since they were read last. */
export async function loadChangedContent(context: SyncContext): Promise<void> {
  const body = await listsBodies(context);
  await together(
    kindsOf(context).map((name) =>
      runFeed<ConfluencePage>(context, {
        name,
        list: listOf(context, name, body),
        prepare: (items, asOf) => prepareNews(context, items, asOf),
      }),
    ),
  );
}

/**
 * Pages and blog posts that changed since the listings of this run began: what changed or moved while they were walked
 * may have slipped between their pages.
 */
export async function loadChangedMeanwhile(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  const keys = await keysInScope(context);
  const body = await listsBodies(context);
  await together(
    kindsOf(context).map(async (name) =>
      runFeed<ConfluencePage>(context, {
        name,
        since: await loadListingStart(db, connectionId, runId, stages[name].full),
        list: listOf(context, name, body),
        async prepare(items, asOf) {
          const inside = items.filter((page) => keys.has(page.spaceId));
          const store = await preparePages(context, keys, inside, asOf);
          // What the listing has brought before was counted there.
          return async (trx) => {
            const { indexed, filtered, changes = {} } = await store(trx);
            return { ...noCounts, seen: indexed + filtered, indexed, filtered, changes };
          };
        },
      }),
    ),
  );
}

function kindsOf({ connection }: SyncContext): (typeof kinds)[number][] {
  const reads = kindsRead(connection.settings);
  return kinds.filter((name) => reads[name]);
}

function listOf({ reader }: SyncContext, name: (typeof kinds)[number], body: boolean) {
  const list = name === 'page' ? reader.listPages : reader.listBlogposts;
  return (options: { cursor: string | null; limit?: number }) =>
    list({ ...options, body, newestFirst: true, status: ['current'] });
}
