import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

let server: TestServer;
let admin: Actor;
let adminKey: string;
let member: Actor;
let memberKey: string;

beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('ada@example.com', 'administrator');
  adminKey = await server.key(admin);
  member = await server.person('max@example.com');
  memberKey = await server.key(member, ['search']);
});
afterAll(() => server.close());

const call = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, key = adminKey) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);

test('a caller without key or session gets 401 in the shape of all errors', async () => {
  const response = await request(server.app).get('/api/v1/connections').expect(401);
  expect(response.body).toEqual({ error: { code: 'not_signed_in', message: expect.any(String) } });
});

test('an unknown key is refused and never falls back on a session', async () => {
  const response = await call('get', '/users/me', 'slc_nothing').expect(401);
  expect(response.body.error.message).toMatch(/unknown or revoked/);
});

test.each([
  ['get', '/connections'],
  ['post', '/users'],
  ['get', '/audit'],
  ['get', '/oauth-apps'],
] as const)('a member gets 403 on %s %s', async (method, path) => {
  const response = await call(method, path, memberKey).send(
    method === 'post' ? { email: 'x@example.com' } : undefined,
  );
  expect(response.status).toBe(403);
  expect(response.body.error.code).toBe('administrators_only');
});

test.each([
  '/connections/nonsense',
  '/connections/00000000-0000-4000-8000-000000000000',
  '/syncs/1',
  '/nothing',
])('what is not there is 404: %s', async (path) => {
  const response = await call('get', path).expect(404);
  expect(response.body.error.code).toBe('not_found');
});

test('a body that is not declared as JSON is refused with 415, even when it is JSON', async () => {
  await call('post', '/users')
    .set('content-type', 'text/plain')
    .send('{"email":"x@example.com"}')
    .expect(415);
  const form = await call('post', '/users').type('form').send({ email: 'x@example.com' });
  expect(form.body.error.code).toBe('not_json');
});

test('broken JSON, a body that is too large and unknown fields each have their own words', async () => {
  const broken = await call('post', '/users')
    .set('content-type', 'application/json')
    .send('{"email":')
    .expect(400);
  expect(broken.body.error.code).toBe('bad_json');
  const large = await call('post', '/users')
    .send({ email: 'x'.repeat(300_000) })
    .expect(413);
  expect(large.body.error.code).toBe('too_large');
  const unknown = await call('post', '/users').send({ email: 'x@example.com', admin: true }).expect(422);
  expect(unknown.body.error.details.fields).toEqual({ admin: 'Unknown field "admin".' });
});

test('an administrator vouches for a user, changes the role, and the audit log says so', async () => {
  const made = await call('post', '/users').send({ email: ' eve@example.com ', role: 'member' }).expect(201);
  expect(made.body).toMatchObject({
    email: 'eve@example.com',
    emailVerified: true,
    role: 'member',
    active: true,
  });
  const twice = await call('post', '/users').send({ email: 'EVE@example.com' }).expect(422);
  expect(twice.body.error.details.fields.email).toMatch(/already/);
  await call('patch', `/users/${made.body.id}`).send({ role: 'administrator' }).expect(200);
  const { body } = await call('get', '/audit?action=user.role').expect(200);
  expect(body.items[0]).toMatchObject({
    actor: 'ada@example.com (API key)',
    target: 'eve@example.com',
    before: { role: 'member' },
    after: { role: 'administrator' },
  });
  await call('patch', `/users/${made.body.id}`).send({ active: false }).expect(200);
});

test('the last administrator stays', async () => {
  const response = await call('patch', `/users/${admin.userId}`).send({ active: false }).expect(409);
  expect(response.body.error.code).toBe('last_administrator');
  await call('get', '/users/me').expect(200);
});

test('users come in pages', async () => {
  const first = await call('get', '/users?limit=1').expect(200);
  expect(first.body.items).toHaveLength(1);
  const second = await call('get', `/users?limit=1&cursor=${first.body.nextCursor}`).expect(200);
  expect(second.body.items[0].email > first.body.items[0].email).toBe(true);
  await call('get', '/users?cursor=%00').expect(422);
});

test('a key is shown once, works, and stops when it is revoked or its owner deactivated', async () => {
  const made = await call('post', '/api-keys').send({ name: 'search only' }).expect(201);
  expect(made.body.scopes).toEqual(['search']);
  const { key, id } = made.body as { key: string; id: string };
  const listed = await call('get', '/api-keys').expect(200);
  expect(JSON.stringify(listed.body)).not.toContain(key);
  await call('get', '/users/me', key).expect(200);
  const refused = await call('get', '/users', key).expect(403);
  expect(refused.body.error.code).toBe('key_scope');
  await call('delete', `/api-keys/${id}`).expect(204);
  await call('get', '/users/me', key).expect(401);
});

test('a member cannot make a key that impersonates', async () => {
  await expect(
    server.services.apiKeys.create(member, { name: 'x', scopes: ['impersonate'] }),
  ).rejects.toMatchObject({ code: 'administrators_only' });
});

test("X-Sluice-User needs the scope, names an active user, and is refused on administrators' calls", async () => {
  const search = (key: string, user: string) => call('get', '/search?q=x', key).set('x-sluice-user', user);
  await search(adminKey, 'MAX@example.com').expect(200);
  await search(memberKey, 'ada@example.com').expect(403);
  const unknown = await search(adminKey, 'nobody@example.com').expect(404);
  expect(unknown.body.error.code).toBe('unknown_viewer');
  const mixed = await call('get', '/users').set('x-sluice-user', 'max@example.com').expect(403);
  expect(mixed.body.error.code).toBe('impersonating');
});

test('health and readiness answer without a credential', async () => {
  await request(server.app).get('/healthz').expect(200);
  const { body } = await request(server.app).get('/readyz').expect(200);
  expect(body).toMatchObject({ ok: true, checks: { database: { ok: true } } });
});
