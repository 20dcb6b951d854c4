import { z } from 'zod';
import type { Listing } from './listing.ts';
import { pageSize } from './listing.ts';
import type { PageListing } from './listings.ts';
import type { Batch, ConfluencePage, PlaceKind } from './types.ts';
import { id, instant, listOf, optionalId, parent, storageBody, version, webLinks } from './wire.ts';

const page = z.object({
  id,
  status: z.string(),
  title: z.string(),
  spaceId: id,
  ...parent,
  authorId: optionalId,
  createdAt: instant,
  version,
  body: storageBody,
  _links: webLinks,
});

/** `GET /wiki/api/v2/pages` and `/blogposts`, 250 an answer, by cursor. */
export function createPages(listing: Listing) {
  return {
    listPages: (options: PageListing) => list('page', '/wiki/api/v2/pages', options),
    listBlogposts: (options: PageListing) => list('blogpost', '/wiki/api/v2/blogposts', options),
  };

  async function list(
    kind: 'page' | 'blogpost',
    path: string,
    options: PageListing,
  ): Promise<Batch<ConfluencePage>> {
    return listing.batch({
      path,
      query: {
        id: options.ids,
        'space-id': options.spaceIds,
        status: options.status,
        sort: options.newestFirst === true ? '-modified-date' : undefined,
        'body-format': options.body ? 'storage' : undefined,
      },
      cursor: options.cursor,
      limit: Math.min(options.limit ?? pageSize, pageSize),
      item: page,
      kind: 'core',
      list: listOf,
      map: ({ _links: webPath, ...item }) => ({
        id: item.id,
        kind,
        status: item.status,
        title: item.title,
        spaceId: item.spaceId,
        ...placeOf(kind, item),
        authorId: item.authorId,
        createdAt: item.createdAt,
        version: item.version,
        body: options.body ? (item.body ?? '') : null,
        webPath,
      }),
    });
  }
}

/** Blog posts hang in no tree, whatever an answer says of a parent. */
function placeOf(
  kind: ConfluencePage['kind'],
  { parentId, parentType }: Pick<z.output<typeof page>, 'parentId' | 'parentType'>,
): Pick<ConfluencePage, 'parentId' | 'parentKind'> {
  if (kind === 'blogpost' || parentId === null) return { parentId: null, parentKind: null };
  return { parentId, parentKind: (parentType ?? 'page') as PlaceKind };
}
