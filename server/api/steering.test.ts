import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import type { ConnectionStatus } from '../../store/schema.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key = '';
let memberKey = '';
let id = '';
beforeAll(async () => {
  server = await createTestServer();
  key = await server.key(await server.person('ada@example.com', 'administrator'));
  memberKey = await server.key(await server.person('mia@example.com'), ['search']);
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  const row = await db
    .insertInto('connections')
    .values({
      name: 'Wiki',
      product: 'confluence',
      deployment: 'cloud',
      site_url: 'https://wiki.atlassian.net',
      auth_method: 'api_token',
      status: 'active',
      authorized_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  id = row.id;
  server.asked.length = 0;
});

const post = (what: string, body: object = {}, by = key) =>
  request(server.app)
    .post(`/api/v1/connections/${id}/${what}`)
    .set('Authorization', `Bearer ${by}`)
    .send(body);

const become = (status: ConnectionStatus) =>
  server.database.db.updateTable('connections').set({ status }).where('id', '=', id).execute();

test('a connection is paused and resumed, as often as it is asked', async () => {
  for (let time = 0; time < 2; time += 1) {
    expect((await post('pause').expect(200)).body).toMatchObject({ id, status: 'paused' });
  }
  expect(server.asked).toEqual(expect.arrayContaining([`pause ${id}`, `applySchedule ${id}`]));
  for (let time = 0; time < 2; time += 1) {
    expect((await post('resume').expect(200)).body).toMatchObject({ id, status: 'active' });
  }
  expect(server.asked).toContain(`resume ${id}`);
  const audit = await server.database.db.selectFrom('audit_log').select('action').execute();
  const told = audit.map(({ action }) => action).filter((action) => action.startsWith('connection.'));
  expect(told).toEqual(['connection.pause', 'connection.resume']);
});

test('what was asked of an administrator before a pause is asked after it', async () => {
  const { db } = server.database;
  const asked = { status: 'attention', status_cause: 'mass_deletion', status_message: 'Look.' } as const;
  await db.updateTable('connections').set(asked).where('id', '=', id).execute();
  await post('pause').expect(200);
  const { body } = await post('resume').expect(200);
  expect(body).toMatchObject({ status: 'attention', statusCause: 'mass_deletion', statusMessage: 'Look.' });
});

test('while content is paused only permissions are read', async () => {
  await post('pause').expect(200);
  for (const kind of ['full', 'incremental', 'sweep']) {
    const { body } = await post('syncs', { kind }).expect(409);
    expect(body.error).toMatchObject({ code: 'paused', message: expect.stringContaining('Resume it first') });
  }
  await post('syncs', { kind: 'permissions' }).expect(202);
});

test('a sweep needs something that it could be held against', async () => {
  const { body } = await post('syncs', { kind: 'sweep' }).expect(409);
  expect(body.error.code).toBe('no_full_sync');
});

test.each<[ConnectionStatus, code: string]>([
  ['draft', 'not_ready'],
  ['needs_reauth', 'needs_reauth'],
  ['disabled', 'disabled'],
  ['disconnecting', 'disconnecting'],
])('of a connection that is %s nothing can be paused', async (status, code) => {
  await become(status);
  for (const what of ['pause', 'resume']) {
    const { body } = await post(what).expect(409);
    expect(body.error.code).toBe(code);
  }
  expect(server.asked).toEqual([]);
});

test('only administrators pause', async () => {
  await post('pause', {}, memberKey).expect(403);
  await become('paused');
  await post('resume', {}, memberKey).expect(403);
});
