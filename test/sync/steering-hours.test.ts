import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { updateConnection } from '../../store/connections.ts';
import type { ConnectionSettings, SyncRun } from '../../store/schema.ts';
import { scheduledWorkflowId } from '../../temporal/names.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = createSmallWorld();

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

/** Hours that begin or end so many minutes from now, by the clock of UTC. */
function hours(fromMinutes: number, toMinutes: number): ConnectionSettings {
  const time = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);
  const window = { from: time(fromMinutes), to: time(toMinutes) };
  return { sync: { strategy: 'scheduled', intervalMinutes: 60, timezone: 'UTC', window } };
}
const open = hours(-60, 60);
const shut = hours(120, 240);

/** The schedule's own workflow, as Temporal starts it. */
async function strike({ connectionId }: HarnessConnection): Promise<unknown> {
  const { client, taskQueue } = harness.temporal;
  const workflowId = scheduledWorkflowId(connectionId, 'content');
  const handle = await client.workflow.start('scheduledSync', {
    taskQueue,
    workflowId,
    args: [{ connectionId, lane: 'content' }],
  });
  return handle.result();
}

async function runOf({ connectionId }: HarnessConnection): Promise<SyncRun> {
  for (;;) {
    const run = await harness.database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('connection_id', '=', connectionId)
      .where('kind', '=', 'full')
      .executeTakeFirst();
    if (run !== undefined) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const save = ({ connectionId }: HarnessConnection, settings: ConnectionSettings) =>
  updateConnection(harness.database.db, connectionId, { settings: JSON.stringify(settings) });

test('a scheduled run whose hours end under way waits for the next, and goes on when they begin', async () => {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/api/v2/footer-comments' },
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  const connection = await harness.connect({ world, settings: open });
  const ended = strike(connection);
  await faults.barriers.whenHeld('held');
  const { id } = await runOf(connection);
  await save(connection, shut);
  const waiting = await runWhen(harness, id, ({ state }) => state === 'waiting');
  expect(waiting.message).toContain('Outside the hours that are set');
  expect(waiting.waiting_until?.toISOString().slice(11, 16)).toBe(shut.sync?.window?.from);
  faults.barriers.releaseAll();
  // The hours are changed: whoever waits is told, and does not sleep on.
  await save(connection, open);
  await harness.engine.applySchedule(connection.connectionId);
  await ended;
  expect(await runWhen(harness, id, ({ finished_at: at }) => at !== null)).toMatchObject({
    state: 'succeeded',
  });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a run that somebody asks for keeps no hours, and neither do permissions', async () => {
  const connection = await harness.connect({ world, settings: shut });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a scheduled run is followed by a sweep where one is due, in the same lane', async () => {
  const { db } = harness.database;
  const connection = await harness.connect({ world, settings: open });
  const { connectionId } = connection;
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await strike(connection);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await db.updateTable('sync_runs').set({ started_at: yesterday }).where('kind', '=', 'full').execute();
  await db.updateTable('sweep_parts').set({ finished_at: yesterday }).execute();
  await strike(connection);
  const runs = await db
    .selectFrom('sync_runs')
    .select(['kind', 'state'])
    .where('connection_id', '=', connectionId)
    .where('trigger', '=', 'schedule')
    .orderBy('created_at')
    .execute();
  const state = 'succeeded';
  expect(runs).toEqual([
    { kind: 'incremental', state },
    { kind: 'incremental', state },
    { kind: 'sweep', state },
  ]);
  await expectInvariants({ harness, connectionId });
});
