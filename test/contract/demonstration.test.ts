import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { confluenceRoutes } from '../../sandbox/confluence/router.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import type { World } from '../../sandbox/world/types.ts';
import { canView } from '../../sandbox/world/visibility.ts';
import { DIFFERENCES } from './differences.ts';
import { confluenceContract } from './documents.ts';
import { EXPAND } from './queries.ts';
import { nameOf, removedPaths, target } from './requests.ts';
import { serve } from './serve.ts';
import type { Site } from './serve.ts';

const contract = confluenceContract();
const documented = contract === null ? describe.skip : describe;
const routes = confluenceRoutes();
const removed = removedPaths(routes);
/** Enough of each kind to meet every oddity of the company, and quick. */
const MOST = 60;

let site: Site;
let world: World;
let admin: string;
beforeAll(async () => {
  site = await serve(createDemonstration());
  world = site.context.store.snapshot();
  admin = world.people.find(({ confluenceAdmin }) => confluenceAdmin)!.accountId;
});
afterAll(() => site.close());

/** Ids of what stands behind a part of a path, as far as the administrator sees it. */
function idsOf(part: string): string[] {
  if (part === 'spaces') return world.spaces.filter(({ status }) => status !== 'trashed').map(({ id }) => id);
  if (part === 'attachments')
    return world.attachments.filter(({ status }) => status !== 'deleted').map(({ id }) => id);
  if (part === 'group') return world.groups.map(({ id }) => id);
  const kind = part.replace(/s$/, '');
  if (part.endsWith('-comments'))
    return world.comments
      .filter((item) => `${item.kind}-comment` === kind && item.status !== 'deleted')
      .map(({ id }) => id);
  return world.content
    .filter(({ type, status }) => /current|archived/.test(status) && (part === 'content' || type === kind))
    .map(({ id }) => id);
}

async function check(route: (typeof routes)[number], path: string): Promise<string | undefined> {
  const name = nameOf(route);
  const reply = await site.send(path, { as: admin });
  const faults = contract!
    .faults(route.method, route.path, reply.status, reply.json)
    .filter((fault) => !DIFFERENCES.some((known) => known.route.test(name) && known.fault.test(fault)));
  expect([path, reply.status < 500, faults]).toEqual([path, true, []]);
  return reply.status < 300 ? reply.links.next : undefined;
}

documented('the demonstration company by the document', () => {
  const walked = routes.filter(
    ({ method, path }) =>
      method === 'get' && !removed.has(path) && !/download|\/search|operationKey/.test(path),
  );
  test.each(walked.map((route) => [nameOf(route), route] as const))('%s', async (_, route) => {
    const name = /\{([^}]+)\}/.exec(route.path)?.[1];
    const part =
      name === undefined
        ? ''
        : route.path
            .slice(0, route.path.indexOf(`{${name}}`))
            .split('/')
            .at(-2)!;
    const cases =
      name === undefined
        ? [{}]
        : idsOf(part)
            .slice(0, MOST)
            .map((id) => ({ params: { [name]: id } }));
    const known = contract!.operation(route.method, route.path)!.parameters ?? [];
    const bodies = known.some((parameter) => parameter.name === 'body-format')
      ? ['?body-format=storage']
      : [''];
    for (const one of cases) {
      const start = target(route.path, one) + bodies[0]!;
      for (let next: string | undefined = start; next !== undefined;)
        next = await check(route, next.startsWith('/rest') ? `/wiki${next}` : next);
    }
  });

  test('every piece of content is found by search, with all that can be expanded', async () => {
    const route = routes.find(({ path }) => path === '/wiki/rest/api/content/search')!;
    const found = new Set<string>();
    const types = 'page, blogpost, folder, whiteboard, database, embed, comment, attachment';
    const cql = encodeURIComponent(`type in (${types}) order by lastmodified desc`);
    for (
      let next: string | undefined = `/rest/api/content/search?cql=${cql}&limit=50&expand=${EXPAND}`;
      next;
    ) {
      const path: string = `/wiki${next}`;
      const { json } = await site.send(path, { as: admin });
      for (const { id } of json.results as { id: string }[]) found.add(id);
      next = await check(route, path);
    }
    const { store } = site.context;
    const current = world.content.filter(
      ({ id, status }) => status === 'current' && canView(store, admin, id),
    );
    expect(current.filter(({ id }) => !found.has(id))).toEqual([]);
  });
});
