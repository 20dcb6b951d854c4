import type { Attachment } from '../../world/types.ts';
import { canView } from '../../world/visibility.ts';
import { inOrder } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';
import { pageOf, singleAnswer } from './answers.ts';
import { labelsOf } from './labels.ts';
import { ATTACHMENT_SORTS, orderOf } from './orders.ts';
import { visibleContent } from './pages.ts';
import { attachment as serialise, statusOfAttachment } from './serialise.ts';

const STATUSES = ['current', 'archived', 'trashed'] as const;
const HOMES = ['current', 'archived', 'trashed'];

/** Without `home` those of the whole site. */
function list(ask: Ask, home: string | undefined): Answer {
  const { context, accountId, query } = ask;
  const { store } = context;
  const sort = query.choice('sort', ATTACHMENT_SORTS) ?? 'created-date';
  const asked: string[] = query.choices('status', STATUSES);
  const statuses = asked.length > 0 ? asked : ['current', 'archived'];
  const [mediaType, filename] = [query.text('mediaType'), query.text('filename')];
  const order = orderOf<Attachment>(sort);
  return pageOf(ask, {
    items:
      home === undefined
        ? store.listAttachments({ statuses: ['current', 'trashed'] }, sort)
        : inOrder(store.attachmentsOf(home), order),
    order,
    accept: (item) =>
      statuses.includes(statusOfAttachment(store, item)) &&
      (mediaType === undefined || item.mediaType === mediaType) &&
      (filename === undefined || item.title === filename) &&
      store.content(item.containerId)?.status !== 'draft' &&
      canView(store, accountId, item.containerId),
    render: (item) => serialise(store, item),
    cost: 'core',
    fallback: 50,
  });
}

function single(ask: Ask): Answer {
  const { context, accountId, params, query } = ask;
  const item = context.store.attachment(params.id!);
  if (item === undefined || item.status === 'deleted' || !canView(context.store, accountId, item.containerId))
    throw notFound('attachment');
  const version = query.number('version');
  if (version !== undefined && version !== item.version.number) throw notFound('version');
  const labels = query.flag('include-labels')
    ? {
        labels: {
          results: labelsOf(item.labels),
          meta: { hasMore: false },
          _links: { self: `${ask.path}/labels` },
        },
      }
    : {};
  return singleAnswer(ask, { ...serialise(context.store, item), ...labels });
}

const base = '/wiki/api/v2';
const get = (path: string, handle: Route['handle']): Route => ({
  method: 'get',
  path: base + path,
  scopes: ['read:attachment:confluence'],
  handle,
});

export const attachmentRoutes: Route[] = [
  get('/attachments', (ask) => list(ask, undefined)),
  get('/attachments/{id}', single),
  get('/pages/{id}/attachments', (ask) => list(ask, visibleContent(ask, ['page'], HOMES).id)),
  get('/blogposts/{id}/attachments', (ask) => list(ask, visibleContent(ask, ['blogpost'], HOMES).id)),
];
