import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { roleNamed } from '../../sandbox/world/roles.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { canView } from '../oracle/canView.ts';
import { group, groupsAnd, page, smallCompany, space, withDiscussion } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type RunKind, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, guest, team, users } = SMALL;
const everybody = [admin, mia, noah, guest];
const forbidden: FaultRuleInput['action'] = { kind: 'status', status: 403, body: { message: 'Forbidden' } };

const company = withDiscussion(
  smallCompany(
    [
      page('1', { title: 'harbour plan' }),
      page('2', { parentId: '1' }),
      page('3', { parentId: '2' }),
      page('4', { type: 'folder', body: '', read: { users: [mia] } }),
      page('5', { parentId: '4' }),
      page('6', { spaceId: '7', title: 'harbour plan' }),
      page('7', { read: { groups: [team] } }),
    ],
    {
      spaces: [...createSmallWorld().spaces, space('7', [{ type: 'group', id: users }])],
      groups: groupsAnd(group('grp-other', [noah], { name: 'Others' })),
    },
  ),
  '3',
);

interface Mistake {
  mistake: string;
  /** What happens after everything was read once. */
  change?: (store: WorldStore) => void;
  /** What fails while it is read again. */
  fault?: FaultRuleInput;
  kinds: RunKind[];
  /** Who sees what has changed, as soon as that is read. */
  sees?: Record<string, string[]>;
  /** What nobody sees while it cannot be read, though the source shows it to some. */
  hidden?: string[];
}

const belowTwo = ['2', '3', '31', '32', 'att4'];
const only = (ids: string[], who: string[]) => Object.fromEntries(ids.map((id) => [id, who]));

/** Ways in which connectors were seen to get access wrong when something changes, or fails. */
const mistakes: Mistake[] = [
  {
    // Omni: what has no new version is skipped, so a page that is restricted later stays open for ever.
    mistake: 'a restriction that comes without a new version goes unnoticed',
    change: (store) => store.setRestriction('2', 'read', { users: [admin, mia] }),
    kinds: ['incremental', 'permissions'],
    sees: only(belowTwo, [admin, mia]),
  },
  {
    // PipesHub #1063: the audit log names titles, and two pages may have the same.
    mistake: 'a change in the audit log is taken to the other page of that title',
    change: (store) => store.setRestriction('6', 'read', { users: [admin, mia] }),
    kinds: ['permissions'],
    sees: { '1': [admin, mia, noah], '6': [admin, mia] },
  },
  {
    // CONFCLOUD-83729: what a move changes is logged on no page; PipesHub and Onyx keep what they had computed.
    mistake: 'a page that is moved keeps its permissions',
    change: (store) => store.moveContent('2', { parentId: '4' }),
    kinds: ['permissions'],
    sees: only(belowTwo, [admin, mia]),
  },
  {
    // The same between two spaces, for connectors that key content by its space (Omni).
    mistake: 'a page that is moved to another space keeps the old one’s permissions',
    change: (store) => {
      store.setSpacePermissions('7', [
        { principal: { type: 'user', id: admin }, operation: 'read', target: 'space' },
        { principal: { type: 'group', id: team }, operation: 'read', target: 'space' },
      ]);
      store.moveContent('2', { parentId: null, spaceId: '7' });
    },
    kinds: ['permissions'],
    sees: only([...belowTwo, '6'], [admin, mia]),
  },
  {
    // Omni: an error about a space's permissions makes everything in it `public: true`.
    mistake: 'an error about a space is taken for "open to all"',
    fault: { match: { path: '/spaces/\\d+/permissions' }, action: forbidden },
    kinds: ['full'],
    hidden: ['1', ...belowTwo, '4', '5', '6', '7'],
  },
  {
    // PipesHub: an error about restrictions is `[]`, and `[]` is no restriction.
    mistake: 'an error about a restriction is taken for an empty list',
    change: (store) => {
      const many = Array.from({ length: 260 }, (_, n) => `acc-many-${n}`);
      store.setRestriction('1', 'read', { users: [admin, ...many] });
    },
    fault: { match: { path: '/restriction/byOperation/read' }, action: forbidden },
    kinds: ['full'],
    hidden: ['1', ...belowTwo],
  },
  {
    // Onyx: an ancestor that cannot be read is skipped, and what is below it opened.
    mistake: 'a place above that cannot be read is left out',
    fault: { match: { path: '/folders/' }, action: forbidden },
    kinds: ['full'],
    hidden: ['4', '5'],
  },
  {
    // Omni and PipesHub keep the members that they had when a group cannot be read any more.
    mistake: 'a group whose members cannot be read keeps the old ones',
    fault: { match: { path: '/membersByGroupId' }, action: forbidden },
    kinds: ['full'],
    hidden: ['1', ...belowTwo, '4', '5', '6', '7'],
  },
  {
    // Nobody asks who has the product at all; where it is asked for, a refusal is no answer.
    mistake: 'who has the product is as it was, where it may not be asked',
    fault: { match: { path: '/rest/api/group\\?.*accessType=user' }, action: forbidden },
    kinds: ['full'],
    hidden: ['1', ...belowTwo, '4', '5', '6', '7'],
  },
  {
    // Onyx #3653 and sourcegraph #58757: by name, a new group inherits what an old one of its name was given.
    mistake: 'a group is known by its name',
    change: (store) => {
      store.setRestriction('7', 'read', { users: [admin], groups: [team] });
      store.removeGroup(team);
      store.renameGroup('grp-other', team);
    },
    kinds: ['permissions'],
    sees: { '7': [admin] },
  },
  {
    // Onyx #1222, #938; Omni builds the id of a deletion from the space's key and never finds it.
    mistake: 'what was deleted is still answered',
    change: (store) => {
      store.trash('7');
      store.purge('6');
    },
    kinds: ['permissions'],
    sees: { '6': [], '7': [] },
  },
  {
    // sim #5880; CONFCLOUD-83913: in the archive, what was restricted above no longer is.
    mistake: 'what is archived leaves the restrictions above it behind',
    change: (store) => {
      store.archive('5');
    },
    kinds: ['permissions', 'full'],
    sees: { '5': [admin, mia] },
  },
  {
    // Elastic connectors #2574: a listing breaks in the middle, and the rest is taken for deleted or unrestricted.
    mistake: 'a listing of restrictions that breaks off is taken for whole',
    change: (store) => store.setRestriction('7', 'read', { users: [admin] }),
    fault: { match: { path: '/content/search' }, times: 2, action: { kind: 'truncate' } },
    kinds: ['full'],
    sees: { '7': [admin] },
  },
];

