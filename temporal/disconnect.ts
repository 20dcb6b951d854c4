import type { Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { unfinishedDeletions } from '../store/disconnection.ts';
import type { Database } from '../store/schema.ts';
import { removeSchedule } from './schedules.ts';

export const disconnectWorkflowId = (connectionId: string) => `disconnect:${connectionId}`;

/** Starts the deletion of a connection that is disconnecting, or joins the one that goes on. */
export async function startDisconnection(
  client: Client,
  taskQueue: string,
  connectionId: string,
): Promise<void> {
  await client.workflow.start('disconnectConnection', {
    taskQueue,
    workflowId: disconnectWorkflowId(connectionId),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [connectionId],
  });
}

/**
 * Takes up deletions that nobody goes on with: Temporal was away when they were asked for, or the process died that
 * deleted a small connection within the request.
 */
export async function resumeDisconnections(deps: {
  client: Client;
  db: Kysely<Database>;
  taskQueue: string;
}): Promise<void> {
  for (const connectionId of await unfinishedDeletions(deps.db)) {
    await removeSchedule(deps.client, connectionId);
    await startDisconnection(deps.client, deps.taskQueue, connectionId);
  }
}
