import { z } from 'zod';
import { CQL_TYPES } from '../../cql/item.ts';
import { siteBase, spacePath } from '../links.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import type { Thing } from './content.ts';
import { contentOf, homeOf, spaceOf, webLink } from './content.ts';
import { excerptOf } from './excerpt.ts';
import { expansionOf } from './expand.ts';
import { pageOfResult, search } from './find.ts';
import { linksOf } from './lists.ts';
import { userOf } from './people.ts';
import type { Scope, Searchable } from './searchable.ts';

/** With these in the expand, a page holds no more than 25. */
const COSTLY = ['body.export_view', 'body.styled_view'];

function limitOf(ask: Ask, expand: ReturnType<typeof expansionOf>): number {
  const most = COSTLY.some((path) => expand.in('body').has(path.slice('body.'.length)))
    ? 25
    : ask.context.store.behaviour.contentSearchLimit;
  const limit = ask.query.upTo('limit', 25, most);
  if (limit < 1) throw new Refusal(400, 'limit must be greater than 0');
  return limit;
}

const CONTEXT = z
  .object({ spaceKey: z.string(), contentId: z.coerce.string(), contentStatuses: z.array(z.string()) })
  .partial();

function scopeOf({ context, accountId, query }: Ask, over: Partial<Scope> = {}): Scope {
  const given = query.text('cqlcontext');
  const statuses = given === undefined ? undefined : contextOf(given).contentStatuses;
  return {
    accountId,
    statuses: new Set(statuses?.length ? statuses : ['current']),
    archivedSpaces: true,
    currentSpaces: true,
    indexedUntil: context.clock.now().getTime() - context.options.searchLagSeconds * 1000,
    ...over,
  };
}

function contextOf(text: string): z.infer<typeof CONTEXT> {
  try {
    return CONTEXT.parse(JSON.parse(text));
  } catch {
    throw new Refusal(400, `Could not parse cqlcontext : ${text}`);
  }
}

function isThing(source: Searchable['source']): source is Thing {
  return source.kind !== 'space' && source.kind !== 'user';
}

function contentSearch(ask: Ask): Answer {
  const { store } = ask.context;
  const expansion = expansionOf(ask.query.list('expand'));
  const limit = limitOf(ask, expansion);
  const result = search(ask, 'content', scopeOf(ask));
  const page = pageOfResult(result, ask.query.text('cursor'), limit);
  const things = page.items.map(({ source }) => source).filter(isThing);
  if (expansion.in('ancestors').has('restrictions'))
    for (const thing of things) refuseLostAncestors(ask, thing);
  return {
    body: {
      results: things.map((thing) => contentOf(store, thing, expansion, ask.accountId)),
      start: 0,
      limit,
      size: things.length,
      totalSize: result.items.length,
      _links: linksOf(ask, page.cursor === undefined ? undefined : { cursor: page.cursor, limit }),
    },
    core: things.length,
  };
}

/** One ancestor in the trash or in draft spoils the whole batch (CONFCLOUD-77618, CONFCLOUD-76424). */
function refuseLostAncestors({ context }: Ask, thing: Thing): void {
  const home = homeOf(context.store, thing);
  for (const { id, status } of home === undefined ? [] : context.store.ancestors(home.id)) {
    if (status === 'draft') throw notFound(`content with id: ContentId{id=${id}}`);
    if (status === 'trashed')
      throw new Refusal(
        404,
        `Cannot find content. Outdated version/old_draft/trashed? Please provide valid ContentId.`,
      );
  }
}

const EXCERPTS = ['highlight', 'indexed', 'none', 'highlight_unescaped', 'indexed_unescaped'] as const;

