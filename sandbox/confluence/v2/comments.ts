import type { Comment } from '../../world/types.ts';
import type { Sort } from '../../world/listings.ts';
import { canView } from '../../world/visibility.ts';
import { inOrder } from '../keyset.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound } from '../route.ts';
import { pageOf, singleAnswer } from './answers.ts';
import { COMMENT_SORTS, orderOf } from './orders.ts';
import { visibleContent } from './pages.ts';
import { BODY_FORMATS, BODY_FORMATS_OF_ONE, comment as serialise } from './serialise.ts';

type Kind = Comment['kind'];

const STATUSES = ['current', 'archived', 'trashed', 'deleted', 'historical', 'draft'] as const;
const RESOLUTIONS = ['open', 'resolved', 'dangling', 'reopened'] as const;

/** Comments go out of sight with their page: in the trash, deleted, or closed to the caller. */
function inSight({ context, accountId }: Ask, item: Comment): boolean {
  const home = context.store.content(item.containerId);
  return (
    (home?.status === 'current' || home?.status === 'archived') &&
    canView(context.store, accountId, item.containerId)
  );
}

function sortOf(ask: Ask): Sort {
  return ask.query.choice('sort', COMMENT_SORTS) ?? 'created-date';
}

function listOfSite(ask: Ask, kind: Kind): Answer {
  const { store } = ask.context;
  const sort = sortOf(ask);
  const format = ask.query.choice('body-format', BODY_FORMATS);
  const rootsOnly = !store.behaviour.commentListingsHoldReplies;
  return pageOf(ask, {
    items: store.listComments({ kind, statuses: ['current'], rootsOnly }, sort),
    order: orderOf<Comment>(sort),
    accept: (item) => inSight(ask, item),
    render: (item) => serialise(store, item, format, 'site'),
    cost: 'core',
  });
}

/** Roots only: replies are had by the comment that they reply to. */
function listOfContainer(ask: Ask, kind: Kind, type: 'page' | 'blogpost'): Answer {
  const { store } = ask.context;
  const home = visibleContent(ask, [type]);
  const statuses: string[] = ask.query.choices('status', STATUSES);
  const resolutions: string[] = kind === 'inline' ? ask.query.choices('resolution-status', RESOLUTIONS) : [];
  const format = ask.query.choice('body-format', BODY_FORMATS);
  const order = orderOf<Comment>(sortOf(ask));
  const roots = store
    .commentsOf(home.id)
    .filter(
      (item) =>
        item.kind === kind &&
        item.parentId === null &&
        item.status !== 'deleted' &&
        (statuses.length === 0 ? item.status === 'current' : statuses.includes(item.status)) &&
        (resolutions.length === 0 || resolutions.includes(item.marker?.resolution ?? 'open')),
    );
  return pageOf(ask, {
    items: inOrder(roots, order),
    order,
    render: (item) => serialise(store, item, format, 'container'),
    cost: 'core',
  });
}

function visibleComment(ask: Ask, kind: Kind, id: string): Comment {
  const item = ask.context.store.comment(id);
  if (item === undefined || item.kind !== kind || item.status === 'deleted' || !inSight(ask, item))
    throw notFound('comment');
  return item;
}

function single(ask: Ask, kind: Kind): Answer {
  const item = visibleComment(ask, kind, ask.params.commentId!);
  const format = ask.query.choice('body-format', BODY_FORMATS_OF_ONE);
  return singleAnswer(ask, serialise(ask.context.store, item, format, 'site'));
}

function replies(ask: Ask, kind: Kind): Answer {
  const { store } = ask.context;
  const parent = visibleComment(ask, kind, ask.params.id!);
  const format = ask.query.choice('body-format', BODY_FORMATS);
  const order = orderOf<Comment>(sortOf(ask));
  const children = store.repliesTo(parent.id).filter(({ status }) => status === 'current');
  return pageOf(ask, {
    items: inOrder(children, order),
    order,
    render: (item) => serialise(store, item, format, 'comment'),
    cost: 'core',
  });
}

const base = '/wiki/api/v2';
const get = (path: string, handle: Route['handle']): Route => ({
  method: 'get',
  path: base + path,
  scopes: ['read:comment:confluence'],
  handle,
});

export const commentRoutes: Route[] = (['footer', 'inline'] as const).flatMap((kind) => [
  get(`/${kind}-comments`, (ask) => listOfSite(ask, kind)),
  get(`/${kind}-comments/{comment-id}`, (ask) => single(ask, kind)),
  get(`/${kind}-comments/{id}/children`, (ask) => replies(ask, kind)),
  get(`/pages/{id}/${kind}-comments`, (ask) => listOfContainer(ask, kind, 'page')),
  get(`/blogposts/{id}/${kind}-comments`, (ask) => listOfContainer(ask, kind, 'blogpost')),
]);
