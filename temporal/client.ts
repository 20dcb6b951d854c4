import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { InvalidInput } from '../errors.ts';
import type { Database } from '../store/schema.ts';
import type { SyncInput } from '../workflows/sync.ts';
import type { SyncEngine } from './engine.ts';
import { syncWorkflowId, taskQueue as defaultTaskQueue } from './names.ts';
import { applySchedule, removeSchedule } from './schedules.ts';

/** How long a health check waits for Temporal. */
const healthMs = 2_000;

const closingAttempts = 20;
const closingPauseMs = 250;

/** The workflow engine over a real Temporal server. */
export function createSyncEngine(deps: {
  client: Client;
  db: Kysely<Database>;
  taskQueue?: string;
}): SyncEngine {
  const { client, db } = deps;
  const taskQueue = deps.taskQueue ?? defaultTaskQueue;
  return {
    async startRun({ connectionId, runId, kind }) {
      if (kind !== 'full' && kind !== 'incremental') {
        throw new InvalidInput({ kind: 'Syncs are "full" or "incremental" so far.' });
      }
      await startRun(client, taskQueue, { connectionId, runId, kind });
    },
    applySchedule: (connectionId) => applySchedule({ client, db, taskQueue }, connectionId),
    removeSchedule: (connectionId) => removeSchedule(client, connectionId),
    async cancelRun(connectionId) {
      try {
        await client.workflow.getHandle(syncWorkflowId(connectionId)).cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async health() {
      try {
        await client.connection.withDeadline(Date.now() + healthMs, () =>
          client.workflowService.getSystemInfo({}),
        );
        return { ok: true, message: 'Temporal answers.' };
      } catch {
        return { ok: false, message: 'Temporal does not answer. Syncs wait until it does; nothing is lost.' };
      }
    },
  };
}

/**
 * The run's row is unique per connection while it runs; Temporal's workflow id is the second lock. The workflow of the
 * run before may take a moment to close after its row has ended: that moment is waited for.
 */
async function startRun(client: Client, taskQueue: string, input: SyncInput): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.workflow.start('syncSite', {
        taskQueue,
        workflowId: syncWorkflowId(input.connectionId),
        workflowIdConflictPolicy: 'FAIL',
        memo: { runId: input.runId },
        args: [input],
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const { memo } = await client.workflow.getHandle(syncWorkflowId(input.connectionId)).describe();
      if (memo?.['runId'] === input.runId) return;
      if (attempt === closingAttempts) throw error;
      await sleep(closingPauseMs);
    }
  }
}
