import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { confluenceRouter, confluenceRoutes, expressPath } from '../../sandbox/confluence/router.ts';
import { CASES } from './cases.ts';
import type { Difference } from './differences.ts';
import { DIFFERENCES, UNDOCUMENTED_STATUSES } from './differences.ts';
import { confluenceContract } from './documents.ts';
import { how, nameOf, removedPaths, target } from './requests.ts';
import { serve } from './serve.ts';
import type { Site } from './serve.ts';
import { smallWorld } from './small-world.ts';

const contract = confluenceContract();
const documented = contract === null ? describe.skip : describe;
const routes = confluenceRoutes();
const removed = removedPaths(routes);
const living = routes.filter(({ path }) => !removed.has(path));

let site: Site;
beforeAll(async () => {
  site = await serve(smallWorld());
});
afterAll(() => site.close());

const seen = new Set<Difference>();
function explained(route: string, fault: string): boolean {
  const known = DIFFERENCES.find(
    (difference) => difference.route.test(route) && difference.fault.test(fault),
  );
  if (known !== undefined) seen.add(known);
  return known !== undefined;
}

test('the router serves the routes of the table and no others', () => {
  const { stack } = confluenceRouter(site.context);
  const served = stack.flatMap(({ route }) =>
    route === undefined ? [] : [`${(route.stack[0] as { method: string }).method} ${route.path}`],
  );
  expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${expressPath(path)}`).sort());
});

test('every route has its cases, and every case its route', () => {
  expect(Object.keys(CASES).sort()).toEqual(living.map(nameOf).sort());
});

documented('by the document', () => {
  test.each(living.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const { method, path, scopes } = route;
    const operation = contract!.operation(method, path);
    expect(operation).toBeDefined();
    const closed = CASES[name]!.every(({ status }) => status === 403);
    if (!closed) expect([...scopes].sort()).toEqual(contract!.scopes(method, path).sort());
    for (const one of CASES[name]!) {
      const reply = await site.send(target(path, one), how(route, one));
      const about = `${name} ${JSON.stringify(one)} -> ${reply.status} ${reply.text.slice(0, 300)}`;
      expect([about, reply.status]).toEqual([about, one.status ?? 200]);
      if (reply.status < 400) {
        expect(Object.keys(operation!.responses)).toContain(String(reply.status));
        const faults = contract!.faults(method, path, reply.status, reply.json);
        expect(faults.filter((fault) => !explained(name, fault))).toEqual([]);
      } else if (operation!.responses[String(reply.status)] === undefined && reply.status === 403) {
        const known = UNDOCUMENTED_STATUSES.some((difference) => difference.route.test(name));
        expect([about, known || one.as !== undefined]).toEqual([about, true]);
      }
    }
  });

  test('every known difference still is one', () => {
    expect(DIFFERENCES.filter((known) => !seen.has(known))).toEqual([]);
  });

  test('no route is removed that the document still has', () => {
    expect([...removed].filter((path) => contract!.operation('get', path) !== undefined)).toEqual([]);
  });
});

test('removed endpoints answer 410 in the words of life', async () => {
  for (const path of removed) {
    const params = { id: '101', type: 'page', depth: 'all', spaceKey: 'OPEN' };
    const reply = await site.send(target(path, { params }));
    expect([path, reply.status]).toEqual([path, 410]);
    expect(reply.json.message).toContain('GoneException: This deprecated endpoint has been removed.');
  }
});

test('an unknown path is 404 in the form of its generation', async () => {
  const [v2, v1] = [await site.send('/wiki/api/v2/nothing'), await site.send('/wiki/rest/api/nothing')];
  expect(v2.json.errors[0]).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(v1.json).toMatchObject({ statusCode: 404 });
});
