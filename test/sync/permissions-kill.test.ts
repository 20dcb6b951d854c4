import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectNoLeaks } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

const { admin, mia } = SMALL;
const company = smallCompany(
  Array.from({ length: 30 }, (_, n) => page(`${n + 1}`, n % 3 === 2 ? { parentId: `${n}` } : {})),
);

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld(), worker: false, ownNamespace: true });
});
afterAll(() => harness.close());

/** Where the worker is killed: before anything is stored, and when all but content is. Each costs 15 s of heartbeats. */
const points = ['accessType=user', '/api/v2/pages\\?'];

test('a worker killed within a permission sync leaves nothing open, and another one ends the run', async () => {
  const { store, faults } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  const output: string[] = [];
  let worker = await startWorkerProcess(harness);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  store.setRestriction('2', 'read', { users: [admin] });
  store.setRestriction('5', 'read', { users: [admin, mia] });
  store.moveContent('9', { parentId: '2' });
  for (const [n, path] of points.entries())
    faults.add({ match: { path }, times: 1, action: { kind: 'barrier', name: `${n}` } });
  const run = await connection.start('permissions');
  for (const n of points.keys()) {
    await faults.barriers.whenHeld(`${n}`);
    await worker.kill();
    output.push(...worker.output);
    faults.barriers.releaseAll();
    worker = await startWorkerProcess(harness);
  }
  expect(await connection.ended(run)).toMatchObject({ state: 'succeeded' });
  expect(await differences()).toEqual([]);
  await worker.stop();
  await expectNoLeaks(harness, [...output, ...worker.output]);
}, 200_000);
