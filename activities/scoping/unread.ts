import { holdersRead, kindsRead, type ListedKind } from '../../scope/kinds.ts';
import type { RecordKind } from '../../store/schema.ts';
import { forgetLeftOut, forgetReach, hasLeftOut, noteLeftOut } from '../../store/reach.ts';
import type { SyncContext } from '../context.ts';
import { stages } from '../stages.ts';

const streams: Record<ListedKind, readonly string[]> = {
  page: [stages.page.feed, stages.page.full],
  blogpost: [stages.blogpost.feed, stages.blogpost.full],
  comment: [stages.footer, stages.inline, stages.comment].flatMap(({ feed, full }) => [feed, full]),
  attachment: [stages.attachment.feed, stages.attachment.full],
};

/** Kinds that the settings ask for nothing of: folders and the like are found by pages. */
export function unreadKinds({ connection }: SyncContext): RecordKind[] {
  const reads = kindsRead(connection.settings);
  const listed = (Object.keys(reads) as ListedKind[]).filter((kind) => !reads[kind]);
  return reads.page ? listed : [...listed, 'folder', 'whiteboard', 'database', 'embed'];
}

/**
 * Notes that content with a past came while some kinds are off: once these are on again, the feeds' last time says
 * nothing of it, and they are read from the beginning. Where nothing came, the feeds go on where they stopped.
 */
export async function forgetReachOfUnread(context: SyncContext, kinds: readonly ListedKind[]): Promise<void> {
  const reads = kindsRead(context.connection.settings);
  const unread = kinds.filter((kind) => !reads[kind]);
  if (unread.length === 0) return;
  await forgetReach(
    context.db,
    context.connectionId,
    unread.flatMap((kind) => streams[kind]),
  );
}

/** Lets the next feed of a kind go back to the beginning. */
export async function readFromBeginning({ db, connectionId }: SyncContext, kind: ListedKind): Promise<void> {
  await forgetReach(db, connectionId, streams[kind]);
}

/**
 * Comments, or attachments, of pages are listed with those of blog posts: where only one of them is wanted, the other is
 * read and not kept. That is remembered, and once it is wanted they are all read from the beginning.
 */
export async function followHolders(context: SyncContext, kind: 'comment' | 'attachment'): Promise<void> {
  const { db, connectionId, connection } = context;
  const reads = kindsRead(connection.settings);
  if (!reads[kind]) return;
  const holders = holdersRead(connection.settings, kind);
  for (const holder of ['page', 'blogpost'] as const) {
    // What belongs to content that is off itself is read with that.
    if (!reads[holder]) continue;
    const what = `${kind}s of ${holder}s`;
    if (!holders.includes(holder)) {
      await noteLeftOut(db, connectionId, what);
    } else if (await hasLeftOut(db, connectionId, what)) {
      await readFromBeginning(context, kind);
      await forgetLeftOut(db, connectionId, what);
    }
  }
}
