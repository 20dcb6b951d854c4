import type { Content } from '../../world/types.ts';
import { canView } from '../../world/visibility.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import { expansionOf } from './expand.ts';
import { linksOf } from './lists.ts';
import type { Operation } from './restriction-model.ts';
import { OPERATIONS, restrictionOf } from './restriction-model.ts';

/** Content whose restrictions the caller may read: all that the caller may view. */
function viewable({ context, accountId, params }: Ask): Content {
  const item = context.store.content(params.id!);
  if (item === undefined || !canView(context.store, accountId, item.id))
    throw notFound(`content with id: ContentId{id=${params.id}}`);
  return item;
}

function operationOf({ params }: Ask): Operation {
  const operation = OPERATIONS.find((name) => name === params.operationKey);
  if (operation === undefined) throw new Refusal(404, `No operation found: ${params.operationKey}`);
  return operation;
}

/** Users and groups come along by default; `expand` narrows them. */
function expansionFor(ask: Ask) {
  const asked = ask.query.list('expand');
  return expansionOf(asked.length === 0 ? ['restrictions.user', 'restrictions.group'] : asked);
}

function rows(item: Content, operations: readonly Operation[], start: number, limit: number): number {
  const shown = (list: readonly string[]): number => list.slice(start, start + limit).length;
  return operations.reduce(
    (sum, operation) =>
      sum + shown(item.restrictions[operation].users) + shown(item.restrictions[operation].groups),
    0,
  );
}

function window(ask: Ask): { start: number; limit: number } {
  return { start: ask.query.number('start') ?? 0, limit: ask.query.upTo('limit', 100, 200) };
}

function all(ask: Ask): Answer {
  const item = viewable(ask);
  const at = window(ask);
  const expansion = expansionFor(ask);
  const results = OPERATIONS.map((operation) => {
    const narrowed = expansion.has(operation) ? expansion.in(operation) : expansion;
    return restrictionOf(ask.context.store, item, item.id, operation, narrowed, ask.accountId, at);
  });
  return {
    body: { results, ...at, size: results.length, restrictionsHash: hashOf(item), _links: linksOf(ask) },
    identity: rows(item, OPERATIONS, at.start, at.limit),
  };
}

function hashOf({ restrictions }: Content): string {
  return Buffer.from(JSON.stringify(restrictions)).toString('base64url').slice(0, 32);
}

function byOperation(ask: Ask): Answer {
  const item = viewable(ask);
  const at = { start: 0, limit: 100 };
  const body: Record<string, unknown> = {};
  for (const operation of OPERATIONS)
    body[operation] = restrictionOf(
      ask.context.store,
      item,
      item.id,
      operation,
      expansionFor(ask),
      ask.accountId,
      at,
    );
  return { body: { ...body, _links: linksOf(ask) }, identity: rows(item, OPERATIONS, 0, at.limit) };
}

/** `start` and `limit` count users and groups each for itself. */
function ofOperation(ask: Ask): Answer {
  const item = viewable(ask);
  const operation = operationOf(ask);
  const at = window(ask);
  const { store } = ask.context;
  return {
    body: restrictionOf(store, item, item.id, operation, expansionFor(ask), ask.accountId, at),
    identity: rows(item, [operation], at.start, at.limit),
  };
}

/** 200 when named in the restriction itself, else 404; neither has a body. */
function named(list: 'users' | 'groups', idOf: (ask: Ask) => string | undefined) {
  return (ask: Ask): Answer => {
    const item = viewable(ask);
    const id = idOf(ask);
    if (id === undefined) throw new Refusal(400, 'Either accountId, username or key must be specified');
    if (!item.restrictions[operationOf(ask)][list].includes(id)) throw notFound('restriction');
    return {};
  };
}

const base = '/wiki/rest/api/content/{id}/restriction';
const DETAILS = ['read:confluence-content.all', 'read:content-details:confluence'];
const NAMED = ['read:confluence-content.all', 'read:content.restriction:confluence'];
export const restrictionRoutes: Route[] = [
  { method: 'get', path: base, scopes: DETAILS, handle: all },
  { method: 'get', path: `${base}/byOperation`, scopes: DETAILS, handle: byOperation },
  { method: 'get', path: `${base}/byOperation/{operationKey}`, scopes: DETAILS, handle: ofOperation },
  {
    method: 'get',
    path: `${base}/byOperation/{operationKey}/user`,
    scopes: NAMED,
    handle: named('users', ({ query }) => query.text('accountId')),
  },
  {
    method: 'get',
    path: `${base}/byOperation/{operationKey}/byGroupId/{groupId}`,
    scopes: NAMED,
    handle: named('groups', ({ params }) => params.groupId),
  },
];
