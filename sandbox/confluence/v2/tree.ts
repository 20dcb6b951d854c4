import type { Content } from '../../world/types.ts';
import { canView } from '../../world/visibility.ts';
import type { Order } from '../keyset.ts';
import { inOrder, seal, unseal } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import { listAnswer, pageOf, singleAnswer } from './answers.ts';
import { visibleContent } from './pages.ts';
import { container } from './serialise.ts';

const CHILD_SORTS = ['created-date', 'id', 'child-position', 'modified-date', 'title'].flatMap((name) => [
  name,
  `-${name}`,
]);

/** Children stand in the tree when they are current or archived, and in sight when the caller may see them. */
function childrenInSight({ context, accountId }: Ask, parentId: string): Content[] {
  return context.store
    .children(parentId)
    .filter(
      (child) =>
        (child.status === 'current' || child.status === 'archived') &&
        canView(context.store, accountId, child.id),
    );
}

function directChildren(ask: Ask, type: string, pagesOnly: boolean): Answer {
  const parent = visibleContent(ask, [type]);
  const sort = ask.query.choice('sort', CHILD_SORTS) ?? 'child-position';
  const order = orderOfChildren(sort);
  const children = childrenInSight(ask, parent.id).filter((child) => !pagesOnly || child.type === 'page');
  return pageOf(ask, {
    items: inOrder(children, order),
    order,
    cost: 'core',
    render: ({ id, status, title, type: childType, spaceId, position }) => ({
      id,
      status,
      title,
      ...(pagesOnly ? {} : { type: childType }),
      spaceId,
      childPosition: position,
    }),
  });
}

function orderOfChildren(sort: string): Order<Content> {
  const name = sort.replace(/^-/, '');
  const keys: Record<string, (item: Content) => string | number> = {
    'created-date': (item) => item.createdAt,
    'modified-date': (item) => item.version.createdAt,
    title: (item) => item.title.toLowerCase(),
    'child-position': (item) => item.position,
  };
  return { name, descending: sort.startsWith('-'), id: (item) => item.id, key: keys[name] ?? (() => 0) };
}

/**
 * From the top down, the nearest `limit` of them: the rest is had by asking for the ancestors of the first. It asks
 * for no right to view, so it names ancestors that the caller cannot open.
 */
function ancestors(ask: Ask, type: string): Answer {
  const { store } = ask.context;
  const item = store.content(ask.params.id!);
  if (item === undefined || item.type !== type || item.status === 'deleted') throw notFound('content');
  const path = store.ancestors(item.id).slice(-ask.query.limit());
  return listAnswer(
    ask,
    path.map((one) => ({ id: one.id, type: one.type })),
    undefined,
    { core: path.length },
  );
}

interface Place {
  item: Content;
  depth: number;
  /** Position and id of every step from the top, which is where a cursor points. */
  path: [number, string][];
}

/** Everything below, each parent before its children, at most `depth` steps down. */
function descendants(ask: Ask, type: string): Answer {
  const top = visibleContent(ask, [type]);
  const depth = ask.query.number('depth') ?? 2;
  if (depth < 1 || depth > 10)
    throw new Refusal(400, `Provided value {${depth}} for 'depth' must be from 1 to 10`);
  const limit = ask.query.limit();
  const cursor = ask.query.text('cursor');
  const from = cursor === undefined ? undefined : (unseal(cursor) as [number, string][]);
  if (from !== undefined && !from.every((step) => Array.isArray(step)))
    throw new Refusal(400, `Provided value {${cursor}} for 'cursor' is not a valid cursor`);
  const found: Place[] = [];
  const walk = (parent: Place): void => {
    for (const child of childrenInSight(ask, parent.item.id)) {
      if (found.length > limit) return;
      const place: Place = {
        item: child,
        depth: parent.depth + 1,
        path: [...parent.path, [child.position, child.id]],
      };
      if (from === undefined || comparePaths(place.path, from) > 0) found.push(place);
      if (place.depth < depth) walk(place);
    }
  };
  walk({ item: top, depth: 0, path: [] });
  const page = found.slice(0, limit);
  const next = found.length > limit ? seal(page.at(-1)!.path) : undefined;
  const results = page.map(({ item, depth: level }) => ({
    id: item.id,
    status: item.status,
    title: item.title,
    type: item.type,
    parentId: item.parentId,
    depth: level,
    childPosition: item.position,
  }));
  return listAnswer(ask, results, next, { core: results.length });
}

function comparePaths(a: readonly [number, string][], b: readonly [number, string][]): number {
  for (let step = 0; step < Math.min(a.length, b.length); step += 1) {
    const [[p, x], [q, y]] = [a[step]!, b[step]!];
    if (p !== q) return p - q;
    if (x !== y) return Number(x) - Number(y);
  }
  return a.length - b.length;
}

const base = '/wiki/api/v2';
const KINDS = ['page', 'folder', 'whiteboard', 'database', 'embed'] as const;

export const treeRoutes: Route[] = [
  ...KINDS.flatMap((kind): Route[] => [
    {
      method: 'get',
      path: `${base}/${kind}s/{id}/ancestors`,
      scopes: ['read:content.metadata:confluence'],
      handle: (ask) => ancestors(ask, kind),
    },
    {
      method: 'get',
      path: `${base}/${kind}s/{id}/direct-children`,
      scopes: ['read:hierarchical-content:confluence'],
      handle: (ask) => directChildren(ask, kind, false),
    },
    {
      method: 'get',
      path: `${base}/${kind}s/{id}/descendants`,
      scopes: ['read:hierarchical-content:confluence'],
      handle: (ask) => descendants(ask, kind),
    },
  ]),
  {
    method: 'get',
    path: `${base}/pages/{id}/children`,
    scopes: ['read:page:confluence'],
    handle: (ask) => directChildren(ask, 'page', true),
  },
  ...KINDS.slice(1).map((kind): Route => ({
    method: 'get',
    path: `${base}/${kind}s/{id}`,
    scopes: [`read:${kind}:confluence`],
    handle: (ask) =>
      singleAnswer(
        ask,
        container(ask.context.store, visibleContent(ask, [kind], ['current', 'archived', 'trashed'])),
      ),
  })),
];