test.each(mistakes)('not here: $mistake', async ({ change, fault, kinds, sees = {}, hidden = [] }) => {
  const { store, faults } = harness.sandbox.context;
  const { connection, differences, leaks, truth } = await openCompany(harness, company);
  await connection.sync();
  expect(await differences()).toEqual([]);
  change?.(store);
  const right = Object.keys(sees).map((id) => [id, everybody.filter((one) => canView(truth(), one, id))]);
  expect(Object.fromEntries(right)).toEqual(sees);
  if (fault !== undefined) faults.add(fault);
  for (const kind of kinds) await connection.sync(kind);
  expect(await leaks()).toEqual([]);
  const lost = (await differences()).filter(({ accountId, way }) => accountId === admin && way === 'records');
  expect(lost.flatMap((one) => one.hidden).sort()).toEqual(hidden.toSorted());
  faults.clear();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await differences()).toEqual([]);
});

// No connector asks for the mode; whoever does must not take a refusal for "as it was before there were roles".
test('not here: spaces with roles are read as if they had none, where the mode may not be asked', async () => {
  const old = space('1001', [{ type: 'group', id: users }]);
  const roleId = roleNamed('Viewer').id;
  const withRoles = smallCompany([page('1')], {
    site: { ...createSmallWorld().site, spaceRoleMode: 'ROLES' },
    spaces: [{ ...old, roleAssignments: [{ principal: { type: 'user', id: admin }, roleId }] }],
  });
  const { connection, differences, leaks } = await openCompany(harness, withRoles);
  harness.sandbox.context.faults.add({ match: { path: '/space-role-mode' }, action: forbidden });
  await connection.sync();
  expect(await leaks()).toEqual([]);
  harness.sandbox.context.faults.clear();
  await connection.sync();
  expect(await differences()).toEqual([]);
});
