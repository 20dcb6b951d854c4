import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import type { ConnectionSettings, ConnectionStatus } from '../../store/schema.ts';
import { scheduleId } from '../../temporal/names.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(async () => {
  await harness.engine.removeSchedule(harness.connectionId);
  await harness.close();
});
beforeEach(() => change('active', { strategy: 'manual' }));

const handle = (lane: 'content' | 'permissions' = 'content') =>
  harness.temporal.client.schedule.getHandle(scheduleId(harness.connectionId, lane));
const standing = async (lane: 'content' | 'permissions') =>
  handle(lane)
    .describe()
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      },
    );

async function change(status: ConnectionStatus, sync: ConnectionSettings['sync']): Promise<void> {
  await harness.database.db
    .updateTable('connections')
    .set({ status, settings: JSON.stringify({ sync }) })
    .where('id', '=', harness.connectionId)
    .execute();
  await harness.engine.applySchedule(harness.connectionId);
}

/** Lets the schedule start now. While what it started before is still closing, it would start nothing. */
async function trigger(): Promise<void> {
  while ((await handle().describe()).info.runningActions.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await handle().trigger();
}

/** Runs of content that a schedule started, oldest first, once there are so many and all have ended. */
async function scheduledRuns(many: number) {
  for (;;) {
    const runs = await harness.database.db
      .selectFrom('sync_runs')
      .select(['kind', 'state'])
      .where('connection_id', '=', harness.connectionId)
      .where('kind', '<>', 'permissions')
      .where('trigger', '=', 'schedule')
      .orderBy('created_at')
      .execute();
    const ended = runs.filter(({ state }) => ['succeeded', 'failed', 'cancelled'].includes(state));
    if (runs.length >= many && ended.length === runs.length) return runs;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const last = (hours: number) =>
  harness.database.db
    .updateTable('sync_runs')
    .set({ created_at: new Date(Date.now() - hours * 3_600_000) })
    .where('connection_id', '=', harness.connectionId)
    .execute();

test('a schedule follows the settings', async () => {
  await change('active', { strategy: 'scheduled', intervalMinutes: 30 });
  expect((await handle().describe()).spec.intervals).toMatchObject([{ every: 30 * 60_000 }]);
  await change('active', { strategy: 'scheduled', intervalMinutes: 45 });
  expect((await handle().describe()).spec.intervals).toMatchObject([{ every: 45 * 60_000 }]);
  await change('active', { strategy: 'manual' });
  await expect(handle().describe()).rejects.toThrow(ScheduleNotFoundError);
});

test('the first run that is due reads everything, the next ones what has changed', async () => {
  await change('active', { strategy: 'scheduled', intervalMinutes: 60 });
  await trigger();
  expect(await scheduledRuns(1)).toEqual([{ kind: 'full', state: 'succeeded' }]);
  await trigger();
  expect(await scheduledRuns(2)).toEqual([
    { kind: 'full', state: 'succeeded' },
    { kind: 'incremental', state: 'succeeded' },
  ]);
  await expectInvariants({ harness, connectionId: harness.connectionId });
});

test('paused, content rests and permissions go on; disabled or without a credential, both rest', async () => {
  const scheduled = { strategy: 'scheduled' } as const;
  await change('paused', scheduled);
  expect([await standing('content'), await standing('permissions')]).toEqual([false, true]);
  for (const status of ['disabled', 'needs_reauth', 'disconnecting'] as const) {
    await change(status, scheduled);
    expect([await standing('content'), await standing('permissions')]).toEqual([false, false]);
  }
});

test('a schedule that comes back begins at once where a run was missed, and else waits for its turn', async () => {
  const scheduled = { strategy: 'scheduled', intervalMinutes: 600 } as const;
  const before = (await scheduledRuns(0)).length;
  await change('disabled', scheduled);
  await change('active', scheduled);
  expect((await handle().describe()).info.numActionsTaken).toBe(0);
  await change('disabled', scheduled);
  await last(11);
  await change('active', scheduled);
  const runs = await scheduledRuns(before + 1);
  expect(runs.slice(before)).toEqual([{ kind: 'incremental', state: 'succeeded' }]);
});
