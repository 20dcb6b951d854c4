import { holdersRead, kindsRead } from '../scope/kinds.ts';
import { cqlIn } from '../atlassian/confluence/cql.ts';
import type { ConfluenceComment } from '../atlassian/confluence/types.ts';
import { contentDigest } from '../content/digest.ts';
import { createBodyRenderer, mentionedAccounts, type BodyRenderer } from '../content/rendered-body.ts';
import { webUrl } from '../content/url.ts';
import { noteRepliesListed, noteRepliesUnlisted, whoListedReplies } from '../store/comment-listings.ts';
import { containersOf, type RecordWrite } from '../store/records.ts';
import { loadStored } from '../store/records-stored.ts';
import { countKind } from '../store/records-count.ts';
import { loadSpaces } from '../store/spaces.ts';
import { prepareRecords } from './changed.ts';
import type { Keep } from './changes/news.ts';
import { siteOf, type SyncContext } from './context.ts';
import { estimate } from './estimate.ts';
import { namesOf } from './names.ts';
import { partition } from './scope.ts';
import { followHolders, forgetReachOfUnread } from './scoping/unread.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';

/** Reads the site's footer or inline comments; those whose page is not in scope are filtered. */
export async function loadComments(context: SyncContext, placement: 'footer' | 'inline'): Promise<void> {
  if (!kindsRead(context.connection.settings).comment) return forgetReachOfUnread(context, ['comment']);
  await followHolders(context, 'comment');
  const stage = stages[placement].full;
  const stream: Stream<ConfluenceComment> = {
    stage,
    scope: '',
    read: (cursor) => context.reader.listComments({ placement, cursor }),
    prepare: (items, asOf) => prepareListedComments(context, items, asOf),
    // A reply's page is that of the comment before it.
    inOrder: true,
  };
  // Most comments are footer comments; how many are not cannot be asked.
  await runStage(
    context,
    stage,
    [stream],
    placement === 'footer' ? { total: estimate(context, 'comment') } : {},
  );
}

/** Of a site-wide listing: what it holds is remembered. */
async function prepareListedComments(
  context: SyncContext,
  comments: ConfluenceComment[],
  asOf: Date,
): ReturnType<Stream<ConfluenceComment>['prepare']> {
  if (comments.some(isReply)) await noteRepliesListed(context.db, context.connectionId, context.runId);
  return prepareComments(context, comments, asOf);
}

function isReply({ parentCommentId }: ConfluenceComment): boolean {
  return parentCommentId !== null;
}

/**
 * Replies. Whether Confluence's site-wide listings hold them is not established. Where none has come, one cheap question
 * tells how many comments there are; only when more exist than were listed are they read by CQL, which finds replies too. What the listings are
 * is remembered: where they hold none, later runs read comments by CQL as well.
 */
export async function loadReplies(context: SyncContext): Promise<void> {
  if (!kindsRead(context.connection.settings).comment) return;
  const spaces = await loadSpaces(context.db, context.connectionId, context.runId);
  if ((await whoListedReplies(context.db, context.connectionId)) === context.runId) return;
  for (const part of partition(spaces)) {
    const cql = `${cqlIn('space', part.spaceKeys)} and type = comment`;
    const there = await context.reader.count(cql);
    const here = await countKind(context.db, context.connectionId, 'comment', {
      spaceIds: part.spaceIds,
      seenBy: context.runId,
    });
    if (there <= here) continue;
    const stream: Stream<ConfluenceComment> = {
      stage: 'replies',
      scope: part.name,
      read: (cursor) => context.reader.searchComments({ cql: `${cql} order by created asc`, cursor }),
      async prepare(items, asOf) {
        if (items.some(isReply)) await noteRepliesUnlisted(context.db, context.connectionId);
        return prepareComments(context, items, asOf);
      },
      inOrder: true,
    };
    await runStage(context, 'replies', [stream], { total: there });
  }
}

export async function prepareComments(
  context: SyncContext,
  comments: ConfluenceComment[],
  asOf: Date,
  keep: Keep = 'everything',
): ReturnType<Stream<ConfluenceComment>['prepare']> {
  const containers = await containersOf(
    context.db,
    context.connectionId,
    comments.map(({ id, containerId, parentCommentId }) => ({ id, containerId, parentId: parentCommentId })),
    holdersRead(context.connection.settings, 'comment'),
  );
  const inScope = comments.filter(({ id }) => containers.has(id));
  const stored = await loadStored(
    context.db,
    context.connectionId,
    inScope.map(({ id }) => id),
  );
  // Whoever is mentioned where nothing changed was asked for before.
  const changed = inScope.filter((comment) => {
    const known = stored.get(comment.id);
    return known === undefined || known.bodyDue || known.digest !== digestOf(comment);
  });
  const names = await namesOf(context, mentionedAccounts(changed.map((comment) => comment.body)));
  const render = createBodyRenderer(siteOf(context), names);
  const records = inScope.map((comment) =>
    toRecord(context, render, comment, containers.get(comment.id) ?? null),
  );
  return prepareRecords(context, comments.length, records, asOf, keep);
}

function toRecord(
  context: SyncContext,
  render: BodyRenderer,
  comment: ConfluenceComment,
  containerId: string | null,
): RecordWrite {
  const site = context.connection.site_url;
  return {
    externalId: comment.id,
    kind: 'comment',
    spaceId: null,
    parentId: comment.parentCommentId,
    containerId,
    title: comment.title,
    url: webUrl(site, comment.webPath),
    status: comment.status,
    authorId: comment.authorId,
    labels: [],
    version: comment.version.number,
    createdAt: comment.createdAt.toISOString(),
    modifiedAt: comment.version.createdAt.toISOString(),
    mediaType: null,
    fileSize: null,
    attributes: {
      placement: comment.placement,
      ...(comment.resolution === null ? {} : { resolution: comment.resolution }),
      ...(comment.selection === null ? {} : { selection: comment.selection }),
    },
    digest: digestOf(comment),
    body: render({ kind: 'comment', title: comment.title, spaceKey: '', raw: comment.body }).body,
  };
}

function digestOf(comment: ConfluenceComment): string {
  return contentDigest({
    title: comment.title,
    raw: comment.body,
    labels: [],
    others: [comment.version.number, comment.resolution],
  });
}
