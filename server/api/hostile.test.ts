import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import request from 'supertest';
import { routesOf } from '../../test/routes.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await createTestServer();
  key = await server.key(await server.person('admin@example.com', 'administrator'));
});
afterAll(() => server.close());

const send = (method: string, path: string) =>
  request(server.app)[method.toLowerCase() as 'post'](path).set('authorization', `Bearer ${key}`);

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'a\0b',
    '\ud800',
    "'; drop table users; --",
    '../../etc/passwd',
    '__proto__',
    'x'.repeat(3_000),
  ),
);
const fields = [
  'name',
  'email',
  'role',
  'siteUrl',
  'auth',
  'method',
  'token',
  'kind',
  'scopes',
  'clientId',
  'clientSecret',
];
const hostileBody = fc.dictionary(
  fc.oneof(fc.constantFrom(...fields, 'product', 'deployment', 'sync', 'filters', '__proto__'), hostileText),
  fc.oneof(
    hostileText,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(hostileText),
    fc.dictionary(fc.constantFrom(...fields), hostileText),
  ),
);

test('no body, whatever it holds, makes a call of the API fail on our side', async () => {
  const routes = routesOf(server.app).filter(
    ({ method, path }) => path.startsWith('/api/v1') && ['POST', 'PUT', 'PATCH'].includes(method),
  );
  expect(routes.length).toBeGreaterThan(10);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), hostileBody, async ({ method, path }, body) => {
      const response = await send(method, path).send(body);
      expect([path, response.status < 500]).toEqual([path, true]);
      if (response.status >= 400) expect(response.body.error).toMatchObject({ code: expect.any(String) });
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('no query and no path makes a read fail on our side', async () => {
  const routes = routesOf(server.app).filter(
    ({ method, path }) => path.startsWith('/api/v1') && method === 'GET',
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), hostileText, hostileText, async ({ path }, text, value) => {
      const id = encodeURIComponent(text.toWellFormed()) || 'x';
      const query = new URLSearchParams({
        cursor: value,
        limit: text,
        q: value,
        connection: text,
        level: value,
      });
      const response = await send('GET', `${path.replace(/0{8}-[\d-]+/, id)}?${query}`);
      expect([path, response.status < 500]).toEqual([path, true]);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('a NUL character in a text is refused, not a failure', async () => {
  await send('POST', '/api/v1/users').send({ email: 'nul@example.com', name: 'a\0b' }).expect(422);
});

test('a role that is sent as a prototype is not taken', async () => {
  const body = '{"__proto__":{"role":"administrator"},"email":"p@example.com"}';
  const response = await send('POST', '/api/v1/users').set('content-type', 'application/json').send(body);
  expect(response.body.role).not.toBe('administrator');
  expect(({} as Record<string, unknown>)['role']).toBeUndefined();
});
