import type { ContentStatus, Content } from '../../world/types.ts';
import type { Sort } from '../../world/listings.ts';
import { canView, canViewSpace } from '../../world/visibility.ts';
import { inOrder } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';
import { pageOf, singleAnswer } from './answers.ts';
import { labelsOf } from './labels.ts';
import { BLOGPOST_SORTS, orderOf, PAGE_SORTS } from './orders.ts';
import { BODY_FORMATS, BODY_FORMATS_OF_ONE, pageOrPost, versionOf } from './serialise.ts';

type Kind = 'page' | 'blogpost';

/** Defaults of the document: pages come with archived ones, blog posts have none. */
const STATUSES = {
  page: { allowed: ['current', 'archived', 'deleted', 'trashed'], usual: ['current', 'archived'] },
  blogpost: { allowed: ['current', 'deleted', 'trashed'], usual: ['current'] },
} as const;
const STATUSES_OF_ONE = ['current', 'archived', 'trashed', 'deleted', 'historical', 'draft'] as const;

/** What both ways of listing, by site and by space, have in common. */
function list(
  ask: Ask,
  kind: Kind,
  narrow: { spaceIds?: string[]; ids?: string[]; rootsOnly?: boolean },
): Answer {
  const { context, accountId, query } = ask;
  const { store } = context;
  const sort: Sort = query.choice('sort', kind === 'page' ? PAGE_SORTS : BLOGPOST_SORTS) ?? 'id';
  const given = query.choices('status', STATUSES[kind].allowed);
  const statuses: readonly ContentStatus[] = given.length > 0 ? given : STATUSES[kind].usual;
  const format = query.choice('body-format', BODY_FORMATS);
  const title = query.text('title')?.toLowerCase();
  // No page is a live document here.
  const none = query.choice('subtype', ['live', 'page']) === 'live';
  const order = orderOf<Content>(sort);
  const { ids, spaceIds = [], rootsOnly = false } = narrow;
  const spaces = new Set(spaceIds);
  const inScope = (item: Content): boolean =>
    (spaces.size === 0 || spaces.has(item.spaceId)) &&
    (!rootsOnly || item.parentId === null) &&
    (title === undefined || item.title.toLowerCase() === title) &&
    canView(store, accountId, item.id);
  const named = (): Content[] =>
    inOrder(
      ids!
        .map((id) => store.content(id))
        .filter((item) => item?.type === kind && statuses.includes(item.status)) as Content[],
      order,
    );
  const items =
    ids !== undefined && ids.length > 0
      ? named()
      : store.listContent(
          { types: [kind], statuses, ...(spaceIds.length === 1 ? { spaceId: spaceIds[0]! } : {}) },
          sort,
        );
  return pageOf(ask, {
    items: none ? [] : items,
    order,
    accept: inScope,
    render: (item) => pageOrPost(store, item, format),
    cost: 'core',
  });
}

function listOfSpace(ask: Ask, kind: Kind): Answer {
  const { context, accountId, params, query } = ask;
  if (!canViewSpace(context.store, accountId, params.id!)) throw notFound('space');
  return list(ask, kind, {
    spaceIds: [params.id!],
    rootsOnly: query.choice('depth', ['all', 'root']) === 'root',
  });
}

/** A page or blog post that the caller may see, in one of the usual statuses or one that was asked for. */
export function visibleContent(ask: Ask, types: readonly string[], statuses?: readonly string[]): Content {
  const { context, accountId, params } = ask;
  const item = context.store.content(params.id!);
  const allowed = statuses ?? ['current', 'archived'];
  if (
    item === undefined ||
    !types.includes(item.type) ||
    !allowed.includes(item.status) ||
    !canView(context.store, accountId, item.id)
  )
    throw notFound('content');
  return item;
}

function single(ask: Ask, kind: Kind): Answer {
  const { query } = ask;
  const asked = query.choices('status', STATUSES_OF_ONE);
  const statuses =
    asked.length > 0
      ? asked
      : ['current', 'archived', 'trashed', ...(query.flag('get-draft') ? ['draft'] : [])];
  const item = visibleContent(ask, [kind], statuses);
  const number = query.number('version');
  const versions = versionsOf(item);
  const version = number === undefined ? item.version : versions.find((one) => one.number === number);
  if (version === undefined) throw notFound('version');
  const format = query.choice('body-format', BODY_FORMATS_OF_ONE);
  const entity = pageOrPost(ask.context.store, { ...item, version }, format);
  return singleAnswer(ask, {
    ...entity,
    ...(query.flag('include-labels') ? { labels: optional(ask, 'labels', labelsOf(item.labels)) } : {}),
    ...(query.flag('include-versions')
      ? { versions: optional(ask, 'versions', versions.map(versionOf)) }
      : {}),
  });
}

function optional(ask: Ask, name: string, results: object[]): object {
  return {
    results: results.slice(0, 50),
    meta: { hasMore: results.length > 50 },
    _links: { self: `${ask.path}/${name}` },
  };
}

/** Newest first. */
export function versionsOf(item: Content): Content['version'][] {
  return [item.version, ...(item.history ?? []).toReversed()];
}

function versions(ask: Ask, kind: Kind): Answer {
  const item = visibleContent(ask, [kind], ['current', 'archived', 'trashed']);
  const ascending = ask.query.choice('sort', ['modified-date', '-modified-date']) === 'modified-date';
  const all = versionsOf(item);
  return pageOf(ask, {
    items: ascending ? all.toReversed() : all,
    order: { name: 'version', descending: !ascending, key: (one) => one.number, id: () => '0' },
    render: versionOf,
  });
}

const READ = ['read:page:confluence'];
const base = '/wiki/api/v2';
const perKind = (kind: Kind): Route[] => [
  {
    method: 'get',
    path: `${base}/${kind}s`,
    scopes: READ,
    handle: (ask) =>
      list(ask, kind, { ids: ask.query.ids('id', 250), spaceIds: ask.query.ids('space-id', 100) }),
  },
  { method: 'get', path: `${base}/${kind}s/{id}`, scopes: READ, handle: (ask) => single(ask, kind) },
  {
    method: 'get',
    path: `${base}/${kind}s/{id}/versions`,
    scopes: READ,
    handle: (ask) => versions(ask, kind),
  },
  {
    method: 'get',
    path: `${base}/spaces/{id}/${kind}s`,
    scopes: READ,
    handle: (ask) => listOfSpace(ask, kind),
  },
];

export const pageRoutes: Route[] = [...perKind('page'), ...perKind('blogpost')];
