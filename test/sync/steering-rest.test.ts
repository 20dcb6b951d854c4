import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import { GENERATED_ADMIN, generateWorld } from '../../sandbox/world/generate.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = generateWorld({ seed: 92, spaces: 2, pagesPerSpace: 10, commentsPerPage: 1, bodyBytes: 100 });

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.store.replace(structuredClone(world));
  await harness.database.db.deleteFrom('connections').execute();
});

/** Questions for the restrictions of whole spaces. */
const listings = () =>
  harness.sandbox.context.counters
    .log()
    .filter(({ path, query }) => path.endsWith('/content/search') && /space(%20|\+)in/.test(query));

test.each([
  { rest: 'a rest of a quarter of an hour', minutes: 16, again: true },
  { rest: 'a short rest', minutes: 1, again: false },
])('before a first settling, after $rest, restrictions are read anew: $again', async ({ minutes, again }) => {
  const { faults, store, counters } = harness.sandbox.context;
  const { db } = harness.database;
  // All has been read, and nothing is settled yet.
  faults.add({
    match: { path: '/api/v2/pages\\?.*limit=10(&|$)' },
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  const connection = await harness.connect({ world });
  const runId = await connection.start();
  await faults.barriers.whenHeld('held');
  await moveConnection(db, connection.connectionId, 'paused');
  await runWhen(harness, runId, ({ state }) => state === 'paused');
  faults.barriers.releaseAll();
  await sql`update sync_runs set heartbeat_at = now() - make_interval(mins => ${minutes})`.execute(db);
  if (again) for (const { id } of world.content) store.setRestriction(id, 'read', { users: [], groups: [] });
  const [shut] = world.content;
  if (again && shut !== undefined)
    store.setRestriction(shut.id, 'read', { users: [GENERATED_ADMIN.accountId], groups: [] });
  counters.reset();
  await moveConnection(db, connection.connectionId, 'resumed');
  await harness.engine.steerRun(connection.connectionId, 'resume');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(listings().length > 0).toBe(again);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});
