import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { Batch } from '../../atlassian/confluence/types.ts';
import { clearDiscussionDue, loadDiscussionDue } from '../../store/discussion-due.ts';
import { closeStage, openStage } from '../../store/runs.ts';
import { idsPerQuery } from '../access.ts';
import { prepareAttachments } from '../attachments.ts';
import { prepareComments } from '../comments.ts';
import type { SyncContext } from '../context.ts';
import type { Stream } from '../stream.ts';
import { storeNow } from './take-in.ts';

const stage = 'discussion of what came back';

/** For this long after content came back the search index may not hold what was said about it. */
const indexLagMs = 10 * 60_000;

/**
 * Comments and attachments of content that came (back) with a past, by CQL, of a hundred pages a request. What came back
 * a moment ago is read now and once more by a later run. Without anything due it asks nothing.
 */
export async function loadDueDiscussion(context: SyncContext): Promise<void> {
  const { db, connectionId, runId } = context;
  let opened = false;
  for (let after = ''; ;) {
    const due = await loadDiscussionDue(db, connectionId, after, idsPerQuery);
    if (due.length === 0) break;
    if (!opened) await openStage(db, runId, stage, null);
    opened = true;
    const ids = due.map(({ id }) => id);
    const began = context.askedAt();
    const within = cqlIn('container', ids);
    await walk(
      context,
      (cursor) =>
        context.reader.searchComments({ cql: `${within} and type = comment order by created asc`, cursor }),
      (items, asOf) => prepareComments(context, items, asOf, 'news'),
    );
    await walk(
      context,
      (cursor) =>
        context.reader.searchAttachments({
          cql: `${within} and type = attachment order by created asc`,
          cursor,
        }),
      (items, asOf) => prepareAttachments(context, items, asOf, 'news'),
    );
    await clearDiscussionDue(db, connectionId, ids, began, indexLagMs);
    after = ids.at(-1) ?? '';
  }
  if (opened) await closeStage(db, runId, stage, 'done');
}

async function walk<T>(
  context: SyncContext,
  read: (cursor: string | null) => Promise<Batch<T>>,
  prepare: Stream<T>['prepare'],
): Promise<void> {
  for (let cursor: string | null = null; ;) {
    const asOf = context.askedAt();
    const batch: Batch<T> = await read(cursor);
    await storeNow(context, stage, await prepare(batch.items, asOf));
    context.checkpointReached(stage);
    if (batch.next === null) return;
    cursor = batch.next;
  }
}
