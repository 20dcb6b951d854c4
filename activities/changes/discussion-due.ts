import { kindsRead } from '../../scope/kinds.ts';
import { cqlIn } from '../../atlassian/confluence/cql.ts';
import type { Batch } from '../../atlassian/confluence/types.ts';
import { clearDiscussionDue, loadDiscussionDue } from '../../store/discussion-due.ts';
import { closeStage, openStage } from '../../store/runs.ts';
import { idsPerQuery } from '../access.ts';
import { prepareAttachments } from '../attachments.ts';
import { prepareComments } from '../comments.ts';
import type { SyncContext } from '../context.ts';
import { forgetReachOfUnread } from '../scoping/unread.ts';
import type { Stream } from '../stream.ts';
import { restarting } from '../worn-out.ts';
import { storeNow } from './take-in.ts';

const stage = 'discussion of what came back';

/** For this long after content came back the search index may not hold what was said about it. */
const indexLagMs = 10 * 60_000;

/**
 * Comments and attachments of content that came (back) with a past, by CQL, of a hundred pages a request. Where
 * nothing is found of what came back a moment ago, it is read once more by a later run. Without anything due it asks nothing.
 */
export async function loadDueDiscussion(context: SyncContext): Promise<void> {
  const { db, connectionId, runId, connection } = context;
  const reads = kindsRead(connection.settings);
  // What is due stays so until somebody wants it.
  if (!reads.comment && !reads.attachment) return;
  let opened = false;
  for (let after = ''; ;) {
    const due = await loadDiscussionDue(db, connectionId, after, idsPerQuery);
    if (due.length === 0) break;
    if (!opened) await openStage(db, runId, stage, null);
    if (!opened) await forgetReachOfUnread(context, ['comment', 'attachment']);
    opened = true;
    const ids = due.map(({ id }) => id);
    const began = context.askedAt();
    const within = cqlIn('container', ids);
    const found = new Set<string>();
    if (reads.comment) {
      await walk(context, {
        read: (cursor) =>
          context.reader.searchComments({ cql: `${within} and type = comment order by created asc`, cursor }),
        prepare: (items, asOf) => prepareComments(context, items, asOf, 'news'),
        found,
      });
    }
    if (reads.attachment) {
      await walk(context, {
        read: (cursor) =>
          context.reader.searchAttachments({
            cql: `${within} and type = attachment order by created asc`,
            cursor,
          }),
        prepare: (items, asOf) => prepareAttachments(context, items, asOf, 'news'),
        found,
      });
    }
    await clearDiscussionDue(db, connectionId, ids, {
      found: [...found],
      readAt: began,
      settledMs: indexLagMs,
    });
    after = ids.at(-1) ?? '';
  }
  if (opened) await closeStage(db, runId, stage, 'done');
}

interface Walk<T> {
  read(cursor: string | null): Promise<Batch<T>>;
  prepare: Stream<T>['prepare'];
  /** Content of which something was found. */
  found: Set<string>;
}

async function walk<T extends { containerId: string | null }>(
  context: SyncContext,
  { read, prepare, found }: Walk<T>,
): Promise<void> {
  await restarting(async () => {
    for (let cursor: string | null = null; ;) {
      const asOf = context.askedAt();
      const batch: Batch<T> = await read(cursor);
      await storeNow(context, stage, await prepare(batch.items, asOf));
      for (const { containerId } of batch.items) if (containerId !== null) found.add(containerId);
      context.checkpointReached(stage);
      if (batch.next === null) return;
      cursor = batch.next;
    }
  });
}
