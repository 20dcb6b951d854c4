import { kindsRead } from '../../scope/kinds.ts';
import type { ConfluenceAttachment, ConfluenceComment } from '../../atlassian/confluence/types.ts';
import { whoListedReplies } from '../../store/comment-listings.ts';
import { stillThere } from '../../store/records-stored.ts';
import { noteVanished } from '../../store/vanished.ts';
import { prepareAttachments } from '../attachments.ts';
import { prepareComments } from '../comments.ts';
import type { SyncContext } from '../context.ts';
import { isRefusal, warn } from '../refusals.ts';
import { followHolders } from '../scoping/unread.ts';
import { stages } from '../stages.ts';
import type { Stream } from '../stream.ts';
import { together } from '../together.ts';
import { runFeed } from './feed.ts';

/** Comments and attachments that changed since they were read last, and attachments that were put into the trash. */
export async function loadChangedDiscussion(context: SyncContext): Promise<void> {
  const reads = kindsRead(context.connection.settings);
  await followHolders(context, 'comment');
  await followHolders(context, 'attachment');
  await together([
    ...(reads.comment ? [loadChangedComments(context)] : []),
    ...(reads.attachment ? [loadChangedAttachments(context)] : []),
  ]);
}

async function loadChangedComments(context: SyncContext): Promise<void> {
  const isListed = (await whoListedReplies(context.db, context.connectionId)) !== null;
  await (isListed ? loadListedComments(context) : loadSearchedComments(context));
}

async function loadChangedAttachments(context: SyncContext): Promise<void> {
  await runFeed<ConfluenceAttachment>(context, {
    name: 'attachment',
    // One feed of both costs one request: the trash of attachments is listed like the rest.
    list: (options) =>
      context.reader.listAttachments({ ...options, status: ['current', 'trashed'], newestFirst: true }),
    prepare: (items, asOf) => prepareAttachmentNews(context, items, asOf),
  });
}

async function loadListedComments(context: SyncContext): Promise<void> {
  await together(
    (['footer', 'inline'] as const).map((name) =>
      runFeed<ConfluenceComment>(context, {
        name,
        list: (options) => context.reader.listComments({ ...options, placement: name, newestFirst: true }),
        prepare: (items, asOf) => prepareComments(context, items, asOf, 'news'),
      }),
    ),
  );
}

/**
 * Where no listing has shown a reply, one search in the place of both: it finds replies on every site. A refused search
 * keeps nothing else from arriving.
 */
async function loadSearchedComments(context: SyncContext): Promise<void> {
  try {
    await runFeed<ConfluenceComment>(context, {
      name: 'comment',
      listings: [stages.footer.full, stages.inline.full],
      list: (options) =>
        context.reader.searchComments({ ...options, cql: 'type = comment order by lastmodified desc' }),
      prepare: (items, asOf) => prepareComments(context, items, asOf, 'news'),
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await warn(
      context,
      'Comments could not be searched for; new replies may be missing until they can.',
      error,
    );
    await loadListedComments(context);
  }
}

async function prepareAttachmentNews(
  context: SyncContext,
  items: ConfluenceAttachment[],
  asOf: Date,
): ReturnType<Stream<ConfluenceAttachment>['prepare']> {
  const { db, connectionId } = context;
  const trashed = items.filter(({ status }) => status === 'trashed').map(({ id }) => id);
  const gone = await stillThere(db, connectionId, trashed);
  const store = await prepareAttachments(
    context,
    items.filter(({ status }) => status !== 'trashed'),
    asOf,
    'news',
  );
  return async (trx) => {
    const vanished = [...gone].map((externalId) => ({ externalId, evidence: 'trashed' as const }));
    await noteVanished(trx, context, vanished, asOf);
    return store(trx);
  };
}
