import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import { startLimit } from './lists.ts';
import { groupOf, userById } from './people.ts';

function list(ask: Ask): Answer {
  const { store } = ask.context;
  const access = ask.query.choice('accessType', ['user', 'admin', 'site-admin']);
  const groups = store.groups().filter((group) => access === undefined || group.access === access);
  return startLimit(ask, groups, (group) => groupOf(store, group), { fallback: 200, cost: 'identity' });
}

function picker(ask: Ask): Answer {
  const { store } = ask.context;
  const wanted = ask.query.text('query')?.toLowerCase();
  if (wanted === undefined) throw new Refusal(400, "Required parameter 'query' is missing");
  const groups = store.groups().filter(({ name }) => name.toLowerCase().includes(wanted));
  return startLimit(ask, groups, (group) => groupOf(store, group), { fallback: 200, cost: 'identity' });
}

function byId(ask: Ask): Answer {
  const id = ask.query.text('id') ?? '';
  const group = ask.context.store.group(id);
  if (group === undefined) throw notFound(`group with id: ${id}`);
  return { body: groupOf(ask.context.store, group), identity: 1 };
}

function members(ask: Ask): Answer {
  const { store } = ask.context;
  const group = store.group(ask.params.groupId!);
  if (group === undefined) throw notFound(`group with id: ${ask.params.groupId}`);
  return startLimit(ask, group.members, (id) => userById(store, id, ask.accountId), {
    fallback: 200,
    cost: 'identity',
  });
}

const base = '/wiki/rest/api/group';
const GROUPS = ['read:confluence-groups', 'read:group:confluence'];
export const groupRoutes: Route[] = [
  { method: 'get', path: base, scopes: GROUPS, handle: list },
  { method: 'get', path: `${base}/by-id`, scopes: GROUPS, handle: byId },
  { method: 'get', path: `${base}/picker`, scopes: GROUPS, handle: picker },
  {
    method: 'get',
    path: `${base}/{groupId}/membersByGroupId`,
    scopes: ['read:confluence-groups', 'read:group:confluence+read:user:confluence'],
    handle: members,
  },
];
