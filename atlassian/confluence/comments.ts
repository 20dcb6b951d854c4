import { z } from 'zod';
import type { Listing } from './listing.ts';
import type { CommentListing, CommentSearch, ReplyListing } from './listings.ts';
import type { Batch, ConfluenceComment } from './types.ts';
import { id, instant, listOf, optionalId, storageBody, version, webLinks } from './wire.ts';

const comment = z.object({
  id,
  status: z.string(),
  title: z.string().nullish(),
  pageId: optionalId,
  blogPostId: optionalId,
  attachmentId: optionalId,
  customContentId: optionalId,
  parentCommentId: optionalId,
  version,
  body: storageBody,
  resolutionStatus: z.string().nullish(),
  properties: z.object({ inlineOriginalSelection: z.string().nullish() }).nullish(),
  _links: webLinks,
});

const found = z.object({
  id,
  type: z.string(),
  status: z.string(),
  title: z.string().nullish(),
  container: z.object({ id: optionalId }).nullish(),
  ancestors: z.array(z.object({ id, type: z.string().nullish() })).nullish(),
  history: z
    .object({
      createdDate: instant.nullish(),
      createdBy: z.object({ accountId: z.string().nullish() }).nullish(),
    })
    .nullish(),
  version: z.object({
    number: z.number(),
    when: instant,
    by: z.object({ accountId: z.string().nullish() }).nullish(),
  }),
  body: storageBody,
  extensions: z
    .object({
      location: z.string().nullish(),
      resolution: z.object({ status: z.string().nullish() }).nullish(),
      inlineProperties: z.object({ originalSelection: z.string().nullish() }).nullish(),
    })
    .nullish(),
  _links: webLinks,
});

const expanded = [
  'version',
  'history',
  'container',
  'ancestors',
  'extensions.inlineProperties',
  'extensions.resolution',
];

/** Site-wide comment listings of v2, and the same by CQL, which finds replies on every site. */
export function createComments(listing: Listing) {
  /** A listing of v2. Those of replies to one comment name no page. */
  const list = (path: string, options: CommentListing): Promise<Batch<ConfluenceComment>> =>
    listing.batch({
      path,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
      query: {
        'body-format': options.body === false ? undefined : 'storage',
        sort: options.newestFirst === true ? '-modified-date' : undefined,
      },
      cursor: options.cursor,
      item: comment,
      kind: 'core',
      list: listOf,
      map: ({ _links: webPath, ...item }) => ({
        id: item.id,
        placement: options.placement,
        status: item.status,
        title: item.title ?? '',
        containerId: item.pageId ?? item.blogPostId ?? item.attachmentId ?? item.customContentId,
        parentCommentId: item.parentCommentId,
        authorId: item.version.authorId,
        createdAt: item.version.createdAt,
        version: item.version,
        body: item.body ?? '',
        resolution: item.resolutionStatus ?? null,
        selection: item.properties?.inlineOriginalSelection ?? null,
        webPath,
      }),
    });
  return {
    listComments: (options: CommentListing) => list(`/wiki/api/v2/${options.placement}-comments`, options),

    /** A comment that is not shown to the account is NotFound. */
    listReplies: (options: ReplyListing) =>
      list(`/wiki/api/v2/${options.placement}-comments/${encodeURIComponent(options.to)}/children`, options),

    searchComments(options: CommentSearch): Promise<Batch<ConfluenceComment>> {
      return listing.batch({
        path: '/wiki/rest/api/content/search',
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        query: {
          cql: options.cql,
          expand: (options.body === false ? expanded : ['body.storage', ...expanded]).join(','),
        },
        cursor: options.cursor,
        item: found,
        kind: 'core',
        list: listOf,
        map: ({ _links: webPath, ...item }) => {
          const number = item.version.number;
          const authorId = item.version.by?.accountId ?? null;
          const isInline = item.extensions?.location === 'inline';
          const resolution = item.extensions?.resolution?.status;
          const parents = (item.ancestors ?? []).filter(({ type }) => type === 'comment');
          return {
            id: item.id,
            placement: isInline ? 'inline' : 'footer',
            status: item.status,
            title: item.title ?? '',
            containerId: item.container?.id ?? null,
            parentCommentId: parents.at(-1)?.id ?? null,
            authorId: item.history?.createdBy?.accountId ?? authorId,
            createdAt: item.history?.createdDate ?? item.version.when,
            version: { number, createdAt: item.version.when, authorId },
            body: item.body ?? '',
            // As v2 tells it, which has one of every inline comment and of no other.
            resolution: isInline ? resolution || 'open' : null,
            selection: item.extensions?.inlineProperties?.originalSelection ?? null,
            webPath,
          };
        },
      });
    },
  };
}
