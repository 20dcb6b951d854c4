import type { Person } from '../../world/types.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { expansionOf } from './expand.ts';
import { notFound, Refusal } from '../route.ts';
import { linksOf, startLimit } from './lists.ts';
import { anonymous, groupOf, userOf } from './people.ts';

function named(ask: Ask): Person {
  const id = ask.query.text('accountId');
  if (id === undefined || id === '') throw new Refusal(400, "Required parameter 'accountId' is missing");
  const person = ask.context.store.person(id);
  if (person === undefined) throw notFound(`user with key : ${id}`);
  return person;
}

function single(ask: Ask): Answer {
  return { body: userOf(ask.context.store, named(ask), ask.accountId), identity: 1 };
}

function current(ask: Ask): Answer {
  const { store } = ask.context;
  const person = ask.accountId === null ? undefined : store.person(ask.accountId);
  return person === undefined
    ? { body: anonymous(store) }
    : { body: { ...userOf(store, person, ask.accountId), _links: linksOf(ask) }, identity: 1 };
}

/** The first hundred ids count, the rest is dropped without a word. */
function bulk(ask: Ask): Answer {
  const { store } = ask.context;
  const ids = [...new Set(ask.query.list('accountId'))].slice(0, 100);
  if (ids.length === 0) throw new Refusal(400, "Required parameter 'accountId' is missing");
  const results = ids
    .map((id) => store.person(id))
    .filter((person) => person !== undefined)
    .map((person) => userOf(store, person, ask.accountId));
  return {
    body: { results, start: 0, limit: 200, size: results.length, _links: linksOf(ask) },
    identity: results.length,
  };
}

function memberOf(ask: Ask): Answer {
  const { store } = ask.context;
  const held = store.groupsOf(named(ask).accountId);
  const groups = store.groups().filter(({ id }) => held.has(id));
  return startLimit(ask, groups, (group) => groupOf(store, group), { fallback: 200, cost: 'identity' });
}

function emailOf(): Answer {
  throw new Refusal(403, 'App is not authorized to access this resource');
}

const base = '/wiki/rest/api/user';
const USER = 'read:confluence-user';
const DETAILS = [USER, 'read:content-details:confluence'];
export const userRoutes: Route[] = [
  { method: 'get', path: base, scopes: DETAILS, handle: single },
  { method: 'get', path: `${base}/current`, scopes: DETAILS, handle: current },
  {
    method: 'get',
    path: `${base}/anonymous`,
    scopes: [USER, 'read:user:confluence'],
    handle: ({ context, query }) => ({
      body: anonymous(context.store, expansionOf(query.list('expand')).has('operations')),
      identity: 1,
    }),
  },
  { method: 'get', path: `${base}/bulk`, scopes: DETAILS, handle: bulk },
  {
    method: 'get',
    path: `${base}/memberof`,
    scopes: [USER, 'read:user:confluence+read:group:confluence'],
    handle: memberOf,
  },
  // Open to apps that Atlassian approved, which no app of a customer is.
  { method: 'get', path: `${base}/email`, scopes: [], handle: emailOf },
  { method: 'get', path: `${base}/email/bulk`, scopes: [], handle: emailOf },
];
