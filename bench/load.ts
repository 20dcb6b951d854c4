import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncRun } from '../store/schema.ts';
import { laneOf, syncWorkflowId } from '../temporal/names.ts';
import type { Rig } from './rig.ts';

/** What the sandbox counted between two looks. */
export interface Spent {
  requests: number;
  points: number;
}

export interface Load extends Spent {
  run: SyncRun;
  /** From the start of the workflow to everything stored and searchable. */
  seconds: number;
  /** Highest resident memory of the worker, MB. */
  peakMb: number;
  /** Requests below /spaces/{id} and for members of groups: "one a space and one a group that matters". */
  perSpaceAndGroup: number;
}

/** Makes the connection that the benchmark syncs, with the generated world's classic API token. */
export async function connect(rig: Rig): Promise<string> {
  const { db } = rig.database;
  const world = (await rig.control('GET', '')) as { site: { url: string; cloudId: string } };
  const { id } = await db
    .insertInto('connections')
    .values({
      name: 'Benchmark',
      product: 'confluence',
      deployment: 'cloud',
      site_url: world.site.url,
      cloud_id: world.site.cloudId,
      auth_method: 'api_token',
      api_email: 'admin@example.com',
      status: 'active',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const api_token = rig.cipher.seal('sandbox-classic-token', {
    table: 'connections',
    row: id,
    column: 'api_token',
  });
  await db.updateTable('connections').set({ api_token }).where('id', '=', id).execute();
  return id;
}

/** Runs one sync and measures it from outside. */
export async function measure(
  rig: Rig,
  connectionId: string,
  kind: 'full' | 'incremental' | 'permissions',
  workerPid: number,
): Promise<Load> {
  const { db } = rig.database;
  const { id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind })
    .returning('id')
    .executeTakeFirstOrThrow();
  await rig.control('DELETE', '/counters');
  const memory = watchMemory(workerPid);
  const started = performance.now();
  await rig.client.workflow.execute(kind === 'permissions' ? 'syncPermissions' : 'syncSite', {
    taskQueue: 'sluice',
    workflowId: syncWorkflowId(connectionId, laneOf(kind)),
    args: [{ connectionId, runId, kind }],
  });
  const seconds = (performance.now() - started) / 1_000;
  const peakMb = await memory.stop();
  const run = await db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
  if (run.state !== 'succeeded') throw new Error(`The sync ${run.state}: ${run.message ?? ''}`);
  const counters = (await rig.control('GET', '/counters')) as Counters;
  return { run, seconds, peakMb, ...counters.total, perSpaceAndGroup: perSpaceAndGroup(counters) };
}

interface Counters {
  total: Spent;
  routes: Record<string, Spent>;
}

function perSpaceAndGroup({ routes }: Counters): number {
  return Object.entries(routes)
    .filter(([route]) => /spaces\/[^/]+\/(permissions|role-assignments)|membersByGroupId/.test(route))
    .reduce((sum, [, spent]) => sum + spent.requests, 0);
}

/** Reads a process's resident memory four times a second. */
function watchMemory(pid: number): { stop(): Promise<number> } {
  let peak = 0;
  let going = true;
  const watching = (async () => {
    while (going) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
      peak = Math.max(peak, kb / 1_024);
      await sleep(250);
    }
  })();
  return {
    async stop() {
      going = false;
      await watching;
      return peak;
    },
  };
}
