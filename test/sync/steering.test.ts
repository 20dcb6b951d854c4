import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { moveConnection, type ConnectionEvent } from '../../store/connection-state.ts';
import { updateConnection } from '../../store/connections.ts';
import type { Connection, SyncRun } from '../../store/schema.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe, expectSound } from './invariants.ts';
import { runWhen } from './run-when.ts';

const world = generateWorld({ seed: 91, spaces: 5, pagesPerSpace: 10, commentsPerPage: 1, bodyBytes: 300 });
world.behaviour.contentSearchLimit = 2;
const [, second] = world.spaces;
if (second !== undefined) second.type = 'personal';

jest.setTimeout(120_000);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.counters.reset();
  await harness.database.db.deleteFrom('connections').execute();
  await harness.database.db.deleteFrom('rate_limits').execute();
});

const requests = () => harness.sandbox.context.counters.log().length;
const restrictions = '/content/search\\?.*cursor=';
const comments = '/api/v2/footer-comments';

/** A full run that stands still at a request. */
async function heldAt(
  path: string,
  options: { after?: number; settings?: Connection['settings'] } = {},
): Promise<{ connection: HarnessConnection; runId: string }> {
  const { faults } = harness.sandbox.context;
  const { after = 0, settings } = options;
  const hold = { kind: 'barrier', name: 'held' } as const;
  faults.add({ match: { path }, after, times: 1, action: hold });
  const connection = await harness.connect({ world, ...(settings === undefined ? {} : { settings }) });
  const runId = await connection.start();
  await faults.barriers.whenHeld('held');
  return { connection, runId };
}

const release = () => harness.sandbox.context.faults.barriers.releaseAll();
const at = (runId: string, state: SyncRun['state']) => runWhen(harness, runId, (run) => run.state === state);
const move = (connection: HarnessConnection, event: ConnectionEvent) =>
  moveConnection(harness.database.db, connection.connectionId, event);
const save = (connection: HarnessConnection, settings: Connection['settings']) =>
  updateConnection(harness.database.db, connection.connectionId, { settings: JSON.stringify(settings) });
const settle = (connection: HarnessConnection) =>
  expectInvariants({ harness, connectionId: connection.connectionId });

test('a paused sync asks nothing more, keeps its place and goes on in the same run', async () => {
  const { connection, runId } = await heldAt(restrictions, { after: 3 });
  await move(connection, 'paused');
  await harness.engine.steerRun(connection.connectionId, 'pause');
  const paused = await at(runId, 'paused');
  expect(paused).toMatchObject({ finished_at: null, waiting_until: null });
  expect(paused.message).toContain('goes on where it stopped');
  release();
  // Told again and again, it looks again and again, and rests.
  for (let time = 0; time < 3; time += 1)
    await harness.engine.steerRun(connection.connectionId, 'reconfigure');
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  expect((await at(runId, 'paused')).seen).toBe(paused.seen);
  await move(connection, 'resumed');
  await harness.engine.steerRun(connection.connectionId, 'resume');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', deleted: '0', message: null });
  // Each batch was asked for once, but those that were on their way.
  const listed = harness.sandbox.context.counters
    .log()
    .filter(({ path }) => path.endsWith('/content/search'));
  const again = listed.length - new Set(listed.map(({ query }) => query)).size;
  expect(again).toBeLessThanOrEqual(8);
  await settle(connection);
});

test('a pause of which no signal tells is seen by the step itself, and a lost resume is made up for', async () => {
  const { connection, runId } = await heldAt(comments);
  await move(connection, 'paused');
  await at(runId, 'paused');
  release();
  await move(connection, 'resumed');
  expect((await at(runId, 'paused')).state).toBe('paused');
  await harness.engine.applySchedule(connection.connectionId);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await settle(connection);
});

test('a sync that waits for a limit can be paused, and asks nothing before the time when it goes on', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  faults.add({ match: { path: comments }, times: 1, action: { kind: 'rate-limit', retryAfter: 99_999 } });
  const runId = await connection.start();
  await at(runId, 'waiting');
  await move(connection, 'paused');
  await harness.engine.steerRun(connection.connectionId, 'pause');
  await at(runId, 'paused');
  const refused = () =>
    harness.sandbox.context.counters.log().filter(({ path }) => path.endsWith('/footer-comments')).length;
  const asked = refused();
  await move(connection, 'resumed');
  await harness.engine.steerRun(connection.connectionId, 'resume');
  const waiting = await at(runId, 'waiting');
  expect(waiting.waiting_until?.getTime()).toBeGreaterThan(Date.now() + 30 * 60_000);
  expect(refused()).toBe(asked);
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled' });
  await expectSafe({ harness, connectionId: connection.connectionId });
});

test('a paused sync can be cancelled, and the next one starts at once', async () => {
  const { connection, runId } = await heldAt(restrictions, { after: 3 });
  await move(connection, 'paused');
  await at(runId, 'paused');
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled' });
  release();
  await move(connection, 'resumed');
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await settle(connection);
});

test.each([
  // A fifth of the records: below the share that is asked about first.
  { name: 'left', before: { personalSpaces: true }, after: { personalSpaces: false } },
  { name: 'came', before: { personalSpaces: false }, after: { personalSpaces: true } },
])('a sync whose scope changes under way holds the new one at its end: spaces that $name', async (change) => {
  for (const path of [restrictions, comments]) {
    const { connection, runId } = await heldAt(path, { settings: { scope: change.before } });
    await save(connection, { scope: change.after });
    await harness.engine.steerRun(connection.connectionId, 'reconfigure');
    const wanted = change.after.personalSpaces !== false;
    await runWhen(harness, runId, (run) => run.scope?.['personalSpaces'] === wanted);
    release();
    expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
    await expectSound({ harness, connectionId: connection.connectionId });
    harness.sandbox.context.faults.clear();
  }
});

test('settings that change nothing of what is listed reach a running sync without stopping it', async () => {
  const { connection, runId } = await heldAt(comments);
  await save(connection, { sync: { strategy: 'scheduled', intervalMinutes: 45 } });
  await harness.engine.applySchedule(connection.connectionId);
  release();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  const log = harness.sandbox.context.counters.log();
  expect(log.filter(({ path }) => path.endsWith('/api/v2/spaces')).length).toBe(1);
  await settle(connection);
});

test('a sync of a connection that is disabled ends, also where nobody could cancel it', async () => {
  const { connection, runId } = await heldAt(restrictions, { after: 2 });
  await move(connection, 'disabled');
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled' });
  const asked = requests();
  release();
  await move(connection, 'enabled');
  expect(requests()).toBe(asked);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await settle(connection);
});

test('a sync whose credential turns out to be dead elsewhere asks nothing more and says why', async () => {
  const { connection, runId } = await heldAt(restrictions, { after: 2 });
  const told = { cause: 'token_rejected', message: 'Atlassian takes the token no more.' };
  await moveConnection(harness.database.db, connection.connectionId, 'credential_dead', told);
  const ended = await connection.ended(runId);
  expect(ended).toMatchObject({ state: 'failed', cause: told.cause });
  const asked = requests();
  release();
  await expect(connection.sync('permissions')).resolves.toMatchObject({ state: 'failed' });
  expect(requests()).toBe(asked);
  await expectSafe({ harness, connectionId: connection.connectionId });
});
