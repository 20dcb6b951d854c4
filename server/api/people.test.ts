import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { saveGrant } from '../../store/grants.ts';
import { addOwnGrant } from '../../store/user-grants.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let memberId: string;
let appId: string;

beforeAll(async () => {
  server = await createTestServer({ allowedPrivateHosts: ['127.0.0.1'] });
  key = await server.key(await server.person('ada@example.com', 'administrator'));
  const member = await server.person('max@example.com');
  memberId = member.userId;
  memberKey = await server.key(member, ['search']);
  const app = { name: 'Sluice', clientId: 'a-client', clientSecret: 'a-secret' };
  appId = (await call('post', '/oauth-apps', app).expect(201)).body.id;
});
afterAll(() => server.close());

const call = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object, by = key) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${by}`).send(body);

test('an account of Atlassian is said to be a user, belongs to nobody else then, and is taken back', async () => {
  const accounts = `/users/${memberId}/accounts`;
  const linked = await call('post', accounts, { accountId: '557058:max' }).expect(201);
  expect(linked.body.accounts).toEqual([{ accountId: '557058:max', source: 'administrator' }]);
  expect((await call('get', `/users/${memberId}`).expect(200)).body).toEqual(linked.body);
  const other = await call('post', '/users', { email: 'eve@example.com' }).expect(201);
  const taken = await call('post', `/users/${other.body.id}/accounts`, { accountId: '557058:max' }).expect(
    409,
  );
  expect(taken.body.error).toMatchObject({ code: 'account_taken', message: expect.stringContaining('max@') });
  await call('delete', `${accounts}/557058:max`).expect(204);
  await call('delete', `${accounts}/557058:max`).expect(404);
  expect((await call('get', `/users/${memberId}`)).body.accounts).toEqual([]);
});

test('an OAuth app is renamed, and its secret is in no answer', async () => {
  const { body } = await call('patch', `/oauth-apps/${appId}`, {
    name: 'Ours',
    clientSecret: 'b-secret',
  }).expect(200);
  expect(body).toMatchObject({ id: appId, name: 'Ours', clientId: 'a-client' });
  expect(JSON.stringify(body)).not.toContain('b-secret');
});

test('a consent is withdrawn by whoever gave it, and by nobody with a key that may only search', async () => {
  const cipher = createCipher(keyProviderFromKey(Buffer.alloc(32, 1)));
  const grantId = await saveGrant(server.database.db, cipher, {
    oauthAppId: appId,
    accountId: 'ada',
    accountName: 'Ada',
    accountEmail: null,
    scopes: [],
    accessToken: 'x',
    refreshToken: 'y',
    accessExpiresAt: new Date(),
  });
  const me = (await call('get', '/users/me')).body as { id: string };
  await addOwnGrant(server.database.db, { userId: me.id, grantId });
  const { id } = (await call('get', '/grants').expect(200)).body.items[0] as { id: string };
  await call('delete', `/grants/${id}`, undefined, memberKey).expect(403);
  await call('delete', `/grants/${id}`).expect(204);
  expect((await call('get', '/grants')).body.items).toEqual([]);
});

test('one target of notices is read by its id, without its secret', async () => {
  const url = 'http://127.0.0.1:9/hook';
  const made = await call('post', '/notice-targets', { name: 'on-call', url }).expect(201);
  const { secret, ...rest } = made.body as { secret: string; id: string };
  expect(secret).toEqual(expect.any(String));
  expect((await call('get', `/notice-targets/${rest.id}`).expect(200)).body).toEqual(rest);
});

test('a comparison with Confluence starts a sync of permissions, and cancelling asks both lanes to stop', async () => {
  const { db } = server.database;
  const id = await makeConnection(db);
  await db
    .updateTable('connections')
    .set({ authorized_at: new Date(), configured_at: new Date() })
    .where('id', '=', id)
    .execute();
  await call('post', `/connections/${id}/comparison`).expect(202);
  const { body } = await call('get', `/connections/${id}/syncs?kind=permissions`).expect(200);
  expect(body.items).toMatchObject([{ connectionId: id, kind: 'permissions', state: 'queued' }]);
  await call('post', `/connections/${id}/syncs/cancel`).expect(202);
  expect(server.asked).toContain(`cancelRun ${id}`);
});
