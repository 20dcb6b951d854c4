import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import type { Insertable } from 'kysely';
import type { Database } from '../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { connectTestTemporal, type TestTemporal } from '../test/temporal.ts';
import { syncWorkflowId } from './names.ts';
import { reconcileRuns } from './reconcile.ts';
import { noticeStuckRuns } from './stuck-runs.ts';

let database: TestDatabase;
let temporal: TestTemporal;
beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
});
afterAll(async () => {
  await temporal.close();
  await database.close();
});
afterEach(async () => {
  for (const table of ['connections', 'notices'] as const) await database.db.deleteFrom(table).execute();
});

const now = new Date();
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const in20Minutes = ago(-20);

async function runOf(
  connectionId: string,
  values: Partial<Insertable<Database['sync_runs']>>,
): Promise<string> {
  const long = { created_at: ago(60), started_at: ago(60), updated_at: ago(60) };
  const { id } = await database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', state: 'running', ...long, ...values })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

const look = (at = now) =>
  noticeStuckRuns(temporal.client, database.db, { now: at, taskQueue: temporal.taskQueue });

const notices = () =>
  database.db
    .selectFrom('notices')
    .select(['code', 'subject', 'message', 'ended_at'])
    .orderBy('began_at')
    .execute();

test('a run without a sign of life is told of once, with why, and no more when life returns', async () => {
  const connectionId = await makeConnection(database.db, { name: 'Wiki' });
  const id = await runOf(connectionId, { heartbeat_at: ago(6) });
  await look();
  await look();
  const [told, ...more] = await notices();
  expect(more).toEqual([]);
  expect(told).toMatchObject({ code: 'run_stuck', subject: 'content', ended_at: null });
  expect(told?.message).toContain(`"Wiki" gives no sign of life since ${ago(6).toISOString()}`);
  expect(told?.message).toContain(`No worker takes work from the queue "${temporal.taskQueue}"`);
  await database.db
    .updateTable('sync_runs')
    .set({ heartbeat_at: ago(0) })
    .where('id', '=', id)
    .execute();
  await look();
  expect(await notices()).toMatchObject([{ ended_at: expect.any(Date) }]);
});

test('where workers take work, their logs are what to look at', async () => {
  const worker = await Worker.create({
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    activities: { nothing: async () => {} },
  });
  const connectionId = await makeConnection(database.db, { name: 'Wiki' });
  await runOf(connectionId, { kind: 'permissions', state: 'queued', started_at: null });
  await worker.runUntil(async () => {
    for (;;) {
      await look();
      const [told] = await notices();
      expect(told).toMatchObject({ subject: 'permissions' });
      expect(told?.message).toContain('was asked for and has not begun');
      // Temporal shows who polls a moment after it did.
      if (told?.message.includes('One worker takes work') === true) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});

test.each<[name: string, values: Parameters<typeof runOf>[1]]>([
  ['works', { heartbeat_at: ago(1) }],
  ['stores', { heartbeat_at: null, updated_at: ago(1) }],
  ['waits for its time', { state: 'waiting', waiting_until: in20Minutes, heartbeat_at: ago(30) }],
  ['rests', { state: 'paused', heartbeat_at: ago(30) }],
  ['has ended', { state: 'failed', heartbeat_at: ago(30), finished_at: ago(20) }],
])('a run that %s is not stuck', async (_name, values) => {
  await runOf(await makeConnection(database.db), values);
  await look();
  expect(await notices()).toEqual([]);
});

test('a run that waits for longer than it said is stuck', async () => {
  await runOf(await makeConnection(database.db), { state: 'waiting', waiting_until: ago(7) });
  await look();
  expect(await notices()).toMatchObject([{ code: 'run_stuck', ended_at: null }]);
});

/** The workflow of a run, which nobody works on. */
async function startIdle(connectionId: string) {
  await temporal.client.workflow.start('syncSite', {
    taskQueue: `${temporal.taskQueue}-idle`,
    workflowId: syncWorkflowId(connectionId),
    args: [],
  });
  return temporal.client.workflow.getHandle(syncWorkflowId(connectionId));
}

async function signalsOf(connectionId: string): Promise<number> {
  const { events } = await temporal.client.workflow.getHandle(syncWorkflowId(connectionId)).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes != null).length;
}

test('a run whose workflow is gone is ended; one whose workflow is there is left alone', async () => {
  const lost = await makeConnection(database.db, { name: 'Lost' });
  const kept = await makeConnection(database.db, { name: 'Kept' });
  await runOf(lost, { state: 'paused' });
  await runOf(kept, {});
  const handle = await startIdle(kept);
  expect(await reconcileRuns(temporal.client, database.db, now)).toBe(1);
  const runs = await database.db
    .selectFrom('sync_runs')
    .select(['connection_id', 'state', 'cause'])
    .execute();
  expect(runs).toHaveLength(2);
  expect(runs).toContainEqual({ connection_id: lost, state: 'failed', cause: 'workflow_lost' });
  expect(runs).toContainEqual({ connection_id: kept, state: 'running', cause: null });
  expect(await signalsOf(kept)).toBe(0);
  await handle.terminate();
});

test.each([
  [
    'rests while its connection does not, is told to look',
    { state: 'paused' as const },
    'active' as const,
    1,
  ],
  ['rests with its connection, rests on', { state: 'paused' as const }, 'paused' as const, 0],
  ['waits while its connection rests, is told to look', { state: 'waiting' as const }, 'paused' as const, 1],
])('a run that %s', async (_name, values, status, signals) => {
  const connectionId = await makeConnection(database.db);
  await database.db
    .updateTable('connections')
    .set({ status, updated_at: ago(90) })
    .where('id', '=', connectionId)
    .execute();
  await runOf(connectionId, { ...values, waiting_until: in20Minutes });
  const handle = await startIdle(connectionId);
  expect(await reconcileRuns(temporal.client, database.db, now)).toBe(0);
  expect(await signalsOf(connectionId)).toBe(signals);
  await handle.terminate();
});
