import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { visibleTo } from '../oracle/canView.ts';
import { group, groupsAnd, page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { leaksOf } from './differences.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, users, team, space: spaceId } = SMALL;
const leads = 'grp-leads';

const company = smallCompany(
  [
    page('1'),
    page('2', { parentId: '1' }),
    page('3', { parentId: '2' }),
    page('4', { type: 'folder', body: '', read: { groups: [leads] } }),
    page('5', { parentId: '4' }),
    page('6', { read: { users: [mia, noah] } }),
  ],
  { groups: groupsAnd(group(leads, [admin, mia], { name: 'Leads' })) },
);

/** What happens between two syncs, and what mia and noah then see. */
const changes: [what: string, change: (store: WorldStore) => void, mia: string[], noah: string[]][] = [
  ['nothing', () => {}, ['1', '2', '3', '4', '5', '6'], ['1', '2', '3', '6']],
  [
    'a restriction without a new version',
    (store) => store.setRestriction('2', 'read', { users: [admin, mia] }),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '6'],
  ],
  [
    'a move below a restricted folder',
    (store) => store.moveContent('2', { parentId: '4' }),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '6'],
  ],
  [
    'a move out of a restricted folder',
    (store) => store.moveContent('5', { parentId: '1' }),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '5', '6'],
  ],
  [
    'a restriction on a folder that is lifted',
    (store) => store.setRestriction('4', 'read', {}),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '4', '5', '6'],
  ],
  [
    'a folder renamed',
    (store) => store.updateContent('4', { title: 'harbour elsewhere' }),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '6'],
  ],
  ['a group left', (store) => store.removeMember(leads, mia), ['1', '2', '3', '6'], ['1', '2', '3', '6']],
  [
    'a group renamed',
    (store) => store.renameGroup(leads, 'Heads'),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '6'],
  ],
  [
    'a group whose name another takes',
    (store) => {
      store.renameGroup(leads, 'Former leads');
      store.addGroup(group('grp-new', [noah], { name: 'Leads' }));
    },
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '6'],
  ],
  [
    'a group deleted, and another made of the same name',
    (store) => {
      // So that the crawler still gets through, and it is the group alone that decides.
      store.setRestriction('4', 'read', { users: [admin], groups: [leads] });
      store.removeGroup(leads);
      store.addGroup(group('grp-new', [mia, noah], { name: 'Leads' }));
    },
    ['1', '2', '3', '6'],
    ['1', '2', '3', '6'],
  ],
  ['the product taken from somebody', (store) => store.removeMember(users, mia), [], ['1', '2', '3', '6']],
  [
    'a space opened to a team alone',
    (store) =>
      store.setSpacePermissions(spaceId, [
        { principal: { type: 'user', id: admin }, operation: 'read', target: 'space' },
        { principal: { type: 'group', id: team }, operation: 'read', target: 'space' },
      ]),
    ['1', '2', '3', '4', '5', '6'],
    [],
  ],
  [
    'a person taken out of a restriction',
    (store) => store.setRestriction('6', 'read', { users: [admin, noah] }),
    ['1', '2', '3', '4', '5'],
    ['1', '2', '3', '6'],
  ],
  ['a page in the trash', (store) => store.trash('6'), ['1', '2', '3', '4', '5'], ['1', '2', '3']],
  [
    'a page gone without a trace, whose children move up',
    (store) => store.purge('2'),
    ['1', '3', '4', '5', '6'],
    ['1', '3', '6'],
  ],
];

test.each(changes)('after %s the next sync shows what is right', async (_, change, toMia, toNoah) => {
  const { store } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  expect(await differences()).toEqual([]);
  change(store);
  expect([mia, noah].map((one) => [...visibleTo(store.snapshot(), one)].sort())).toEqual([toMia, toNoah]);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await differences()).toEqual([]);
});

test('a page that is archived below a restricted one is not opened by it', async () => {
  const { store } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  store.archive('5');
  await connection.sync();
  expect(leaksOf(await differences())).toEqual([]);
  store.archive('4');
  await connection.sync();
  expect(leaksOf(await differences())).toEqual([]);
});

test('calls that fail after a good sync open nothing', async () => {
  const { faults } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  faults.add({
    match: { path: '/content/search|/spaces/\\d+/permissions|/folders/' },
    action: { kind: 'status', status: 403, body: {} },
  });
  await connection.sync();
  expect(leaksOf(await differences())).toEqual([]);
});
