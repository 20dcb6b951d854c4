import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { canView } from '../oracle/canView.ts';
import type { Company } from '../oracle/company.ts';
import { group, groupsAnd, page, smallCompany, space } from '../oracle/small-company.ts';
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
  [
    'a page’s own restriction wins outright over those above',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { parentId: '1', read: { users: [noah, mia] } }),
    ]),
    { '2': [admin, mia] },
  ],
  [
    'only the closest restriction above counts',
    smallCompany([
      page('1', { read: { users: [mia] } }),
      page('2', { parentId: '1', read: { users: [noah] } }),
      page('3', { parentId: '2' }),
    ]),
    { '3': [admin] },
  ],
  [
    'layers are cut with each other name by name: a group and its member have nothing in common',
    smallCompany([
      page('1', { read: { groups: [team] } }),
      page('2', { parentId: '1', read: { users: [mia, noah] } }),
    ]),
    { '2': [admin, mia] },
  ],
  [
    'a restriction opens a page to somebody without access to the space',
    smallCompany([page('1', { read: { users: [guest, mia] } })]),
    { '1': [admin, mia] },
  ],
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
  [
    'a restriction to nobody who can be found is taken for none',
    smallCompany([
      page('1', { read: { users: ['acc-nobody'] } }),
      page('2', { read: { groups: ['grp-nobody'] } }),
      page('3', { parentId: '2' }),
    ]),
    { '1': [admin], '2': [admin], '3': [admin] },
  ],
  [
    'a page without restrictions has no permissions, and is shown to nobody',
    smallCompany([page('1')]),
    {
      '1': [admin, mia, noah],
    },
  ],
  [
    'who may edit is taken for who may view',
    smallCompany([
      page('1', {
        restrictions: { read: { users: [], groups: [] }, update: { users: [admin, mia], groups: [] } },
      }),
    ]),
    { '1': [admin, mia, noah] },
  ],
  [
    'a restriction that is longer than one answer is cut',
    smallCompany([page('1', { read: { users: [...crowd, noah] } })]),
    { '1': [admin, noah] },
  ],
  [
    'the members of a group that is longer than one answer are cut',
    smallCompany([page('1', { read: { groups: ['grp-crowd'] } })], {
      groups: groupsAnd(group('grp-crowd', [admin, ...crowd, mia])),
    }),
    { '1': [admin, mia] },
  ],
  [
    'groups whose names differ in case only are one',
    smallCompany([page('1', { read: { groups: ['grp-a'] } })], {
      groups: groupsAnd(group('grp-a', [mia], { name: 'Leads' }), group('grp-b', [noah], { name: 'leads' })),
    }),
    { '1': [admin, mia] },
  ],
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
  [
    'anonymous access makes a page public to people without the product',
    smallCompany([page('1', { spaceId: '7' })], {
      spaces: [space('7', [{ type: 'class', id: 'anonymous-users' }])],
      groups: [group(users, [admin, mia], { access: 'user' }), group(team, [noah])],
    }),
    { '1': [admin, mia, guest] },
  ],
  [
    'an administrator is taken to see everything',
    smallCompany([page('1', { read: { users: [noah] } })], {
      groups: groupsAnd(group('grp-admins', [mia], { access: 'site-admin' })),
    }),
    { '1': [admin, noah] },
  ],
  [
    'a draft above fails the whole answer, or is left out',
    smallCompany([page('1', { status: 'draft' }), page('2', { parentId: '1' }), page('3')]),
    { '2': [], '3': [admin, mia, noah] },
  ],
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
