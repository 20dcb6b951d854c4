import { createHash } from 'node:crypto';
import { canView, canViewSpace } from '../../world/visibility.ts';
import type { Order } from '../keyset.ts';
import { inOrder } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';
import { pageOf } from './answers.ts';
import { visibleContent } from './pages.ts';
import { statusOfAttachment } from './serialise.ts';

interface Label {
  id: string;
  name: string;
  prefix: string;
}

const PREFIXES = ['my', 'team', 'global', 'system'] as const;

/** A label's id is made of its name, so that one name has one id throughout a world. `my:x` and `team:x` keep their prefix. */
export function labelOf(label: string): Label {
  const [, prefix = 'global', name = label] = /^(my|team|system):(.+)$/.exec(label) ?? [];
  const digest = createHash('sha256').update(label).digest();
  return { id: String(digest.readUInt32BE(0)), name, prefix };
}

export function labelsOf(labels: readonly string[]): Label[] {
  return labels.map(labelOf);
}

const ORDER_BY_NAME: Order<Label> = {
  name: 'label',
  descending: false,
  key: ({ name }) => name,
  id: ({ id }) => id,
};

/** The page of these labels that the query names, narrowed by `prefix`. */
export function labelPage(ask: Ask, labels: readonly string[]): Answer {
  const prefixes = ask.query.choices('prefix', PREFIXES);
  const ids = new Set(ask.query.ids('label-id', 250));
  const sort =
    ask.query.choice('sort', ['id', '-id', 'name', '-name', 'created-date', '-created-date']) ?? 'name';
  const order: Order<Label> = {
    ...ORDER_BY_NAME,
    descending: sort.startsWith('-'),
    ...(sort.endsWith('name') ? {} : { name: 'label-id', key: () => 0 }),
  };
  const all = labelsOf([...new Set(labels)]).filter(
    ({ id, prefix }) =>
      (prefixes.length === 0 || prefixes.includes(prefix as 'my')) && (ids.size === 0 || ids.has(id)),
  );
  return pageOf(ask, { items: inOrder(all, order), order, render: (label) => label });
}

/** Labels of everything that the caller may see, of one space or all. */
function labelsInSight({ context, accountId }: Ask, spaceId?: string): string[] {
  const { store } = context;
  const found = new Set<string>();
  const scope = spaceId === undefined ? {} : { spaceId };
  for (const item of store.listContent({ statuses: ['current', 'archived'], ...scope }, 'id')) {
    const fresh = item.labels.some((label) => !found.has(label));
    if (fresh && canView(store, accountId, item.id)) for (const label of item.labels) found.add(label);
  }
  return [...found];
}

function ofAttachment(ask: Ask): Answer {
  const { context, accountId, params } = ask;
  const item = context.store.attachment(params.id!);
  if (
    item === undefined ||
    !canView(context.store, accountId, item.id) ||
    statusOfAttachment(context.store, item) === 'deleted'
  )
    throw notFound('attachment');
  return labelPage(ask, item.labels);
}

function ofSpace(ask: Ask, labels: (spaceId: string) => string[]): Answer {
  const { context, accountId, params } = ask;
  if (!canViewSpace(context.store, accountId, params.id!)) throw notFound('space');
  return labelPage(ask, labels(params.id!));
}

const base = '/wiki/api/v2';
export const labelRoutes: Route[] = [
  {
    method: 'get',
    path: `${base}/pages/{id}/labels`,
    scopes: ['read:page:confluence'],
    handle: (ask) => labelPage(ask, visibleContent(ask, ['page']).labels),
  },
  {
    method: 'get',
    path: `${base}/blogposts/{id}/labels`,
    scopes: ['read:page:confluence'],
    handle: (ask) => labelPage(ask, visibleContent(ask, ['blogpost']).labels),
  },
  {
    method: 'get',
    path: `${base}/attachments/{id}/labels`,
    scopes: ['read:attachment:confluence'],
    handle: ofAttachment,
  },
  {
    method: 'get',
    path: `${base}/spaces/{id}/labels`,
    scopes: ['read:space:confluence'],
    // Worlds give labels to content only.
    handle: (ask) => ofSpace(ask, () => []),
  },
  {
    method: 'get',
    path: `${base}/spaces/{id}/content/labels`,
    scopes: ['read:space:confluence'],
    handle: (ask) => ofSpace(ask, (spaceId) => labelsInSight(ask, spaceId)),
  },
  {
    method: 'get',
    path: `${base}/labels`,
    scopes: ['read:label:confluence'],
    handle: (ask) => labelPage(ask, labelsInSight(ask)),
  },
];
