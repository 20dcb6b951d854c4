import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { keyIdOf, keyProviderFromKey } from '../../store/encryption.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

const { accountId } = GENERATED_ADMIN;
const world = generateWorld({ seed: 31, spaces: 2, pagesPerSpace: 60, commentsPerPage: 1 });
const next = randomBytes(32);
const idOf = (key: Buffer) => keyProviderFromKey(key).current().id;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({
    world,
    sandbox: { logLength: 100_000 },
    worker: false,
    ownNamespace: true,
  });
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  await db.deleteFrom('oauth_apps').execute();
  harness.sandbox.context.faults.clear();
});

const keys = (current: Buffer, previous?: Buffer) => ({
  ENCRYPTION_KEY: current.toString('base64'),
  ...(previous === undefined ? {} : { ENCRYPTION_KEYS_PREVIOUS: previous.toString('base64') }),
});
const connectionNow = () =>
  harness.database.db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
async function keyIds(): Promise<Set<string | null>> {
  const { db } = harness.database;
  const grants = await db.selectFrom('grants').selectAll().execute();
  const apps = await db.selectFrom('oauth_apps').select('client_secret').execute();
  const cells = [
    ...grants.flatMap((row) => [row.access_token, row.refresh_token]),
    ...apps.map((row) => row.client_secret),
  ];
  return new Set(cells.map((cell) => keyIdOf(cell ?? Buffer.alloc(0))));
}

test('the key is changed while a sync runs, by two workers at once: nothing stops, and the old key is out', async () => {
  const { faults, grants } = harness.sandbox.context;
  const connection = await harness.connect({ world, oauth: { accountId } });
  // The first step of the change: everybody can open what the new key seals.
  const before = await startWorkerProcess(harness, { env: keys(harness.key, next) });
  faults.add({
    id: 'pages',
    match: { path: '/api/v2/pages\\?' },
    times: 1,
    action: { kind: 'barrier', name: 'pages' },
  });
  const runId = await connection.start();
  await faults.barriers.whenHeld('pages');
  // The second, while the sync stands in the middle of a listing.
  const after = await Promise.all(
    [1, 2].map(() => startWorkerProcess(harness, { env: keys(next, harness.key) })),
  );
  expect(await keyIds()).toEqual(new Set([idOf(next)]));
  grants.expireAccessTokens(accountId);
  faults.remove('pages');
  faults.barriers.releaseAll();
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await before.stop();
  await Promise.all(after.map((worker) => worker.stop()));
  // What the first worker sealed late with the old key is found by the next look of a worker that has both.
  const late = await startWorkerProcess(harness, { env: keys(next, harness.key) });
  expect(await keyIds()).toEqual(new Set([idOf(next)]));
  await late.stop();
  // The third: the old key is gone.
  const alone = await startWorkerProcess(harness, { env: keys(next) });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  expect((await connectionNow()).status).toBe('active');
  const output = [before, ...after, late, alone].flatMap((worker) => worker.output);
  await expectInvariants({ harness, connectionId: connection.connectionId }, output);
  for (const key of [harness.key, next]) expect(output.join('\n')).not.toContain(key.toString('base64'));
  await alone.stop();
}, 120_000);

test('a lost key stops the connection in words before it syncs; when it is back, the connection goes on by itself', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  const first = await startWorkerProcess(harness, { env: keys(harness.key, next) });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await first.stop();
  const lost = await startWorkerProcess(harness, { env: keys(randomBytes(32)) });
  expect(await connectionNow()).toMatchObject({
    status: 'needs_reauth',
    status_cause: 'unknown_encryption_key',
    status_message: expect.stringContaining('ENCRYPTION_KEYS_PREVIOUS'),
  });
  expect(lost.output.join('\n')).toContain('unknown_encryption_key');
  // It lives on, and asks Atlassian nothing.
  harness.sandbox.context.counters.reset();
  await expectSafe({ harness, connectionId: connection.connectionId }, lost.output);
  expect(harness.sandbox.context.counters.log()).toEqual([]);
  await lost.stop();
  const back = await startWorkerProcess(harness, { env: keys(harness.key, next) });
  expect(await connectionNow()).toMatchObject({ status: 'active', status_cause: null });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  const open = await harness.database.db
    .selectFrom('notices')
    .selectAll()
    .where('ended_at', 'is', null)
    .execute();
  expect(open).toEqual([]);
  await expectInvariants({ harness, connectionId: connection.connectionId }, back.output);
  await back.stop();
}, 120_000);
