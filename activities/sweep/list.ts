import type { Batch } from '../../atlassian/confluence/types.ts';
import { admitSpaces } from '../changes/admit-spaces.ts';
import { takeIn } from '../changes/take-in.ts';
import type { SyncContext } from '../context.ts';
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
      return listDiscussion(context, 'attachment', context.reader.listAttachments({ cursor: part.cursor }));
    default:
      return listDiscussion(
        context,
        'comment',
        context.reader.listComments({
          placement: part.kind === 'inline' ? 'inline' : 'footer',
          cursor: part.cursor,
          body: false,
        }),
      );
  }
}

async function listSpaces(context: SyncContext, part: SweepPart): Promise<ListedBatch> {
  const asOf = context.askedAt();
  const { items, next } = await context.reader.listSpaces({ cursor: part.cursor });
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
  answer: Promise<
    Batch<{ id: string; title: string; containerId: string | null; version: { number: number } }>
  >,
): Promise<ListedBatch> {
  const { items, next } = await answer;
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
