import type { Client } from '@temporalio/client';
import { taskQueue as defaultTaskQueue } from './names.ts';

/** How long Temporal may take: metrics are asked for every few seconds. */
const answerMs = 2_000;

/** temporal.api.enums.v1.TaskQueueType */
const types = { workflow: 1, activity: 2 } as const;

/** Of each kind of task: how many wait for a worker, by Temporal's estimate, and how many workers ask for them. */
export type QueueFigures = { type: keyof typeof types; backlog: number; pollers: number }[];

/** @throws where Temporal does not answer in time; no question is under way any more then. */
export async function loadQueueFigures(
  client: Client,
  { taskQueue = defaultTaskQueue, patienceMs = answerMs } = {},
): Promise<QueueFigures> {
  const answers = await Promise.allSettled([
    describe(client, taskQueue, 'workflow', patienceMs),
    describe(client, taskQueue, 'activity', patienceMs),
  ]);
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
}

async function describe(client: Client, taskQueue: string, type: keyof typeof types, patienceMs: number) {
  const { stats, pollers } = await client.connection.withDeadline(Date.now() + patienceMs, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: types[type],
      reportStats: true,
    }),
  );
  return { type, backlog: Number(stats?.approximateBacklogCount ?? 0), pollers: (pollers ?? []).length };
}
