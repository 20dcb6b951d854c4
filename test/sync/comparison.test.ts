import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { loadComparisons, compareSoon } from '../../store/permission-comparison.ts';
import { listDisagreements } from '../../store/permission-disagreements.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { addViewer } from './viewer.ts';

let harness: SyncHarness;
let mia: Awaited<ReturnType<typeof addViewer>>;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
  mia = await addViewer(harness, SMALL.mia);
});
afterAll(() => harness.close());

const faults = () => harness.sandbox.context.faults;
const comparison = async () =>
  (await loadComparisons(harness.database.db, harness.connectionId)).get(harness.connectionId);
const shown = async () => (await mia(harness.connectionId)).first;
const readPermissions = async () => {
  await compareSoon(harness.database.db, harness.connectionId);
  expect(await harness.sync('permissions')).toMatchObject({ state: 'succeeded' });
};

beforeEach(async () => {
  faults().clear();
  await harness.sync();
});

test('Confluence and we agree about everybody and everything', async () => {
  await readPermissions();
  const found = await comparison();
  expect(found).toMatchObject({ open: 0, hidden: 0, refusal: null });
  expect(found?.compared).toBeGreaterThan(8);
  expect(found?.agreed).toBe(found?.compared);
});

test('a page of which Confluence refuses somebody whom we admit is hidden with all below, until both agree', async () => {
  expect(await shown()).toEqual(['2001', '2002', '2003']);
  faults().add({
    match: { path: 'content/2002/permission/check' },
    action: { kind: 'rewrite', pattern: '"hasPermission":true', replacement: '"hasPermission":false' },
  });
  await readPermissions();
  expect(await shown()).toEqual(['2001']);
  expect((await comparison())?.hidden).toBeGreaterThan(0);
  // A whole reading does not show it again, and neither does another night.
  await harness.sync();
  await readPermissions();
  expect(await shown()).toEqual(['2001']);
  faults().clear();
  expect(await harness.sync('permissions')).toMatchObject({ state: 'succeeded' });
  expect(await shown()).toEqual(['2001', '2002', '2003']);
  expect(await comparison()).toMatchObject({ open: 0, hidden: 0 });
  const page = { state: 'resolved' as const, after: null, limit: 100 };
  const resolved = await listDisagreements(harness.database.db, harness.connectionId, page);
  expect(resolved.every((one) => one.externalId === '2002' && one.ours)).toBe(true);
  expect(resolved[0]?.layers.map(({ kind }) => kind)).toEqual(['product', 'space']);
});

test('without the right to ask nothing is compared, nothing fails, and the reason is told', async () => {
  faults().add({
    match: { path: 'permission/check' },
    action: { kind: 'status', status: 403, body: { message: 'Only administrators' } },
  });
  const before = (await comparison())?.compared;
  await readPermissions();
  expect(await comparison()).toMatchObject({ compared: before, open: 0 });
  expect((await comparison())?.refusal).toMatch(/403|permi/i);
  expect(await shown()).toEqual(['2001', '2002', '2003']);
});