function siteSearch(ask: Ask): Answer {
  const { query } = ask;
  const expansion = expansionOf(query.list('expand'));
  const limit = limitOf(ask, expansion.in('content'));
  const archivedSpaces = query.flag('includeArchivedSpaces') || query.flag('excludeCurrentSpaces');
  const scope = scopeOf(ask, { archivedSpaces, currentSpaces: !query.flag('excludeCurrentSpaces') });
  const result = search(ask, 'everything', scope);
  const start = query.number('start') ?? 0;
  const cursor = query.text('cursor');
  const from = cursor === undefined && start > 0 ? { ...result, items: result.items.slice(start) } : result;
  const page = pageOfResult(from, cursor, limit);
  const people = page.items.filter(({ type }) => type === 'user').length;
  return {
    body: {
      results: page.items.map((item) => resultOf(ask, item)),
      start,
      limit,
      size: page.items.length,
      totalSize: result.items.length,
      cqlQuery: query.text('cql'),
      searchDuration: 7,
      archivedResultCount: 0,
      _links: linksOf(ask, page.cursor === undefined ? undefined : { cursor: page.cursor, limit }),
    },
    core: page.items.length - people,
    identity: people,
  };
}

/** "cql=type=user will return up to 10k users": the document says of no way to those beyond. */
const MOST_USERS = 10_000;

function userSearch(ask: Ask): Answer {
  const { query } = ask;
  const found = search(ask, 'users', scopeOf(ask));
  const result = { ...found, items: found.items.slice(0, MOST_USERS) };
  const start = query.number('start') ?? 0;
  const limit = query.upTo('limit', 25, 200);
  const page = result.items.slice(start, start + limit);
  const more = limit > 0 && start + limit < result.items.length;
  return {
    body: {
      results: page.map((item) => resultOf(ask, item)),
      start,
      limit,
      size: page.length,
      totalSize: found.items.length,
      cqlQuery: query.text('cql'),
      searchDuration: 5,
      _links: linksOf(ask, more ? { start: start + limit, limit } : undefined),
    },
    identity: page.length,
  };
}

/** One SearchResult: `content`, `space` or `user`, and how to show it. */
function resultOf(ask: Ask, item: Searchable): Record<string, unknown> {
  const { store } = ask.context;
  const { source } = item;
  const when = new Date(item.lastModified).toISOString();
  const strategy = ask.query.choice('excerpt', EXCERPTS) ?? 'highlight';
  const shared = {
    title: item.title,
    excerpt: source.kind === 'user' ? '' : excerptOf(item.text(), ask.query.text('cql') ?? '', strategy),
    breadcrumbs: [],
    entityType: isThing(source) ? 'content' : source.kind,
    iconCssClass: `aui-icon content-type-${CQL_TYPES.includes(item.type) ? item.type : 'page'}`,
    lastModified: when,
    friendlyLastModified: when.slice(0, 10),
    score: 0,
  };
  if (source.kind === 'user')
    return {
      ...shared,
      user: userOf(store, source.item, ask.accountId),
      url: `/people/${source.item.accountId}`,
    };
  if (source.kind === 'space')
    return { ...shared, space: spaceOf(store, source.item), url: spacePath(source.item) };
  const home = homeOf(store, source);
  const space = home === undefined ? undefined : store.space(home.spaceId);
  const expansion = expansionOf(ask.query.list('expand')).in('content');
  return {
    ...shared,
    content: contentOf(store, source, expansion, ask.accountId),
    url: webLink(store, source),
    resultGlobalContainer: { title: space?.name ?? siteBase(store), displayUrl: spacePath(space) },
  };
}

const base = '/wiki/rest/api';
const SEARCH = ['search:confluence', 'read:content-details:confluence'];
export const searchRoutes: Route[] = [
  { method: 'get', path: `${base}/content/search`, scopes: SEARCH, handle: contentSearch },
  { method: 'get', path: `${base}/search`, scopes: SEARCH, handle: siteSearch },
  {
    method: 'get',
    path: `${base}/search/user`,
    scopes: ['read:content-details:confluence'],
    handle: userSearch,
  },
];
