import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

let server: TestServer;
let admin: Actor;
let key: string;
let member: Actor;
beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('ada@example.com', 'administrator');
  member = await server.person('ben@example.com', 'member', 'a pass phrase for tests');
  key = await server.key(admin);
});
afterAll(() => server.close());

const call = (method: 'get' | 'post' | 'delete', path: string, as = key) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${as}`);

test('an invitation is made, told of the user, and taken back', async () => {
  const path = `/users/${member.userId}/invitation`;
  const { body } = await call('post', path).expect(201);
  expect(body.url).toMatch(/^http:\/\/localhost:3000\/invitation\?token=[\w-]{43}$/);
  const user = await call('get', `/users/${member.userId}`).expect(200);
  expect(user.body.invitation).toEqual({ expiresAt: body.expiresAt });
  await call('delete', path).expect(204);
  await call('delete', path).expect(404);
  expect((await call('get', `/users/${member.userId}`)).body.invitation).toBeNull();
});

test('the sessions of a person are told without their secrets, and end', async () => {
  const agent = request.agent(server.app);
  const { text } = await agent.get('/sign-in');
  const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  await agent
    .post('/sign-in')
    .type('form')
    .send({ _csrf: token, email: 'ben@example.com', password: 'a pass phrase for tests' })
    .expect(303);
  const { body } = await call('get', `/users/${member.userId}/sessions`).expect(200);
  expect(body.items).toEqual([
    expect.objectContaining({ id: expect.stringMatching(/^[\da-f]{32}$/), current: false }),
  ]);
  const { sid } = await server.database.db
    .selectFrom('sessions')
    .select('sid')
    .orderBy('expire', 'desc')
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(body)).not.toContain(sid);
  await call('delete', `/users/${member.userId}/sessions`).expect(204);
  await agent.get('/profile').expect(303);
});

test('a user is deleted; oneself, nobody and a member are refused in words', async () => {
  const gone = await server.person('gone@example.com');
  const own = await call('delete', `/users/${admin.userId}`).expect(409);
  expect(own.body.error.code).toBe('own_user');
  await call('delete', `/users/${gone.userId}`, await server.key(member, ['search'])).expect(403);
  await call('delete', `/users/${gone.userId}`).expect(204);
  await call('delete', `/users/${gone.userId}`).expect(404);
});
