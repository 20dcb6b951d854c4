import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type ScheduleHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { createSyncEngine } from '../../temporal/client.ts';
import { startTemporal } from '../../temporal/dev-server.ts';
import { scheduleId } from '../../temporal/names.ts';
import { unhurried } from '../temporal.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld(), worker: false });
});
afterAll(() => harness.close());

/** The product's own schedule with a clock that runs faster: policies and action stay. */
async function everySecond(client: Client): Promise<ScheduleHandle> {
  const handle = client.schedule.getHandle(scheduleId(harness.connectionId));
  await handle.update((previous) => ({ ...previous, spec: { intervals: [{ every: '1 second' }] } }));
  return handle;
}

async function until(looksSo: () => Promise<boolean>): Promise<void> {
  while (!(await looksSo())) await sleep(100);
}

test('while no worker takes anything, one start waits and the others find it waiting', async () => {
  await harness.engine.applySchedule(harness.connectionId);
  const handle = await everySecond(harness.temporal.client);
  await until(async () => (await handle.describe()).info.numActionsSkippedOverlap >= 3);
  const { info } = await handle.describe();
  expect(info.numActionsTaken).toBe(1);
  expect(info.runningActions).toHaveLength(1);
  await harness.engine.removeSchedule(harness.connectionId);
});

test('after Temporal was away over many starts, they are caught up by one run, and none is missed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-schedule-'));
  let server = await startTemporal({ dataDir });
  try {
    let connection = await Connection.connect({ address: server.address });
    let client = new Client({ connection });
    const taskQueue = `catch-up-${randomUUID()}`;
    await createSyncEngine({ client, db: harness.database.db, taskQueue, patience: unhurried }).applySchedule(
      harness.connectionId,
    );
    await client.schedule.getHandle(scheduleId(harness.connectionId)).update((previous) => ({
      ...previous,
      spec: { intervals: [{ every: '1 second' }], startAt: new Date(Date.now() + 5_000) },
    }));
    // The scheduler takes the change up a moment later.
    await sleep(2_000);
    await connection.close();
    await server.stop();
    // Longer than the shortest window for catching up that Temporal knows, ten seconds.
    await sleep(18_000);

    server = await startTemporal({ dataDir });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection });
    const handle = client.schedule.getHandle(scheduleId(harness.connectionId));
    await until(async () => (await handle.describe()).info.numActionsSkippedOverlap >= 3);
    const { info } = await handle.describe();
    expect(info).toMatchObject({ numActionsTaken: 1, numActionsMissedCatchupWindow: 0 });
    expect(info.runningActions).toHaveLength(1);
    await connection.close();
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 90_000);
