import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import type { SyncRun } from '../../store/schema.ts';
import { startPrivatePostgres, type PrivatePostgres } from '../real-parts/postgres.ts';
import { createSyncHarness, type RunKind, type SyncHarness } from './harness.ts';
import { expectInvariants, expectShownAsSource } from './invariants.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const world = generateWorld({ seed: 31, spaces: 3, pagesPerSpace: 60, commentsPerPage: 2, bodyBytes: 400 });
// Many small answers: many points to be struck at.
world.behaviour.contentSearchLimit = 25;

let postgres: PrivatePostgres;
let harness: SyncHarness;
let worker: WorkerProcess;
beforeAll(async () => {
  postgres = await startPrivatePostgres();
  harness = await createSyncHarness({
    world,
    worker: false,
    ownNamespace: true,
    parts: { database: postgres.database },
    settings: { permissions: { comparedPairs: 0 } },
  });
  worker = await startWorkerProcess(harness);
}, 120_000);
afterAll(async () => {
  await worker.stop();
  await harness.close();
  await postgres.close();
});

/** Something for each kind of run to read and to store. */
function changeSomething(round: number): void {
  const { store } = harness.sandbox.context;
  const pages = world.content.map(({ id }) => id).slice(1);
  for (const id of pages.slice(round * 20, round * 20 + 12))
    store.updateContent(id, { title: `Again ${round} ${id}`, body: `<p>Round ${round}.</p>` });
  for (const id of pages.slice(round * 20, round * 20 + 6)) {
    store.addComment({ containerId: id, body: `<p>Said in round ${round}.</p>` });
    store.addAttachment({ containerId: id, title: `round-${round}.txt` });
  }
  const leaf = pages.findLast((id) => store.content(id) !== undefined && store.children(id).length === 0);
  if (leaf !== undefined) store.purge(leaf);
}

/** What the row says in the end; the database may be away while it is asked. */
async function ended(runId: string): Promise<SyncRun> {
  for (;;) {
    const run = await harness.database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirst()
      .catch(() => undefined);
    if (run?.finished_at != null) return harness.ended(runId);
    await sleep(100);
  }
}

/** One run, within which the server is killed as soon as one of these requests is about to be answered. */
async function struck(kind: RunKind, requests: readonly number[]): Promise<SyncRun> {
  const { faults } = harness.sandbox.context;
  const names = requests.map((after) => {
    const name = `${kind} ${after}`;
    faults.add({ after, times: 1, action: { kind: 'barrier', name } });
    return name;
  });
  const runId = await harness.start(kind);
  for (const name of names) {
    await faults.barriers.whenHeld(name);
    await postgres.restart();
    faults.barriers.release(name);
  }
  const run = await ended(runId);
  faults.clear();
  return run;
}

test.each<[RunKind, number[]]>([
  ['full', [2, 9, 20, 31]],
  ['incremental', [1, 5]],
  ['permissions', [1, 8]],
  ['sweep', [0, 3]],
])(
  'PostgreSQL that is killed and started again within a %s run loses nothing and doubles nothing',
  async (kind, requests) => {
    if (kind !== 'full') changeSomething(requests.length);
    expect(await struck(kind, requests)).toMatchObject({ state: 'succeeded', message: null });
    // What this kind of run does not read the others do; the same worker goes on with the pool that it had.
    for (const next of ['incremental', 'sweep', 'permissions'] as const)
      expect(await harness.sync(next)).toMatchObject({ state: 'succeeded', failed: '0' });
    await expectInvariants({ harness, connectionId: harness.connectionId }, worker.output);
    await expectShownAsSource({ harness, connectionId: harness.connectionId });
  },
  180_000,
);
