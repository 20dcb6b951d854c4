import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { scheduleId } from '../../temporal/names.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

async function settings(change: {
  strategy: 'scheduled' | 'manual';
  intervalMinutes?: number;
}): Promise<void> {
  await harness.database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ sync: change }) })
    .where('id', '=', harness.connectionId)
    .execute();
  await harness.engine.applySchedule(harness.connectionId);
}

const handle = () => harness.temporal.client.schedule.getHandle(scheduleId(harness.connectionId));

test('a schedule follows the settings, and what is due runs once', async () => {
  await settings({ strategy: 'scheduled', intervalMinutes: 30 });
  expect((await handle().describe()).spec.intervals).toMatchObject([{ every: 30 * 60_000 }]);
  await settings({ strategy: 'scheduled', intervalMinutes: 45 });
  expect((await handle().describe()).spec.intervals).toMatchObject([{ every: 45 * 60_000 }]);

  await handle().trigger();
  const { db } = harness.database;
  const succeeded = async () =>
    db
      .selectFrom('sync_runs')
      .select(['trigger', 'kind', 'state'])
      // Permissions have a clock of their own, which may strike meanwhile.
      .where('kind', '<>', 'permissions')
      .where('state', '<>', 'running')
      .where('state', '<>', 'queued')
      .execute();
  for (let look = 0; look < 200 && (await succeeded()).length === 0; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await succeeded()).toEqual([{ trigger: 'schedule', kind: 'full', state: 'succeeded' }]);

  await settings({ strategy: 'manual' });
  await expect(handle().describe()).rejects.toThrow(ScheduleNotFoundError);
});
