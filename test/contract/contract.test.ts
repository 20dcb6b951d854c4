import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { confluenceRouter, confluenceRoutes, expressPath } from '../../sandbox/confluence/router.ts';
import { CASES, PARAMS } from './cases.ts';
import type { Case } from './cases.ts';
import { DIFFERENCES, UNDOCUMENTED_STATUSES } from './differences.ts';
import { confluenceContract } from './documents.ts';
import { serve } from './serve.ts';
import type { Site } from './serve.ts';
import { smallWorld } from './small-world.ts';

const contract = confluenceContract();
const documented = contract === null ? describe.skip : describe;
const removed = (path: string): boolean => REMOVED.has(path);
const routes = confluenceRoutes();
const REMOVED = new Set(
  routes
    .filter((route) => route.scopes.length === 0 && !CASES[`${route.method} ${route.path}`])
    .map(({ path }) => path),
);

let site: Site;
beforeAll(async () => {
  site = await serve(smallWorld());
});
afterAll(() => site.close());

function target(path: string, { params = {}, query }: Case): string {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const before =
      path
        .slice(0, path.indexOf(`{${name}}`))
        .split('/')
        .at(-2) ?? '';
    return encodeURIComponent(params[name] ?? PARAMS[before] ?? '');
  });
  return query === undefined ? filled : `${filled}?${query}`;
}

function explained(route: string, fault: string): boolean {
  return DIFFERENCES.some((known) => known.route.test(route) && known.fault.test(fault));
}

test('the router serves the routes of the table and no others', () => {
  const { stack } = confluenceRouter(site.context);
  const served = stack.flatMap(({ route }) =>
    route === undefined ? [] : [`${(route.stack[0] as { method: string }).method} ${route.path}`],
  );
  expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${expressPath(path)}`).sort());
});

test('every route has its cases, and every case its route', () => {
  const table = routes.filter(({ path }) => !removed(path)).map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(CASES).sort()).toEqual(table.sort());
});

documented('by the document', () => {
  test.each(
    routes
      .filter(({ path }) => !removed(path))
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s', async (name, { method, path, scopes }) => {
    const operation = contract!.operation(method, path);
    expect(operation).toBeDefined();
    const closed = CASES[name]!.every(({ status }) => status === 403);
    if (!closed) expect([...scopes].sort()).toEqual(contract!.scopes(method, path).sort());
    for (const one of CASES[name]!) {
      const reply = await site.send(target(path, one), {
        method: method.toUpperCase(),
        ...(one.as === undefined ? {} : { as: one.as }),
        ...(one.body === undefined ? {} : { body: one.body }),
      });
      const about = `${name} ${JSON.stringify(one)} -> ${reply.status} ${reply.text.slice(0, 300)}`;
      expect([about, reply.status]).toEqual([about, one.status ?? 200]);
      if (reply.status < 400) {
        expect(Object.keys(operation!.responses)).toContain(String(reply.status));
        const faults = contract!.faults(method, path, reply.status, reply.json);
        expect(faults.filter((fault) => !explained(name, fault))).toEqual([]);
      } else if (operation!.responses[String(reply.status)] === undefined && reply.status === 403) {
        expect(UNDOCUMENTED_STATUSES.some(({ route }) => route.test(name)) || one.as !== undefined).toBe(
          true,
        );
      }
    }
  });

  test('no route is removed that the document still has', () => {
    expect([...REMOVED].filter((path) => contract!.operation('get', path) !== undefined)).toEqual([]);
  });
});

test('removed endpoints answer 410 in the words of life', async () => {
  for (const path of REMOVED) {
    const reply = await site.send(
      target(path, { params: { id: '101', type: 'page', depth: 'all', spaceKey: 'OPEN' } }),
    );
    expect([path, reply.status]).toEqual([path, 410]);
    expect(reply.json.message).toContain('GoneException: This deprecated endpoint has been removed.');
  }
});

test('an unknown path is 404 in the form of its generation', async () => {
  expect((await site.send('/wiki/api/v2/nothing')).json.errors[0]).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
  });
  expect((await site.send('/wiki/rest/api/nothing')).json).toMatchObject({ statusCode: 404 });
});
