import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { progressSchema } from './schemas.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let id: string;
let listening: Server;
let engineFails = false;

beforeAll(async () => {
  server = await createTestServer({
    engine: {
      startRun: async () => {
        if (engineFails) throw new Error('no engine');
      },
    },
  });
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
  listening = createServer(server.app).listen(0);
});
afterAll(async () => {
  listening.closeAllConnections();
  listening.close();
  await server.close();
});
beforeEach(async () => {
  engineFails = false;
  const row = {
    name: `Wiki ${Math.random()}`,
    product: 'confluence',
    deployment: 'cloud',
    auth_method: 'api_token',
  } as const;
  const values = { ...row, site_url: 'https://x.atlassian.net', status: 'active' as const, settings: '{}' };
  ({ id } = await db().insertInto('connections').values(values).returning('id').executeTakeFirstOrThrow());
});
afterEach(() => db().deleteFrom('connections').execute());

const db = () => server.database.db;
const call = (method: 'get' | 'post', path: string, by = key) =>
  request(server.app)[method](`/api/v1${path}`).set('authorization', `Bearer ${by}`);
const start = async (kind = 'full') =>
  (await call('post', `/connections/${id}/syncs`).send({ kind }).expect(202)).body;

test('a sync starts with 202, and a second one is refused while it runs', async () => {
  const run = await start();
  expect(run).toMatchObject({ connectionId: id, kind: 'full', state: 'queued', trigger: 'manual' });
  const early = await call('post', `/connections/${id}/syncs`).send({ kind: 'incremental' }).expect(409);
  expect(early.body.error).toMatchObject({ code: 'no_full_sync' });
  const refused = await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(409);
  expect(refused.body.error).toMatchObject({
    code: 'sync_running',
    message: expect.stringContaining('full'),
  });
});

test('a sync of permissions runs beside one of content, never beside another of its own', async () => {
  await start('full');
  const own = await start('permissions');
  expect(own).toMatchObject({ kind: 'permissions', state: 'queued' });
  const refused = await call('post', `/connections/${id}/syncs`).send({ kind: 'permissions' }).expect(409);
  expect(refused.body.error).toMatchObject({
    code: 'sync_running',
    message: expect.stringContaining('permissions'),
  });
  const listed = async (kind: string) =>
    (await call('get', `/connections/${id}/syncs?kind=${kind}`).expect(200)).body.items.map(
      (run: { kind: string }) => run.kind,
    );
  expect(await listed('permissions')).toEqual(['permissions']);
  expect(await listed('content')).toEqual(['full']);
  expect(await listed('full')).toEqual(['full']);
  const unknown = await call('get', `/connections/${id}/syncs?kind=some`).expect(422);
  expect(Object.keys(unknown.body.error.details.fields)).toEqual(['kind']);
  const { body: connection } = await call('get', `/connections/${id}`).expect(200);
  expect(connection.currentRun).toMatchObject({ kind: 'full' });
});

