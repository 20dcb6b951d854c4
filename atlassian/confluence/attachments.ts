import { z } from 'zod';
import type { Listing } from './listing.ts';
import type { AttachmentListing } from './listings.ts';
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

const found = z.object({
  id,
  status: z.string(),
  title: z.string(),
  container: z.object({ id: optionalId }).nullish(),
  history: z.object({ createdDate: instant.nullish() }).nullish(),
  version: z.object({
    number: z.number(),
    when: instant,
    by: z.object({ accountId: z.string().nullish() }).nullish(),
  }),
  extensions: z.object({ mediaType: z.string().nullish(), fileSize: z.number().nullish() }).nullish(),
  _links: z.object({ webui: z.string().nullish(), download: z.string().nullish() }).nullish(),
});

/**
 * `GET /wiki/api/v2/attachments` of the whole site, and attachments by CQL. Labels are not part of either:
 * `searchAccess` has them.
 */
export function createAttachments(listing: Listing) {
  return {
    listAttachments(options: AttachmentListing): Promise<Batch<ConfluenceAttachment>> {
      return listing.batch({
        path: '/wiki/api/v2/attachments',
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        query: { status: options.status, sort: options.newestFirst === true ? '-modified-date' : undefined },
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

    searchAttachments(options: { cql: string; cursor: string | null }): Promise<Batch<ConfluenceAttachment>> {
      return listing.batch({
        path: '/wiki/rest/api/content/search',
        query: { cql: options.cql, expand: 'version,history,container,extensions' },
        cursor: options.cursor,
        item: found,
        kind: 'core',
        list: listOf,
        map: ({ _links: links, ...item }) => ({
          id: item.id,
          status: item.status,
          title: item.title,
          containerId: item.container?.id ?? null,
          mediaType: item.extensions?.mediaType ?? 'application/octet-stream',
          fileSize: item.extensions?.fileSize ?? 0,
          createdAt: item.history?.createdDate ?? item.version.when,
          version: {
            number: item.version.number,
            createdAt: item.version.when,
            authorId: item.version.by?.accountId ?? null,
          },
          labels: [],
          webPath: links?.webui ?? '',
          downloadPath: links?.download ?? '',
        }),
      });
    },
  };
}
