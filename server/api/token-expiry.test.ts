import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { openNotice } from '../../store/notices.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let sandbox: RunningSandbox;
let server: TestServer;
let key: string;
let auth: { method: 'api_token'; email: string; token: string };
beforeAll(async () => {
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  const token = world.apiTokens.find((one) => one.scopes === null);
  const owner = world.people.find((person) => person.accountId === token?.accountId);
  auth = { method: 'api_token', email: owner?.email ?? '', token: token?.token ?? '' };
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

let names = 0;
const create = (more: object) => {
  names += 1;
  return request(server.app)
    .post('/api/v1/connections')
    .set('authorization', `Bearer ${key}`)
    .send({
      name: `Wiki ${names}`,
      product: 'confluence',
      siteUrl: sandbox.context.store.site.url,
      auth: { ...auth, ...more },
    });
};
const change = (id: string, more: object) =>
  request(server.app)
    .patch(`/api/v1/connections/${id}`)
    .set('authorization', `Bearer ${key}`)
    .send({ auth: { method: auth.method, email: auth.email, ...more } });

test("a token's end is kept with it, and goes with it", async () => {
  const made = await create({ expiresAt: '2031-03-31' }).expect(201);
  expect(made.body.auth.expiresAt).toBe('2031-03-31T00:00:00.000Z');
  const { id } = made.body;
  expect((await change(id, { scoped: false }).expect(200)).body.auth.expiresAt).toBe(
    '2031-03-31T00:00:00.000Z',
  );
  const zoned = await change(id, { expiresAt: '2031-04-01T12:00:00+02:00' }).expect(200);
  expect(zoned.body.auth.expiresAt).toBe('2031-04-01T10:00:00.000Z');
  // Another token: nothing is known of its end, and what was told of the one before is over.
  await openNotice(server.database.db, {
    connectionId: id,
    code: 'token_expires',
    subject: 'soon',
    severity: 'warning',
    message: 'Soon.',
  });
  expect((await change(id, { token: auth.token }).expect(200)).body.auth.expiresAt).toBeNull();
  const open = await server.database.db
    .selectFrom('notices')
    .selectAll()
    .where('ended_at', 'is', null)
    .execute();
  expect(open).toEqual([]);
});

test.each(['31.03.2031', '2031-02-30', 'soon'])(
  '%s is refused as an end, at its field',
  async (expiresAt) => {
    const answer = await create({ expiresAt }).expect(422);
    expect(Object.keys(answer.body.error.details.fields)).toEqual(['auth.expiresAt']);
  },
);
