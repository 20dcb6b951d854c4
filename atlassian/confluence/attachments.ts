import { z } from 'zod';
import type { Listing } from './listing.ts';
import type { Batch, ConfluenceAttachment } from './types.ts';
import { id, instant, listOf, optionalId, version } from './wire.ts';

const attachment = z.object({
  id,
  status: z.string(),
  title: z.string(),
  createdAt: instant,
  pageId: optionalId,
  blogPostId: optionalId,
  customContentId: optionalId,
  mediaType: z.string().nullish(),
  fileSize: z.number().nullish(),
  webuiLink: z.string().nullish(),
  downloadLink: z.string().nullish(),
  version,
  _links: z.object({ webui: z.string().nullish(), download: z.string().nullish() }).nullish(),
});

/** `GET /wiki/api/v2/attachments` of the whole site. Labels are not part of that listing: `searchAccess` has them. */
export function createAttachments(listing: Listing) {
  return {
    listAttachments(options: {
      cursor: string | null;
      newestFirst?: boolean;
      limit?: number;
    }): Promise<Batch<ConfluenceAttachment>> {
      return listing.batch({
        path: '/wiki/api/v2/attachments',
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        query: { sort: options.newestFirst === true ? '-modified-date' : undefined },
        cursor: options.cursor,
        item: attachment,
        kind: 'core',
        list: listOf,
        map: ({ _links: links, ...item }) => ({
          id: item.id,
          status: item.status,
          title: item.title,
          containerId: item.pageId ?? item.blogPostId ?? item.customContentId,
          mediaType: item.mediaType ?? 'application/octet-stream',
          fileSize: item.fileSize ?? 0,
          createdAt: item.createdAt,
          version: item.version,
          labels: [],
          webPath: links?.webui ?? item.webuiLink ?? '',
          downloadPath: links?.download ?? item.downloadLink ?? '',
        }),
      });
    },
  };
}
