import type { Batch, ConfluenceAttachment, ConfluenceComment } from '../../atlassian/confluence/types.ts';
import { admitSpaces } from '../changes/admit-spaces.ts';
import { takeIn } from '../changes/take-in.ts';
import { noteRepliesListed } from '../../store/comment-listings.ts';
import type { SyncContext } from '../context.ts';
import { keysToAsk } from '../scope.ts';
import {
  compareContent,
  compareDiscussion,
  type Compared,
  type ListedItem,
} from '../../store/sweep-compare.ts';
import type { SweepPart } from '../../store/sweep-parts.ts';

/** One answer of a part's listing, compared with what is stored, with its news taken in. */
export interface ListedBatch extends Compared {
  ids: string[];
  next: string | null;
}

/** Lists the next batch of a part, ids alone, and takes in what is news in it. */
export async function listBatch(context: SyncContext, part: SweepPart): Promise<ListedBatch> {
  switch (part.kind) {
    case 'spaces':
      return listSpaces(context, part);
    case 'pages':
    case 'posts':
      return listContent(context, part, part.kind === 'pages' ? 'page' : 'blogpost');
    case 'attachments':
      return listDiscussion(
        context,
        'attachment',
        await context.reader.listAttachments({ cursor: part.cursor }),
      );
    case 'replies':
      return listReplies(context, part);
    default:
      return listComments(context, part, part.kind === 'inline' ? 'inline' : 'footer');
  }
}

async function listComments(
  context: SyncContext,
  { cursor }: SweepPart,
  placement: 'footer' | 'inline',
): Promise<ListedBatch> {
  const batch = await context.reader.listComments({ placement, cursor, body: false });
  if (batch.items.some(isReply)) await noteRepliesListed(context.db, context.connectionId, context.runId);
  return listDiscussion(context, 'comment', batch);
}

/** By CQL, where the listings hold no replies; what replies to nothing is compared with those. */
async function listReplies(context: SyncContext, { cursor }: SweepPart): Promise<ListedBatch> {
  const cql = 'type = comment order by created asc';
  const batch = await context.reader.searchComments({ cql, cursor, body: false });
  return listDiscussion(context, 'comment', { ...batch, items: batch.items.filter(isReply) });
}

function isReply({ parentCommentId }: ConfluenceComment): boolean {
  return parentCommentId !== null;
}

async function listSpaces(context: SyncContext, part: SweepPart): Promise<ListedBatch> {
  const asOf = context.askedAt();
  const keys = keysToAsk(context.connection.settings);
  const { items, next } = await context.reader.listSpaces({
    cursor: part.cursor,
    ...(keys === null ? {} : { keys }),
  });
  await admitSpaces(context, items, asOf);
  return { ids: items.map(({ id }) => id), next, news: [], same: 0 };
}

async function listContent(
  context: SyncContext,
  part: SweepPart,
  kind: 'page' | 'blogpost',
): Promise<ListedBatch> {
  const { reader, db, connectionId } = context;
  const list = kind === 'page' ? reader.listPages : reader.listBlogposts;
  const { items, next } = await list({
    cursor: part.cursor,
    spaceIds: part.space_ids,
    status: ['current'],
    body: false,
  });
  const listed = items.map(({ id, version, title, spaceId, parentId }): ListedItem => ({
    id,
    version: version.number,
    title,
    spaceId,
    parentId,
    containerId: null,
  }));
  const compared = await compareContent(db, connectionId, listed);
  if (compared.news.length > 0) await takeIn(context, compared.news, kind);
  return { ...compared, ids: items.map(({ id }) => id), next };
}

async function listDiscussion(
  context: SyncContext,
  kind: 'comment' | 'attachment',
  { items, next }: Batch<ConfluenceAttachment> | Batch<ConfluenceComment>,
): Promise<ListedBatch> {
  const listed = items.map(({ id, version, title, containerId }): ListedItem => ({
    id,
    version: version.number,
    title,
    spaceId: null,
    parentId: null,
    containerId,
  }));
  const compared = await compareDiscussion(context.db, context.connectionId, listed);
  if (compared.news.length > 0) await takeIn(context, compared.news, kind);
  return { ...compared, ids: items.map(({ id }) => id), next };
}
