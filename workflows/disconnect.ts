import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create.ts';

const { deleteConnection } = proxyActivities<Pick<Activities, 'deleteConnection'>>({
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Deletes a connection that is disconnecting. What is left to do is in the database, so it may be started again at any time. */
export async function disconnectConnection(connectionId: string): Promise<void> {
  await deleteConnection(connectionId);
}
