import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectTestTemporal, unhurried, type TestTemporal } from '../test/temporal.ts';
import { scheduleId } from './names.ts';
import { createNextRuns } from './next-runs.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(() => temporal.close());

test('of several connections, the next runs are told by one list, and none where nothing is scheduled', async () => {
  const [scheduled, unscheduled] = [randomUUID(), randomUUID()];
  await temporal.client.schedule.create({
    scheduleId: scheduleId(scheduled),
    spec: { intervals: [{ every: '1 hour' }] },
    action: { type: 'startWorkflow', workflowType: 'never', taskQueue: temporal.taskQueue },
  });
  const { read } = createNextRuns(temporal.client, unhurried.lookMs);
  // The list comes from Temporal's index, which follows a moment later.
  let found = await read([scheduled, unscheduled]);
  while (found?.get(scheduled)?.length === 0) found = await read([scheduled, unscheduled]);
  expect(found).toEqual(await expectedOf(scheduled, unscheduled));
  await temporal.client.schedule.getHandle(scheduleId(scheduled)).delete();
  expect(await read([scheduled])).toEqual(new Map([[scheduled, []]]));
});

async function expectedOf(scheduled: string, unscheduled: string): Promise<Map<string, Date[]>> {
  const { info } = await temporal.client.schedule.getHandle(scheduleId(scheduled)).describe();
  return new Map([
    [scheduled, info.nextActionTimes.slice(0, 5)],
    [unscheduled, []],
  ]);
}

test('while Temporal does not answer, nobody waits for it page by page', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  let now = 0;
  const { read } = createNextRuns(new Client({ connection }), 1_500, () => now);
  expect(await read(['a'])).toBeNull();
  // What is not asked for costs no time: an answer in the same turn of the loop.
  const again = read(['a']);
  expect(
    await Promise.race([again, new Promise((resolve) => setImmediate(() => resolve('asked')))]),
  ).toBeNull();
  now = 11_000;
  const later = read(['a']);
  expect(await Promise.race([later, new Promise((resolve) => setImmediate(() => resolve('asked')))])).toBe(
    'asked',
  );
  expect(await later).toBeNull();
  await connection.close();
});
