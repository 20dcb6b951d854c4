import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let admin: BrowserSession;
let connectionId: string;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  await server.person('max@example.com', 'member', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  connectionId = await makeConnection(db);
  await db
    .insertInto('sync_runs')
    .values({
      connection_id: connectionId,
      kind: 'full',
      state: 'succeeded',
      requests: 120,
      points: 9_000,
      seen: 6_000,
      started_at: new Date(Date.now() - 600_000),
      finished_at: new Date(Date.now() - 540_000),
    })
    .execute();
  server.asked.length = 0;
});

test('each kind tells what it does and costs, and its button starts it', async () => {
  const page = await admin.get(`/connections/${connectionId}/sync`);
  expect(page.status).toBe(200);
  for (const words of ['What is new', 'Everything again', 'Permissions', 'Sweep', '9,000'])
    expect(page.text).toContain(words);
  expect(page.text).toContain('An API token has no hourly quota');
  const started = await admin.post(`/connections/${connectionId}/sync`, { kind: 'permissions' });
  expect(started.status).toBe(303);
  expect(server.asked).toEqual([`startRun ${connectionId}`]);
  const run = await server.database.db
    .selectFrom('sync_runs')
    .select('kind')
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow();
  expect(run.kind).toBe('permissions');
  expect((await admin.get(`/connections/${connectionId}/sync`)).text).toContain(
    'Not now: A permission sync is under way.',
  );
});

test('without a kind a sync brings everything up to date: a full one, until one has succeeded', async () => {
  const { db } = server.database;
  const started = async () => {
    const run = await db
      .selectFrom('sync_runs')
      .select('kind')
      .where('connection_id', '=', connectionId)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    return run?.kind;
  };
  await admin.post(`/connections/${connectionId}/sync`, {});
  expect(await started()).toBe('incremental');
  await db.deleteFrom('sync_runs').where('connection_id', '=', connectionId).execute();
  await admin.post(`/connections/${connectionId}/sync`, {});
  expect(await started()).toBe('full');
});

test('a kind that there is not starts nothing', async () => {
  const faulty = await admin.post(`/connections/${connectionId}/sync`, { kind: 'all' });
  expect(faulty.status).toBe(422);
  expect((await admin.post(`/connections/${connectionId}/sync/start`, { kind: 'full' })).status).toBe(404);
  expect(server.asked).toEqual([]);
});

test('the API tells the same, and names a kind that there is not', async () => {
  const actor = await server.person('key@example.com', 'administrator');
  const key = await server.key(actor);
  const ask = (query: string) =>
    request(server.app)
      .get(`/api/v1/connections/${connectionId}/forecast${query}`)
      .set('authorization', `Bearer ${key}`);
  const full = await ask('?kind=full');
  expect(full.body).toMatchObject({
    kind: 'full',
    requests: 120,
    points: 9_000,
    minutes: 1,
    basis: 'past_runs',
    obstacle: null,
    quota: null,
  });
  expect((await ask('')).body).toMatchObject({
    kind: 'incremental',
    basis: 'stored',
    requests: 8,
    points: 80,
  });
  const faulty = await ask('?kind=all');
  expect(faulty.status).toBe(422);
  expect(faulty.body.error.details.fields).toHaveProperty('kind');
});

test('members get nothing of it, whether the connection is there or not', async () => {
  const member = createBrowserSession(server.app);
  await member.signIn('max@example.com', 'correct horse battery');
  const there = await member.get(`/connections/${connectionId}/sync`);
  const nowhere = await member.get('/connections/00000000-0000-4000-8000-000000000000/sync');
  expect([there.status, nowhere.status]).toEqual([403, 403]);
  expect(there.text.replaceAll(connectionId, '')).not.toContain('points');
});
