import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { group, groupsAnd, page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type RunKind, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, space: spaceId } = SMALL;
const leads = 'grp-leads';
const company = smallCompany(
  [
    page('1'),
    page('2', { parentId: '1' }),
    page('3', { read: { users: [mia] } }),
    page('4', { read: { groups: [leads] } }),
  ],
  { groups: groupsAnd(group(leads, [admin, mia], { name: 'Leads' })) },
);

/** An answer that is under way while the source changes, and the change. */
const answers: [what: string, path: string, change: (store: WorldStore) => void][] = [
  ['restrictions', '/content/search', (store) => store.setRestriction('1', 'read', { users: [admin] })],
  ['places', '/api/v2/pages\\?', (store) => store.moveContent('2', { parentId: '3' })],
  ['members of a group', `/group/${leads}/`, (store) => store.removeMember(leads, mia)],
  ['accounts', '/users-bulk', (store) => store.deactivatePerson(mia)],
  [
    'the permissions of a space',
    '/spaces/\\d+/permissions',
    (store) =>
      store.setSpacePermissions(spaceId, [
        { principal: { type: 'user', id: admin }, operation: 'read', target: 'space' },
      ]),
  ],
  ['what exists', '/api/v2/pages\\?', (store) => store.trash('3')],
];

const orders: [earlier: RunKind, later: RunKind][] = [
  ['full', 'permissions'],
  ['permissions', 'full'],
];

const cases = answers.flatMap(([what, path, change]) =>
  orders.map(([earlier, later]) => ({ what, path, change, earlier, later })),
);

test.each(cases)(
  'an older answer about $what that a $earlier sync stores last opens nothing that a $later sync has shut',
  async ({ path, change, earlier, later }) => {
    const { store, faults } = harness.sandbox.context;
    const { connection, differences } = await openCompany(harness, company);
    await connection.sync();
    faults.add({ match: { path }, times: 1, action: { kind: 'barrier', name: 'older', when: 'after' } });
    const first = await connection.start(earlier);
    await faults.barriers.whenHeld('older');
    change(store);
    expect(await connection.sync(later)).toMatchObject({ state: 'succeeded' });
    faults.barriers.releaseAll();
    expect(await connection.ended(first)).toMatchObject({ state: 'succeeded' });
    expect((await differences()).filter(({ leaked }) => leaked.length > 0)).toEqual([]);
    faults.clear();
    await connection.sync('permissions');
    expect(await differences()).toEqual([]);
  },
);

test('a full sync removes nothing that a permission sync has read meanwhile', async () => {
  const { faults } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  faults.add({ match: { path: '/footer-comments' }, times: 1, action: { kind: 'barrier', name: 'late' } });
  const full = await connection.start('full');
  await faults.barriers.whenHeld('late');
  expect(await connection.sync('permissions')).toMatchObject({
    state: 'succeeded',
    unchanged: expect.anything(),
  });
  faults.barriers.releaseAll();
  expect(await connection.ended(full)).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await differences()).toEqual([]);
});
