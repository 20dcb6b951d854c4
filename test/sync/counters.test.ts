import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { findImbalance } from '../../store/run-balance.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({
  seed: 41,
  spaces: 3,
  pagesPerSpace: 20,
  commentsPerPage: 1,
  restrictedEvery: 5,
});

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
}, 60_000);
afterAll(() => harness.close());

/** Each run of the connection, with what does not add up in it. */
async function books() {
  const { db } = harness.database;
  const runs = await db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', harness.connectionId)
    .orderBy('created_at')
    .execute();
  return Promise.all(
    runs.map(async ({ id, kind, state }) => ({ kind, state, wrong: await findImbalance(db, id) })),
  );
}

test('the books of every kind of run balance, whatever it brought in, left out, failed to read and removed', async () => {
  const { store, faults } = harness.sandbox.context;
  const forbidden: FaultRuleInput['action'] = { kind: 'status', status: 403, body: {} };
  const pages = world.content.filter(({ type, parentId }) => type === 'page' && parentId !== null);
  const [edited, moved, trashed, purged, labelled] = pages.map(({ id }) => id) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await harness.sync();
  const spaceId = world.spaces[0]!.id;
  store.updateContent(edited, { title: 'Edited', body: '<p>Edited</p>' });
  store.addContent({ spaceId, title: 'New', body: '<p>New</p>' });
  store.addContent({ type: 'folder', spaceId, title: 'Shelf' });
  store.moveContent(moved, { parentId: null, spaceId: world.spaces[1]!.id });
  store.trash(trashed);
  store.setLabels(labelled, ['new']);
  faults.add({ match: { path: '/folders/' }, action: forbidden });
  await harness.sync('incremental');
  await harness.sync('permissions');
  store.purge(purged);
  await harness.sync('sweep');
  await harness.sync();
  faults.clear();
  await harness.sync('sweep');
  await harness.sync();
  const all = await books();
  expect(all.map(({ state }) => state)).toEqual(all.map(() => 'succeeded'));
  expect(all.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  const { rows } = { rows: await harness.database.db.selectFrom('removals').select('external_id').execute() };
  expect(rows.length).toBeGreaterThan(1);
  const notices = await harness.database.db.selectFrom('notices').select('code').execute();
  expect(notices.map(({ code }) => code)).not.toContain('counters_unbalanced');
  await expectInvariants({ harness, connectionId: harness.connectionId });
}, 120_000);
