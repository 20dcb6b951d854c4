import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { ConfluenceComment } from '../../atlassian/confluence/types.ts';
import { kindsWanted } from '../../scope/kinds.ts';
import { dryRunComments, settleDryRunReplies } from '../../store/dry-run-compare.ts';
import { saveDryRunItems } from '../../store/dry-runs.ts';
import type { SyncContext } from '../context.ts';
import { partition } from '../scope.ts';
import { dryRunSpacesInScope, wantedOfDryRun } from './begin.ts';
import { commentItem } from './items.ts';
import { walkAll } from './list.ts';
import type { DryListing } from './walk.ts';

/**
 * Replies: where the site's listings have shown none, and search counts more comments than they did, comments are listed
 * by search (activities/comments.ts says why). Then each reply has the page of what it replies to.
 */
export async function listDryRunReplies(context: SyncContext): Promise<void> {
  const { db, runId, reader, connection } = context;
  const { wanted } = await wantedOfDryRun(db, context);
  if (!kindsWanted(wanted).comment) return;
  await settleDryRunReplies(db, runId);
  const { listed, replies, searched } = await dryRunComments(db, runId);
  if (replies && !searched) return;
  const parts = partition(await dryRunSpacesInScope(context));
  const queries = parts.map((part) => `${cqlIn('space', part.spaceKeys)} and type = comment`);
  let there = 0;
  for (const cql of queries) there += await reader.count(cql);
  if (there <= listed && !searched) return;
  const listings = parts.map((part, index): DryListing<ConfluenceComment> => ({
    stage: 'replies',
    scope: part.name,
    read: (cursor) =>
      reader.searchComments({ cql: `${queries[index]} order by created asc`, cursor, body: false }),
    save: (trx, items) =>
      saveDryRunItems(
        trx,
        runId,
        items.map((one) => commentItem(connection.site_url, one)),
      ),
  }));
  await walkAll(context, 'replies', listings, there);
  await settleDryRunReplies(db, runId);
}