test('twenty starts at once make one run', async () => {
  const starts = await Promise.all(
    Array.from({ length: 20 }, () => call('post', `/connections/${id}/syncs`).send({ kind: 'full' })),
  );
  expect(starts.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
});

test('where the engine is away the run ends as failed, and the next may start', async () => {
  engineFails = true;
  const refused = await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(503);
  expect(refused.body.error.code).toBe('engine_unavailable');
  engineFails = false;
  await start();
});

test('a connection that is not authorized, or must be again, says so', async () => {
  await db().updateTable('connections').set({ status: 'draft' }).execute();
  const draft = await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(409);
  expect(draft.body.error.code).toBe('not_ready');
  await db()
    .updateTable('connections')
    .set({ status: 'needs_reauth', status_message: 'The token expired.' })
    .execute();
  const dead = await call('post', `/connections/${id}/syncs`).send({ kind: 'full' }).expect(409);
  expect(dead.body.error.message).toContain('The token expired.');
});

test('an unknown kind, an unknown field, a dry run of a sweep and settings of a sync are refused at their field', async () => {
  for (const [body, field] of [
    [{ kind: 'some' }, 'kind'],
    [{ kind: 'full', soon: true }, 'soon'],
    [{ kind: 'sweep', dryRun: true }, 'kind'],
    [{ kind: 'full', dryRun: true, settings: { filters: { pageIds: 'all' } } }, 'settings.filters.pageIds'],
    [{ kind: 'full', settings: {} }, 'settings'],
  ] as const) {
    const { body: answer } = await call('post', `/connections/${id}/syncs`).send(body).expect(422);
    expect(Object.keys(answer.error.details.fields)).toEqual([field]);
  }
});

test('syncs are listed newest first in pages, and the log oldest first', async () => {
  const ids: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const run = await start();
    ids.unshift(run.id);
    await db().updateTable('sync_runs').set({ state: 'succeeded' }).where('id', '=', run.id).execute();
  }
  const first = (await call('get', `/connections/${id}/syncs?limit=2`).expect(200)).body;
  const rest = (await call('get', `/connections/${id}/syncs?limit=2&cursor=${first.nextCursor}`).expect(200))
    .body;
  expect([...first.items, ...rest.items].map((run: { id: string }) => run.id)).toEqual(ids);
  expect(rest.nextCursor).toBeNull();

  const lines = ['one', 'two', 'three'].map((message) => ({
    run_id: ids[0] ?? '',
    level: 'info' as const,
    message,
  }));
  await db().insertInto('sync_log').values(lines).execute();
  const page = (await call('get', `/syncs/${ids[0]}/log?limit=2`).expect(200)).body;
  const next = (await call('get', `/syncs/${ids[0]}/log?limit=2&cursor=${page.nextCursor}`).expect(200)).body;
  expect([...page.items, ...next.items].map((line: { message: string }) => line.message)).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect((await call('get', `/syncs/${ids[0]}/log?level=error`).expect(200)).body.items).toEqual([]);
});

test('progress tells stages, pace, what is left and what failed', async () => {
  const run = await start();
  const startedAt = new Date(Date.now() - 10_000);
  await db().updateTable('sync_runs').set({ state: 'running', started_at: startedAt }).execute();
  await db()
    .insertInto('sync_stages')
    .values({ run_id: run.id, stage: 'pages', done: 100, total: 300 })
    .execute();
  const failure = { connection_id: id, stage: 'pages', external_id: '7', message: 'Too large', status: 500 };
  await db().insertInto('sync_failures').values(failure).execute();
  const { body } = await call('get', `/syncs/${run.id}`).expect(200);
  const progress = progressSchema.parse(body);
  expect(progress.stages).toEqual([{ stage: 'pages', state: 'running', done: 100, total: 300 }]);
  expect(progress.rate).toBeGreaterThan(8);
  expect(progress.remainingSeconds).toBeGreaterThan(15);
  expect(progress.failures[0]).toMatchObject({ externalId: '7', message: 'Too large' });
});

/** Opens a stream; `first` is what came with the first event, `rest` all of it at its end. */
async function listen(
  runId: string,
  by = key,
): Promise<{ status: number; first: string; rest: Promise<string> }> {
  const { port } = listening.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/syncs/${runId}/events`, {
    headers: { authorization: `Bearer ${by}` },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const read = async (until: (text: string) => boolean) => {
    for (;;) {
      if (until(text)) return text;
      const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
      if (done) return text;
      text += value;
    }
  };
  const first = await read((sofar) => /data: .*\n\n/.test(sofar));
  return { status: response.status, first, rest: read(() => false) };
}

test('listeners hear of the progress until the run is done', async () => {
  const run = await start();
  const streams = [await listen(run.id), await listen(run.id)];
  await db().updateTable('sync_runs').set({ state: 'succeeded', seen: 5 }).where('id', '=', run.id).execute();
  for (const stream of streams) {
    const events = [...(await stream.rest).matchAll(/event: (\w+)\ndata: (.+)\n/g)].map(([, name, data]) => ({
      name,
      data: progressSchema.parse(JSON.parse(data ?? '')),
    }));
    expect(events.at(0)).toMatchObject({ name: 'progress', data: { state: 'queued' } });
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { state: 'succeeded', counts: { seen: 5 } } });
  }
});

test('a run that is over is told at once, and nobody else hears of a run', async () => {
  const run = await start();
  await db()
    .updateTable('sync_runs')
    .set({ state: 'failed', message: 'x' })
    .where('id', '=', run.id)
    .execute();
  expect(await (await listen(run.id)).rest).toMatch(/event: progress\n.*\n\nevent: done/);
  expect((await listen(run.id, memberKey)).status).toBe(403);
  expect((await listen('00000000-0000-4000-8000-000000000000')).status).toBe(404);
});
