import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { connectTestTemporal, type TestTemporal } from '../test/temporal.ts';
import { loadQueueFigures, type QueueFigures } from './queue-figures.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(() => temporal.close());

const figures = () =>
  loadQueueFigures(temporal.client, { taskQueue: temporal.taskQueue, patienceMs: 60_000 });

/** Temporal's own figures follow what happens within a moment. */
async function until(holds: (queue: QueueFigures) => boolean): Promise<QueueFigures> {
  for (;;) {
    const queue = await figures();
    if (holds(queue)) return queue;
  }
}
const of = (queue: QueueFigures, type: 'workflow' | 'activity') => queue.find((each) => each.type === type);

test('a queue that nobody asks has no workers and what was put into it; with a worker it has one', async () => {
  const alone = await figures();
  expect(alone.map(({ type, pollers }) => [type, pollers])).toEqual([
    ['workflow', 0],
    ['activity', 0],
  ]);
  const { taskQueue, client, connection, namespace } = temporal;
  const handle = await client.workflow.start('nobodyKnowsIt', {
    taskQueue,
    workflowId: temporal.id('waits'),
  });
  const waiting = await until((queue) => (of(queue, 'workflow')?.backlog ?? 0) > 0);
  expect(of(waiting, 'activity')?.backlog).toBe(0);
  await handle.terminate();
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities: { rest: async () => {} },
  });
  const served = worker.run();
  const busy = await until((queue) => (of(queue, 'activity')?.pollers ?? 0) > 0);
  expect(of(busy, 'activity')?.pollers).toBe(1);
  worker.shutdown();
  await served;
});

test('a Temporal that does not answer in time is an error, after which nothing is asked any more', async () => {
  await expect(loadQueueFigures(temporal.client, { patienceMs: 0 })).rejects.toThrow(/DEADLINE_EXCEEDED/);
});
