import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { startReceiver, type NoticeReceiver } from '../../notices/receiver.fixture.ts';
import { closeNotice, openNotice } from '../../store/notices.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { noticeDeliverySchema, noticeTargetSchema } from './notice-targets.ts';
import { noticeSchema } from './notices.ts';
import { pageSchema } from './schemas.ts';

let server: TestServer;
let receiver: NoticeReceiver;
let admin: string;
let member: string;
let connectionId: string;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await createTestServer({ allowedPrivateHosts: [receiver.host] });
  admin = await server.key(await server.person('admin@example.com', 'administrator'));
  member = await server.key(await server.person('member@example.com'), ['search']);
  connectionId = await makeConnection(server.database.db);
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('notices').execute();
  await db.deleteFrom('notice_targets').execute();
  receiver.received.length = 0;
  receiver.answer = (response) => response.writeHead(204).end();
});

const call = (method: 'get' | 'post' | 'patch' | 'delete', path: string, key = admin) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${key}`);
const add = async (name = 'On call') =>
  (await call('post', '/notice-targets').send({ name, url: receiver.url }).expect(201)).body;

test('notices are listed as documented, open ones apart, with where they are mended', async () => {
  const { db } = server.database;
  await openNotice(db, { connectionId, code: 'needs_reauth', severity: 'error', message: 'Reauthenticate.' });
  await openNotice(db, { connectionId: null, code: 'engine_away', severity: 'warning', message: 'Away.' });
  await closeNotice(db, { connectionId: null, code: 'engine_away' });
  const listed = async (query: string) =>
    pageSchema(noticeSchema).parse((await call('get', `/notices${query}`).expect(200)).body);
  expect((await listed('')).items).toHaveLength(2);
  const [open] = (await listed('?open=true')).items;
  expect(open).toMatchObject({ code: 'needs_reauth', connection: { id: connectionId }, endedAt: null });
  expect(open?.action?.href).toContain(`/connections/${connectionId}/`);
  expect((await listed('?open=false')).items.map(({ code }) => code)).toEqual(['engine_away']);
  const first = await listed('?limit=1');
  expect((await listed(`?limit=1&cursor=${first.nextCursor}`)).items[0]?.id).not.toBe(first.items[0]?.id);
  await call('get', '/notices?open=maybe').expect(422);
});

test('a member learns of no notice and no target, neither by key nor by page', async () => {
  await openNotice(server.database.db, {
    connectionId,
    code: 'needs_reauth',
    severity: 'error',
    message: 'A-secret-notice.',
  });
  const { id } = await add();
  const answers = await Promise.all([
    call('get', '/notices', member),
    call('get', '/notice-targets', member),
    call('get', `/notice-targets/${id}/deliveries`, member),
    call('post', `/notice-targets/${id}/test`, member),
  ]);
  for (const { status, text } of answers) {
    expect(status).toBe(403);
    expect(text).not.toContain('A-secret-notice');
  }
});

test('a target shows its secret once and the rest of its address never', async () => {
  const made = await add();
  expect(made.secret).toMatch(/^whsec_/);
  expect(made.origin).toBe(`http://${receiver.host}`);
  const { body } = await call('get', '/notice-targets').expect(200);
  expect(noticeTargetSchema.array().parse(body.items)).toHaveLength(1);
  const audit = await call('get', '/audit').expect(200);
  const dump = await server.database.db.selectFrom('notice_targets').selectAll().execute();
  const everything = JSON.stringify([
    body,
    audit.body,
    server.logged,
    dump.map((row) => [row, String(row.secret)]),
  ]);
  expect(everything).not.toContain(made.secret);
  expect(everything).not.toContain('secret-path');
});

test.each([
  { name: '', url: 'https://hooks.example.com/x' },
  { name: 'x', url: 'http://hooks.example.com/x' },
  { name: 'x', url: 'https://10.1.2.3/x' },
  { name: 'x', url: 'nothing' },
])('%j is refused at its field', async (body) => {
  const answer = await call('post', '/notice-targets').send(body).expect(422);
  expect(Object.keys(answer.body.error.details.fields)).toEqual([body.name === '' ? 'name' : 'url']);
});

test('a test message is signed, and its result is told and kept', async () => {
  const { id, secret } = await add();
  expect((await call('post', `/notice-targets/${id}/test`).expect(200)).body.ok).toBe(true);
  const [got] = receiver.received;
  const signed = `${got?.headers['x-sluice-timestamp']}.${got?.body}`;
  expect(got?.headers['x-sluice-signature']).toBe(
    `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`,
  );
  expect(JSON.parse(got?.body ?? '')).toMatchObject({ event: 'notice.test', text: expect.any(String) });
  receiver.answer = (response) => response.writeHead(404).end();
  const second = await call('post', `/notice-targets/${id}/test`).expect(200);
  expect(second.body).toEqual({ ok: false, message: expect.stringContaining('404') });
  const { body } = await call('get', `/notice-targets/${id}/deliveries`).expect(200);
  const deliveries = pageSchema(noticeDeliverySchema).parse(body).items;
  expect(deliveries.map(({ state }) => state)).toEqual(['given_up', 'delivered']);
});

test('a target is renamed, moved, disabled and removed; a new secret signs from then on', async () => {
  const { id, secret } = await add();
  const moved = { name: 'Chat', url: `http://${receiver.host}/moved`, enabled: true };
  expect((await call('patch', `/notice-targets/${id}`).send(moved).expect(200)).body.name).toBe('Chat');
  const renewed = (await call('post', `/notice-targets/${id}/secret`).expect(200)).body.secret;
  expect(renewed).not.toBe(secret);
  await call('post', `/notice-targets/${id}/test`).expect(200);
  const [got] = receiver.received;
  const expected = createHmac('sha256', renewed)
    .update(`${got?.headers['x-sluice-timestamp']}.${got?.body}`)
    .digest('hex');
  expect(got?.headers['x-sluice-signature']).toBe(`sha256=${expected}`);
  const off = await call('patch', `/notice-targets/${id}`).send({ enabled: false }).expect(200);
  expect(off.body).toMatchObject({ name: 'Chat', enabled: false });
  await call('delete', `/notice-targets/${id}`).expect(204);
  await call('get', `/notice-targets/${id}`).expect(404);
});
