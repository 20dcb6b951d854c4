import type { Client } from '@temporalio/client';
import { sql, type Kysely } from 'kysely';
import { closeNotice, openNotice } from '../store/notices.ts';
import type { Database, RunKind } from '../store/schema.ts';
import { laneOf, type Lane } from './names.ts';

/** A step that lives says so every ten seconds; a run that says nothing for this long is stuck. */
const silenceMs = 5 * 60_000;

/** How long Temporal may take to say who polls a queue. */
const answerMs = 5_000;

const code = 'run_stuck';

interface StuckRun {
  connection_id: string;
  name: string;
  kind: RunKind;
  state: string;
  since: Date;
}

/**
 * Tells administrators of runs that are under way and give no sign of life: nobody took the first step, a step hangs,
 * or a wait is over and nothing follows. Closes what it told when life returns, or the run has ended. Idempotent: any
 * number of processes may look. A run without a workflow is not stuck but lost (reconcile.ts).
 * @throws where Temporal does not answer: then that is what is to be told, not this
 */
export async function noticeStuckRuns(
  client: Client,
  db: Kysely<Database>,
  { now, taskQueue }: { now: Date; taskQueue: string },
): Promise<void> {
  const stuck = await findStuck(db, new Date(now.getTime() - silenceMs));
  const workers = stuck.length === 0 ? 0 : await countWorkers(client, taskQueue);
  for (const run of stuck) {
    await openNotice(db, {
      connectionId: run.connection_id,
      code,
      subject: laneOf(run.kind),
      severity: 'error',
      message: wordsFor(run, taskQueue, workers),
    });
  }
  const isStuck = new Set(stuck.map((run) => `${run.connection_id} ${laneOf(run.kind)}`));
  const open = await db
    .selectFrom('notices')
    .select(['connection_id', 'subject'])
    .where('code', '=', code)
    .where('ended_at', 'is', null)
    .execute();
  for (const { connection_id: connectionId, subject } of open) {
    if (!isStuck.has(`${connectionId} ${subject}`)) await closeNotice(db, { connectionId, code, subject });
  }
}

/** Runs that rest, or wait for a time that is still to come, are silent rightly. */
async function findStuck(db: Kysely<Database>, silentSince: Date): Promise<StuckRun[]> {
  const { rows } = await sql<StuckRun>`
    select r.connection_id, c.name, r.kind, r.state,
      greatest(r.heartbeat_at, r.updated_at, r.waiting_until) as since
    from sync_runs r join connections c on c.id = r.connection_id
    where r.state in ('queued', 'running', 'waiting')
      and greatest(r.heartbeat_at, r.updated_at, r.waiting_until) < ${silentSince}
    order by r.created_at limit 1000`.execute(db);
  return rows;
}

/** Processes that have asked the queue for steps lately. */
async function countWorkers(client: Client, taskQueue: string): Promise<number> {
  const { pollers } = await client.connection.withDeadline(Date.now() + answerMs, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: activityQueue,
    }),
  );
  return (pollers ?? []).length;
}

/** temporal.api.enums.v1.TaskQueueType */
const activityQueue = 2;

const laneWords: Record<Lane, string> = { content: 'sync of content', permissions: 'sync of permissions' };

function wordsFor(run: StuckRun, taskQueue: string, workers: number): string {
  const what = `The ${laneWords[laneOf(run.kind)]} of "${run.name}" ${run.state === 'queued' ? 'was asked for and has not begun' : 'gives no sign of life'} since ${run.since.toISOString()}.`;
  const queue = `the queue "${taskQueue}"`;
  if (workers === 0) {
    return `${what} No worker takes work from ${queue}. Start one; the sync goes on where it stopped.`;
  }
  const many = workers === 1 ? 'One worker takes' : `${workers} workers take`;
  return `${what} ${many} work from ${queue}, but got no further with it. Look at their logs and restart them; the sync goes on where it stopped.`;
}
