import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { finishRun } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { laneOf, syncWorkflowId } from './names.ts';

/** A run whose workflow should have started by now. */
const graceMs = 60_000;

/**
 * Ends runs that say they are going on while no workflow is behind them: the process that queued one died before it
 * started the workflow, or Temporal lost its state. Without this the connection could never sync again.
 * @returns how many were ended.
 */
export async function reconcileRuns(client: Client, db: Kysely<Database>, now: Date): Promise<number> {
  const open = await db
    .selectFrom('sync_runs')
    .select(['id', 'connection_id', 'kind'])
    .where('state', 'in', ['queued', 'running', 'waiting'])
    .where('updated_at', '<', new Date(now.getTime() - graceMs))
    .execute();
  let ended = 0;
  for (const run of open) {
    if (await isRunning(client, syncWorkflowId(run.connection_id, laneOf(run.kind)))) continue;
    const message =
      'The workflow behind this sync is gone. Start it again: it goes on where this one stopped.';
    await finishRun(db, run.id, { state: 'failed', cause: 'workflow_lost', message });
    ended += 1;
  }
  return ended;
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
