import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { scheduledWorkflowId } from '../../temporal/names.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = createSmallWorld();

jest.setTimeout(120_000);

let harness: SyncHarness;
let server: TestServer;
let key = '';
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
  const { database, engine } = harness;
  server = await createTestServer({ database, engine, key: harness.key, gatewayUrl: harness.sandbox.url });
  key = await server.key(await server.person('ada@example.com', 'administrator'));
});
afterAll(async () => {
  await server.close();
  await harness.close();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.counters.reset();
  await harness.database.db.deleteFrom('connections').execute();
});

const call = (method: 'post' | 'delete', path: string, body?: object) =>
  request(server.app)[method](`/api/v1/connections/${path}`).set('Authorization', `Bearer ${key}`).send(body);

/** What a schedule does when it is due. */
async function strike({ connectionId }: HarnessConnection, number: number): Promise<void> {
  const { client, taskQueue } = harness.temporal;
  const workflowId = `${scheduledWorkflowId(connectionId, 'content')} ${number}`;
  await client.workflow.execute('scheduledSync', {
    taskQueue,
    workflowId,
    args: [{ connectionId, lane: 'content' }],
  });
}

const contentRuns = ({ connectionId }: HarnessConnection) =>
  harness.database.db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('kind', '<>', 'permissions')
    .execute();

/** A first sync that stands still in the middle. */
async function held(connection: HarnessConnection): Promise<void> {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/api/v2/footer-comments' },
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  await call('post', `${connection.connectionId}/syncs`, { kind: 'full' }).expect(202);
  await faults.barriers.whenHeld('held');
}

const letGo = () => harness.sandbox.context.faults.barriers.releaseAll();

test('two schedules that are due at once and somebody who clicks twice make one run', async () => {
  const connection = await harness.connect({ world });
  await held(connection);
  const clicks = [1, 2].map(() => call('post', `${connection.connectionId}/syncs`, { kind: 'full' }));
  const [answers] = await Promise.all([
    Promise.all(clicks),
    Promise.all([1, 2].map((number) => strike(connection, number))),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([409, 409]);
  expect(answers.map(({ body }) => body.error.code)).toEqual(['sync_running', 'sync_running']);
  const runs = await contentRuns(connection);
  expect(runs.map(({ state }) => state)).toEqual(['running']);
  letGo();
  expect(await connection.ended(runs[0]?.id ?? '')).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('where nothing runs yet, of four that start at once one does', async () => {
  const connection = await harness.connect({ world });
  harness.sandbox.context.faults.add({ action: { kind: 'barrier', name: 'all' } });
  const clicks = [1, 2].map(() => call('post', `${connection.connectionId}/syncs`, { kind: 'full' }));
  const strikes = [1, 2].map((number) => strike(connection, number));
  const answers = await Promise.all(clicks);
  await harness.sandbox.context.faults.barriers.whenHeld('all');
  const runs = await contentRuns(connection);
  expect(runs.map(({ state }) => state)).toEqual(['running']);
  expect(answers.filter(({ status }) => status === 202).length).toBeLessThanOrEqual(1);
  harness.sandbox.context.faults.clear();
  letGo();
  expect(await connection.ended(runs[0]?.id ?? '')).toMatchObject({ state: 'succeeded' });
  await Promise.all(strikes);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a pause and a resume by the interface stop a run under way and let the same one go on', async () => {
  const connection = await harness.connect({ world });
  await held(connection);
  const [run] = await contentRuns(connection);
  const id = run?.id ?? '';
  await call('post', `${connection.connectionId}/pause`).expect(200);
  await runWhen(harness, id, ({ state }) => state === 'paused');
  letGo();
  const refused = await call('post', `${connection.connectionId}/syncs`, { kind: 'incremental' }).expect(409);
  expect(refused.body.error.code).toBe('paused');
  await strike(connection, 1);
  expect((await contentRuns(connection)).map(({ state }) => state)).toEqual(['paused']);
  await call('post', `${connection.connectionId}/resume`).expect(200);
  expect(await connection.ended(id)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a connection that is deleted while it syncs leaves no run, no record and no request behind', async () => {
  const connection = await harness.connect({ world });
  const { connectionId } = connection;
  await held(connection);
  await call('delete', connectionId).expect(204);
  const asked = harness.sandbox.context.counters.log().length;
  letGo();
  const { db } = harness.database;
  for (const table of ['sync_runs', 'records', 'checkpoints', 'spaces', 'content_access'] as const) {
    const left = await db
      .selectFrom(table)
      .select('connection_id')
      .where('connection_id', '=', connectionId)
      .execute();
    expect({ table, left: left.length }).toEqual({ table, left: 0 });
  }
  await expect(connection.start()).rejects.toThrow(/foreign key/);
  expect(harness.sandbox.context.counters.log().length).toBe(asked);
});
