import { z } from 'zod';
import type { Listing } from './listing.ts';
import { pageSize } from './listing.ts';
import type { ContentVersion } from './types.ts';
import { instant, listOf, optionalId } from './wire.ts';

const version = z.object({
  number: z.number(),
  createdAt: instant,
  authorId: optionalId,
  message: z.string().nullish(),
  minorEdit: z.boolean().nullish(),
});

/** `GET /wiki/api/v2/{pages,blogposts}/{id}/versions`: one request, the newest 250. */
export function createVersions(listing: Listing) {
  return {
    async listVersions(
      kind: 'page' | 'blogpost',
      id: string,
    ): Promise<{ items: ContentVersion[]; more: boolean }> {
      const { items, next } = await listing.batch({
        path: `/wiki/api/v2/${kind}s/${encodeURIComponent(id)}/versions`,
        query: { sort: '-modified-date' },
        cursor: null,
        limit: pageSize,
        item: version,
        kind: 'core',
        list: listOf,
        map: ({ message, minorEdit, ...item }) => ({
          ...item,
          message: message ?? '',
          minor: minorEdit === true,
        }),
      });
      return { items, more: next !== null };
    },
  };
}
