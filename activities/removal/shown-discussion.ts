import type { Batch, ConfluenceAttachment, ConfluenceComment } from '../../atlassian/confluence/types.ts';
import { keepFromSettling } from '../../store/settle-lock.ts';
import type { SyncContext } from '../context.ts';
import type { Stream } from '../stream.ts';

/** Stores a batch that shows what did not show before. @returns the cursor of the next one */
export async function storeBatch<T extends ConfluenceComment | ConfluenceAttachment>(
  context: SyncContext,
  found: Set<string>,
  asOf: Date,
  answer: Promise<Batch<T>>,
  prepare: (context: SyncContext, items: T[], asOf: Date) => ReturnType<Stream<T>['prepare']>,
): Promise<string | null> {
  const { items, next } = await answer;
  const current = items.filter(({ status }) => status === 'current');
  const store = await prepare(context, current, asOf);
  await context.db.transaction().execute(async (trx) => {
    await keepFromSettling(trx, context.connectionId);
    await store(trx);
  });
  for (const { id } of current) found.add(id);
  context.checkpointReached('comments and attachments that did not show');
  return next;
}
