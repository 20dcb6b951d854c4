import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { taskQueue } from '../../temporal/names.ts';
import type { TestTemporal } from '../temporal.ts';

/** The shared server in a namespace that nobody else uses, where workers may poll the product's own queue. */
export async function inOwnNamespace(shared: TestTemporal): Promise<TestTemporal> {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const { connection } = shared.client;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  return { ...shared, namespace, taskQueue, client: new Client({ connection, namespace }) };
}
