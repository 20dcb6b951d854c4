import { canView } from '../../world/visibility.ts';
import { mediaUrl } from '../media.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';

/** A redirect to the media host with a signed address, which wants no Authorization header. */
function download(ask: Ask): Answer {
  const { context, accountId, params, query } = ask;
  const item = context.store.attachment(params.attachmentId!);
  const version = query.number('version');
  if (
    item === undefined ||
    item.containerId !== params.id ||
    item.status === 'deleted' ||
    (version !== undefined && version !== item.version.number) ||
    !canView(context.store, accountId, item.containerId)
  )
    throw notFound(`attachment with id: ${params.attachmentId}`);
  return { status: 302, headers: { Location: mediaUrl(context, item) }, core: 1 };
}

export const downloadRoutes: Route[] = [
  {
    method: 'get',
    path: '/wiki/rest/api/content/{id}/child/attachment/{attachmentId}/download',
    scopes: ['readonly:content.attachment:confluence', 'read:attachment:confluence'],
    handle: download,
  },
];
