import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roleNamed } from '../../sandbox/world/roles.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { canView } from '../oracle/canView.ts';
import type { Company } from '../oracle/company.ts';
import { group, groupsAnd, page, smallCompany, space, withDiscussion } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, guest, users, team } = SMALL;
const crowd = Array.from({ length: 250 }, (_, n) => `acc-crowd-${n}`);

/** Ways in which connectors were seen to get access wrong: what Atlassian would do in each. */
const mistakes: [mistake: string, company: Company, sees: Record<string, string[]>][] = [
  // PipesHub: own restriction, else the space; Elastic connectors before PR 4297; Omni: no ancestors at all.
  [
    'a page below a restricted one is taken to be open to its space',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { parentId: '1' }),
      page('3', { parentId: '2' }),
      page('4'),
    ]),
    { '1': [admin, mia], '2': [admin, mia], '3': [admin, mia], '4': [admin, mia, noah] },
  ],
  // Onyx: what is set on the page "wins outright".
  [
    'a page’s own restriction wins outright over those above',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { parentId: '1', read: { users: [noah, mia] } }),
    ]),
    { '2': [admin, mia] },
  ],
  // Onyx: the closest restricted ancestor alone.
  [
    'only the closest restriction above counts',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { parentId: '1', read: { users: [noah] } }),
      page('3', { parentId: '2' }),
    ]),
    { '3': [admin] },
  ],
  // Elastic connectors PR 4297: the principals of all layers intersected as names.
  [
    'layers are cut with each other name by name: a group and its member have nothing in common',
    smallCompany([
      page('1', { read: { groups: [team] } }),
      page('2', { parentId: '1', read: { users: [mia, noah] } }),
    ]),
    { '2': [admin, mia] },
  ],
  // Onyx and Elastic connectors: never held against the space.
  [
    'a restriction opens a page to somebody without access to the space',
    smallCompany([page('1', { read: { users: [guest, mia] } })]),
    { '1': [admin, mia] },
  ],
  // Connectors that know pages alone: Omni, Onyx; Dust #26583 met databases as parents.
  [
    'a restricted folder is no page, and is not looked at',
    smallCompany([
      page('1', { type: 'folder', body: '', read: { groups: [team] } }),
      page('2', { parentId: '1' }),
      page('3', { type: 'database', body: '', parentId: '2', read: { users: [mia, noah] } }),
      page('4', { parentId: '3' }),
    ]),
    { '2': [admin, mia], '4': [admin, mia] },
  ],
  // Onyx PR 4624: a restriction without a visible principal.
  [
    'a restriction to nobody who can be found is taken for none',
    smallCompany([
      page('1', { read: { users: ['acc-nobody'] } }),
      page('2', { read: { groups: ['grp-nobody'] } }),
      page('3', { parentId: '2' }),
    ]),
    { '1': [admin], '2': [admin], '3': [admin] },
  ],
  // PipesHub #1189: unrestricted pages got no permissions at all.
  [
    'a page without restrictions has no permissions, and is shown to nobody',
    smallCompany([page('1')]),
    {
      '1': [admin, mia, noah],
    },
  ],
  // Elastic connectors and others store "update" beside "read".
  [
    'who may edit is taken for who may view',
    smallCompany([
      page('1', {
        restrictions: { read: { users: [], groups: [] }, update: { users: [admin, mia], groups: [] } },
      }),
    ]),
    { '1': [admin, mia, noah] },
  ],
  // Onyx #2537: lists inside an expansion are paged, about 200 each.
  [
    'a restriction that is longer than one answer is cut',
    smallCompany([page('1', { read: { users: [...crowd, noah] } })]),
    { '1': [admin, noah] },
  ],
  // PipesHub #1219: reading stopped at 100, because `totalSize` is the size of the page.
  [
    'the members of a group that is longer than one answer are cut',
    smallCompany([page('1', { read: { groups: ['grp-crowd'] } })], {
      groups: groupsAnd(group('grp-crowd', [admin, ...crowd, mia])),
    }),
    { '1': [admin, mia] },
  ],
  // Onyx #3653: groups matched by name, which differed in case.
  [
    'groups whose names differ in case only are one',
    smallCompany([page('1', { read: { groups: ['grp-a'] } }), page('2', { read: { groups: ['grp-b'] } })], {
      groups: groupsAnd(group('grp-a', [mia], { name: 'Leads' }), group('grp-b', [noah], { name: 'leads' })),
    }),
    { '1': [admin, mia], '2': [admin, noah] },
  ],
  // ServiceNow ignores classes, PipesHub maps two of them, others take all for "public".
  [
    'access classes are not understood, and open nothing or everything',
    smallCompany([page('1', { spaceId: '7' }), page('2', { spaceId: '8' }), page('3', { spaceId: '9' })], {
      spaces: [
        space('7', [{ type: 'class', id: 'all-licensed-users' }]),
        space('8', [{ type: 'class', id: 'all-product-admins' }]),
        space('9', [{ type: 'class', id: 'jsm-project-admins' }]),
      ],
      groups: groupsAnd(group('grp-admins', [noah], { access: 'admin' })),
    }),
    { '1': [admin, mia, noah], '2': [admin, noah], '3': [admin] },
  ],
  // Omni: `public: true`.
  [
    'anonymous access makes a page public to people without the product',
    smallCompany([page('1', { spaceId: '7' })], {
      spaces: [space('7', [{ type: 'class', id: 'anonymous-users' }])],
      groups: [group(users, [admin, mia], { access: 'user' }), group(team, [noah])],
    }),
    { '1': [admin, mia, guest] },
  ],
  // Onyx and others: administrators see all; in Confluence only with an admin key.
  [
    'an administrator is taken to see everything',
    smallCompany([page('1', { read: { users: [noah] } })], {
      groups: groupsAnd(group('grp-admins', [mia], { access: 'site-admin' })),
    }),
    { '1': [admin, noah] },
  ],
  // CONFCLOUD-77618; Onyx #11468 starts over in another mode.
  [
    'a draft above fails the whole answer, or is left out',
    smallCompany([page('1', { status: 'draft' }), page('2', { parentId: '1' }), page('3')]),
    { '2': [], '3': [admin, mia, noah] },
  ],
  // PipesHub #1063: changes of permission matched by title.
  [
    'restrictions are found by title',
    smallCompany(
      [
        page('1', { title: 'harbour', read: { users: [mia] } }),
        page('2', { title: 'harbour', spaceId: '7' }),
      ],
      { spaces: [...createSmallWorld().spaces, space('7', [{ type: 'group', id: users }])] },
    ),
    { '1': [admin, mia], '2': [admin, mia, noah] },
  ],
  // PipesHub #1219, #2701: the listing of users ends at 100, and whoever comes later sees nothing.
  [
    'people beyond the first answer have no product',
    smallCompany([page('1')], {
      groups: [
        group(users, [...crowd, admin, noah], { access: 'user' }),
        group(team, [mia], { access: 'none' }),
      ],
    }),
    { '1': [admin, noah] },
  ],
  // PipesHub and others give attachments and comments the space's permissions, or their page's own ones alone.
  [
    'comments and attachments do without what is above their page',
    withDiscussion(
      smallCompany([
        page('1', { type: 'folder', body: '', read: { users: [mia] } }),
        page('2', { parentId: '1' }),
        page('3', { parentId: '2', read: { users: [mia, noah] } }),
      ]),
      '3',
    ),
    { '3': [admin, mia], '31': [admin, mia], '32': [admin, mia], att4: [admin, mia] },
  ],
  // Onyx and LangChain list blog posts like pages: a parent id would hang them below one.
  [
    'a blog post inherits like a page',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { type: 'blogpost' }),
      page('3', { type: 'blogpost', read: { groups: [team] } }),
    ]),
    { '2': [admin, mia, noah], '3': [admin, mia] },
  ],
  // Omni handles users and groups of the old permissions only; no connector asks for roles in spaces.
  [
    'spaces with roles are read as if they had none',
    smallCompany([page('1')], {
      site: { ...createSmallWorld().site, spaceRoleMode: 'ROLES' },
      spaces: [
        {
          ...space('1001', [{ type: 'group', id: users }]),
          roleAssignments: [
            { principal: { type: 'user', id: admin }, roleId: roleNamed('Viewer').id },
            { principal: { type: 'group', id: team }, roleId: roleNamed('Collaborator').id },
            { principal: { type: 'user', id: noah }, roleId: roleNamed('Export only').id },
          ],
        },
      ],
    }),
    { '1': [admin, mia] },
  ],
];

test.each(mistakes)('not here: %s', async (_, company, sees) => {
  const everybody = [admin, mia, noah, guest];
  const right = Object.keys(sees).map((id) => [
    id,
    everybody.filter((one) => canView(company.world, one, id)),
  ]);
  expect(Object.fromEntries(right)).toEqual(sees);
  const { connection, differences } = await openCompany(harness, company);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await differences()).toEqual([]);
});
