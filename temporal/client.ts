import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import type { Database, RunKind } from '../store/schema.ts';
import type { RunRef } from '../activities/deps.ts';
import type { SteeringSignal, SyncEngine } from './engine.ts';
import { laneOf, lanes, syncWorkflowId, taskQueue as defaultTaskQueue, type Lane } from './names.ts';
import { startDisconnection } from './disconnect.ts';
import { createNextRuns } from './next-runs.ts';
import { applySchedule, removeSchedule } from './schedules.ts';
import { noticeStuckRuns } from './stuck-runs.ts';

/** How long a health check waits for Temporal. */
const healthMs = 2_000;

/**
 * How long somebody who pressed a button waits for Temporal; the SDK's own patience is twenty seconds a call. A start may
 * wait for the run before to close.
 */
const patience: Patience = { lookMs: 1_500, answerMs: 4_000, startMs: 8_000 };

interface Patience {
  /** For what a page shows beside other things. */
  lookMs: number;
  answerMs: number;
  startMs: number;
}

const closingAttempts = 20;
const closingPauseMs = 250;

/** The workflow engine over a real Temporal server. */
export function createSyncEngine(deps: {
  client: Client;
  db: Kysely<Database>;
  taskQueue?: string;
  patience?: Patience;
}): SyncEngine {
  const { client, db } = deps;
  const { lookMs, answerMs, startMs } = deps.patience ?? patience;
  const taskQueue = deps.taskQueue ?? defaultTaskQueue;
  const nextRuns = createNextRuns(client, lookMs);
  const within = <T>(ms: number, work: () => Promise<T>) =>
    client.connection.withDeadline(Date.now() + ms, work);
  return {
    startRun: ({ connectionId, runId, kind }) =>
      within(startMs, () => startRun(client, taskQueue, { connectionId, runId }, kind)),
    applySchedule: (connectionId) =>
      within(answerMs, async () => {
        await applySchedule({ client, db, taskQueue }, connectionId);
        await steer(client, connectionId, 'reconfigure');
      }),
    steerRun: (connectionId, change) => within(answerMs, () => steer(client, connectionId, change)),
    removeSchedule: (connectionId) => within(answerMs, () => removeSchedule(client, connectionId)),
    cancelRun: (connectionId) =>
      within(answerMs, async () => {
        for (const lane of lanes) await cancel(client, connectionId, lane);
      }),
    startDisconnection: (connectionId) =>
      within(answerMs, () => startDisconnection(client, taskQueue, connectionId)),
    nextRuns: (connectionIds) => nextRuns.read(connectionIds),
    noticeStuckRuns: () => noticeStuckRuns(client, db, { now: new Date(), taskQueue }),
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

async function cancel(client: Client, connectionId: string, lane: Lane): Promise<void> {
  try {
    await client.workflow.getHandle(syncWorkflowId(connectionId, lane)).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Permissions are read whatever is wanted of content, so that lane is not told. */
async function steer(client: Client, connectionId: string, change: SteeringSignal): Promise<void> {
  try {
    await client.workflow.getHandle(syncWorkflowId(connectionId)).signal(change);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/**
 * The run's row is unique per connection and lane while it runs; Temporal's workflow id is the second lock. The workflow of the
 * run before may take a moment to close after its row has ended: that moment is waited for.
 */
async function startRun(client: Client, taskQueue: string, run: RunRef, kind: RunKind): Promise<void> {
  const workflowId = syncWorkflowId(run.connectionId, laneOf(kind));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.workflow.start(kind === 'permissions' ? 'syncPermissions' : 'syncSite', {
        taskQueue,
        workflowId,
        workflowIdConflictPolicy: 'FAIL',
        memo: { runId: run.runId },
        args: [kind === 'permissions' ? run : { ...run, kind }],
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const { memo } = await client.workflow.getHandle(workflowId).describe();
      if (memo?.['runId'] === run.runId) return;
      if (attempt === closingAttempts) throw error;
      await sleep(closingPauseMs);
    }
  }
}
