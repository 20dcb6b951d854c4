import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import { openRunStates } from '../store/run-state.ts';
import { finishRun } from '../store/runs.ts';
import type { Database, SyncRun } from '../store/schema.ts';
import type { SteeringSignal } from './engine.ts';
import { laneOf, syncWorkflowId } from './names.ts';

/** A run whose workflow should have started by now. */
const graceMs = 60_000;

type OpenRun = Pick<SyncRun, 'id' | 'connection_id' | 'kind' | 'state' | 'updated_at'>;

/**
 * Ends runs that say they are going on while no workflow is behind them: the process that queued one died before it
 * started the workflow, or Temporal lost its state. Without this the connection could never sync again. Runs that rest
 * or wait while something else is wanted by now are told to look: the signal that said so was lost.
 * @returns how many were ended.
 */
export async function reconcileRuns(client: Client, db: Kysely<Database>, now: Date): Promise<number> {
  const open = await db
    .selectFrom('sync_runs as r')
    .innerJoin('connections as c', 'c.id', 'r.connection_id')
    .select(['r.id', 'r.connection_id', 'r.kind', 'r.state', 'r.updated_at'])
    .select(['c.status', 'c.updated_at as changed_at'])
    .where('r.state', 'in', [...openRunStates])
    .where('r.updated_at', '<', new Date(now.getTime() - graceMs))
    .execute();
  let ended = 0;
  for (const run of open) {
    const workflowId = syncWorkflowId(run.connection_id, laneOf(run.kind));
    if (!(await isRunning(client, workflowId))) {
      const message =
        'The workflow behind this sync is gone. Start it again: it goes on where this one stopped.';
      await finishRun(db, run.id, { state: 'failed', cause: 'workflow_lost', message });
      ended += 1;
    } else if (laneOf(run.kind) === 'content' && missedSomething(run)) {
      const look: SteeringSignal = 'reconfigure';
      await client.workflow.getHandle(workflowId).signal(look);
    }
  }
  return ended;
}

/** A step that runs looks by itself; only who waits for a signal can miss one. */
function missedSomething(run: OpenRun & { status: string; changed_at: Date }): boolean {
  if (run.state === 'paused') return run.status !== 'paused';
  return run.state === 'waiting' && (run.status === 'paused' || run.changed_at > run.updated_at);
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
