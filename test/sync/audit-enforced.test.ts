import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { listRecords } from '../../store/records-read.ts';
import { makeUser } from '../factories.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
let userId: string;
beforeAll(async () => {
  const world = createSmallWorld();
  // The app's quota is used up by the first reading: permission syncs have nothing left but for what is due.
  harness = await createSyncHarness({ world, oauth: { accountId: SMALL.admin }, hourlyPoints: 10 });
  const mia = world.people.find(({ accountId }) => accountId === SMALL.mia);
  userId = await makeUser(harness.database.db, mia?.email ?? '');
  await harness.sync();
  await harness.sync('permissions');
});
afterAll(() => harness.close());

async function sees(externalId: string): Promise<boolean> {
  const { rows } = await listRecords(harness.database.db, {
    viewer: { userId },
    everything: false,
    conditions: [sql<boolean>`r.external_id = ${externalId}`],
    after: null,
    limit: 1,
  });
  return rows.length > 0;
}

const changes = () =>
  harness.database.db
    .selectFrom('permission_changes')
    .select(['kind', 'source_id', 'found_by', 'exact'])
    .where('connection_id', '=', harness.connectionId)
    .orderBy('id')
    .execute();

test('a restriction that no record tells of waits for its turn, for which there are no points', async () => {
  const { store } = harness.sandbox.context;
  store.setBehaviour({ auditLog: { omitted: ['Content restriction added'] } });
  store.setRestriction('2003', 'read', { users: [SMALL.admin] });
  expect(await harness.sync('permissions')).toMatchObject({ state: 'succeeded' });
  expect(await sees('2003')).toBe(true);
});

test('one that the audit log tells of counts with the next permission sync, below it too', async () => {
  const { store } = harness.sandbox.context;
  store.setBehaviour({ auditLog: {} });
  expect(await sees('2001')).toBe(true);
  store.setRestriction('2001', 'read', { users: [SMALL.admin] });
  expect(await harness.sync('permissions')).toMatchObject({ state: 'succeeded' });
  expect(await sees('2001')).toBe(false);
  expect(await sees('2002')).toBe(false);
  expect(await changes()).toContainEqual({
    kind: 'content',
    source_id: '2001',
    found_by: 'audit',
    exact: true,
  });
});

test('so does one that was lifted again, and who has left a group', async () => {
  const { store } = harness.sandbox.context;
  store.setRestriction('2001', 'read', {});
  await harness.sync('permissions');
  expect(await sees('2001')).toBe(true);
  store.removeMember(SMALL.users, SMALL.mia);
  await harness.sync('permissions');
  expect(await sees('2001')).toBe(false);
});
