import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { confluenceRoutes } from '../../sandbox/confluence/router.ts';
import { canView, canViewSpace } from '../../sandbox/world/visibility.ts';
import { CASES } from './cases.ts';
import { how, nameOf, removedPaths, target } from './requests.ts';
import { serve } from './serve.ts';
import type { Site } from './serve.ts';
import { BEN, GUS, smallWorld } from './small-world.ts';

const routes = confluenceRoutes();
const removed = removedPaths(routes);
const reading = routes.filter(({ method, path }) => method === 'get' && !removed.has(path));

let site: Site;
beforeAll(async () => {
  site = await serve({ ...smallWorld(), site: { ...smallWorld().site, anonymousAccess: true } });
});
afterAll(() => site.close());

/** Ids of what this account may not see: nothing of it may be in any answer. */
function hiddenFrom(accountId: string | null): string[] {
  const { store } = site.context;
  const world = store.snapshot();
  const things = [...world.content, ...world.comments, ...world.attachments].filter(
    ({ id }) => !canView(store, accountId, id),
  );
  const spaces = world.spaces.filter(({ id }) => !canViewSpace(store, accountId, id));
  return [...things, ...spaces].map(({ id }) => id);
}

describe.each([[BEN], [GUS], [null]])('to %s', (accountId) => {
  test.each(
    // Ancestors are named to everybody who may use the site: so says their document.
    reading
      .filter(({ path }) => !path.endsWith('/ancestors'))
      .map((route) => [nameOf(route), route] as const),
  )('nothing hidden shows in %s', async (name, route) => {
    const hidden = hiddenFrom(accountId);
    expect(hidden).toContain('130');
    for (const one of CASES[name]!) {
      const reply = await site.send(target(route.path, one), { ...how(route, one), as: accountId });
      // Queries are repeated in links; what counts is the entities.
      const shown = hidden.filter((id) => new RegExp(`"(id|\\w+Id)":"${id}"`).test(reply.text));
      expect([one, shown]).toEqual([one, []]);
      expect(reply.text).not.toMatch(/Secret|classified|Below closed|hidden rockets|closed rockets/);
    }
  });
});

test('what is hidden, and what is not there, cannot be told apart', async () => {
  for (const path of ['/wiki/api/v2/pages/', '/wiki/api/v2/spaces/', '/wiki/api/v2/pages/']) {
    const id = path.includes('spaces') ? '11' : '103';
    const [closed, absent] = [
      await site.send(path + id, { as: BEN }),
      await site.send(`${path}999`, { as: BEN }),
    ];
    expect([closed.status, closed.json]).toEqual([absent.status, absent.json]);
    expect(closed.status).toBe(404);
  }
});

test('listings hold exactly what the account may see', async () => {
  const { store } = site.context;
  const world = store.snapshot();
  for (const accountId of ['ada', BEN, GUS, null]) {
    const sees = (id: string): boolean => canView(store, accountId, id);
    const expected = {
      pages: world.content.filter(
        ({ type, status, id }) => type === 'page' && /current|archived/.test(status) && sees(id),
      ),
      blogposts: world.content.filter(
        ({ type, status, id }) => type === 'blogpost' && status === 'current' && sees(id),
      ),
      spaces: world.spaces.filter(({ id }) => canViewSpace(store, accountId, id)),
      attachments: world.attachments.filter(({ id, containerId, status }) => {
        return status === 'current' && store.content(containerId)?.status !== 'trashed' && sees(id);
      }),
      'footer-comments': world.comments.filter(
        ({ kind, containerId, id }) =>
          kind === 'footer' && store.content(containerId)?.status !== 'trashed' && sees(id),
      ),
    };
    for (const [listing, items] of Object.entries(expected)) {
      const { json } = await site.send(`/wiki/api/v2/${listing}?limit=250`, { as: accountId });
      const ids = (json.results as { id: string }[]).map(({ id }) => id);
      expect([accountId, listing, ids.sort()]).toEqual([
        accountId,
        listing,
        items.map(({ id }) => id).sort(),
      ]);
    }
  }
});

describe('scopes', () => {
  const open = routes.filter(({ scopes }) => scopes.length > 0);
  test.each(open.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const one = CASES[name]!.find(({ status, as }) => (status ?? 200) < 400 && as === undefined)!;
    const none = await site.send(target(route.path, one), { ...how(route, one), scopes: ['read:me'] });
    expect([none.status, none.json]).toEqual([
      401,
      { code: 401, message: 'Unauthorized; scope does not match' },
    ]);
    if (route.method === 'delete') return;
    for (const alternative of route.scopes) {
      const reply = await site.send(target(route.path, one), {
        ...how(route, one),
        scopes: alternative.split('+'),
      });
      expect([alternative, reply.status]).toEqual([alternative, one.status ?? 200]);
    }
  });
});

test('an account without access to the product is refused everywhere', async () => {
  for (const path of ['/wiki/api/v2/pages', '/wiki/rest/api/group']) {
    expect((await site.send(path, { as: 'zoe' })).status).toBe(403);
  }
});

test('an answer is charged by what it holds', async () => {
  const cost = async (path: string): Promise<object> => {
    await site.send(path);
    return site.lastCharge();
  };
  expect(await cost('/wiki/api/v2/pages?limit=3')).toEqual({ core: 3, identity: 0 });
  expect(await cost('/wiki/api/v2/pages/101')).toEqual({ core: 1, identity: 0 });
  expect(await cost('/wiki/api/v2/spaces/10/permissions')).toEqual({ core: 0, identity: 4 });
  expect(await cost('/wiki/rest/api/group/g-users/membersByGroupId?limit=2')).toEqual({
    core: 0,
    identity: 2,
  });
  const expand = 'expand=restrictions.read.restrictions.user';
  expect(await cost(`/wiki/rest/api/content/search?cql=id=102&${expand}`)).toEqual({ core: 1, identity: 0 });
  expect(await cost('/wiki/api/v2/labels')).toEqual({ core: 0, identity: 0 });
});
