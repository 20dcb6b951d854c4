import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import type { Attachment, Comment } from '../../sandbox/world/types.ts';
import { everywhere } from '../oracle/company.ts';
import { visibleTo } from '../oracle/canView.ts';
import { group, groupsAnd, page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, users, team, space: spaceId } = SMALL;
const leads = 'grp-leads';

const version = {
  number: 1,
  createdAt: '2026-03-01T00:00:00.000Z',
  authorId: SMALL.admin,
  message: '',
  minorEdit: false,
};
const comment = (id: string, containerId: string): Comment => ({
  id,
  kind: 'footer',
  containerId,
  parentId: null,
  status: 'current',
  authorId: SMALL.admin,
  createdAt: version.createdAt,
  version,
  body: `<p>${everywhere}</p>`,
  marker: null,
});
const attachment = (id: string, containerId: string): Attachment => ({
  id,
  fileId: `file-${id}`,
  containerId,
  status: 'current',
  title: `${everywhere}.png`,
  mediaType: 'image/png',
  authorId: SMALL.admin,
  createdAt: version.createdAt,
  version,
  labels: [],
  data: { size: 10 },
});

const company = smallCompany(
  [
    page('1'),
    page('2', { parentId: '1' }),
    page('3', { parentId: '2' }),
    page('4', { type: 'folder', body: '', read: { groups: [leads] } }),
    page('5', { parentId: '4' }),
    page('6', { read: { users: [mia, noah] } }),
    page('7', { type: 'blogpost' }),
  ],
  {
    groups: groupsAnd(group(leads, [admin, mia], { name: 'Leads' })),
    comments: ['2', '5', '6'].map((containerId) => comment(`c${containerId}`, containerId)),
    attachments: [attachment('att3', '3')],
  },
);

/** What changes without a new version of any content, and what mia and noah then see of pages and posts. */
const changes: [what: string, change: (store: WorldStore) => void, mia: string[], noah: string[]][] = [
  ['nothing', () => {}, ['1', '2', '3', '4', '5', '6', '7'], ['1', '2', '3', '6', '7']],
  [
    'a restriction on a page with pages, comments and attachments below',
    (store) => store.setRestriction('2', 'read', { users: [admin, mia] }),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '6', '7'],
  ],
  [
    'a person taken out of a restriction',
    (store) => store.setRestriction('6', 'read', { users: [admin, noah] }),
    ['1', '2', '3', '4', '5', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'a restriction lifted from a folder',
    (store) => store.setRestriction('4', 'read', {}),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '2', '3', '4', '5', '6', '7'],
  ],
  [
    'a restriction on a blog post',
    (store) => store.setRestriction('7', 'read', { users: [admin] }),
    ['1', '2', '3', '4', '5', '6'],
    ['1', '2', '3', '6'],
  ],
  [
    'a move below a restricted folder',
    (store) => store.moveContent('2', { parentId: '4' }),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '6', '7'],
  ],
  [
    'a move below a restricted page',
    (store) => store.moveContent('1', { parentId: '6' }),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'a move out of a restricted folder',
    (store) => store.moveContent('5', { parentId: '1' }),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '2', '3', '5', '6', '7'],
  ],
  [
    'a move below a folder that was not there before',
    (store) => {
      const { id } = store.addContent({ spaceId, type: 'folder', title: `${everywhere} new` });
      store.setRestriction(id, 'read', { users: [admin, noah] });
      store.moveContent('2', { parentId: id });
    },
    ['1', '4', '5', '6', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'a member who left a group',
    (store) => store.removeMember(leads, mia),
    ['1', '2', '3', '6', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'a member who joined a group',
    (store) => store.addMember(leads, noah),
    ['1', '2', '3', '4', '5', '6', '7'],
    ['1', '2', '3', '4', '5', '6', '7'],
  ],
  [
    'a group deleted, and another made of the same name',
    (store) => {
      store.setRestriction('4', 'read', { users: [admin], groups: [leads] });
      store.removeGroup(leads);
      store.addGroup(group('grp-new', [mia, noah], { name: 'Leads' }));
    },
    ['1', '2', '3', '6', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'a restriction that names a group for the first time',
    (store) => {
      store.addGroup(group('grp-new', [admin, noah], { name: 'New' }));
      store.setRestriction('6', 'read', { users: [admin], groups: ['grp-new'] });
    },
    ['1', '2', '3', '4', '5', '7'],
    ['1', '2', '3', '6', '7'],
  ],
  [
    'the product taken from somebody',
    (store) => store.removeMember(users, mia),
    [],
    ['1', '2', '3', '6', '7'],
  ],
  ['an account deactivated', (store) => store.deactivatePerson(mia), [], ['1', '2', '3', '6', '7']],
  [
    'a space opened to a team alone',
    (store) =>
      store.setSpacePermissions(spaceId, [
        { principal: { type: 'user', id: admin }, operation: 'read', target: 'space' },
        { principal: { type: 'group', id: team }, operation: 'read', target: 'space' },
      ]),
    ['1', '2', '3', '4', '5', '6', '7'],
    [],
  ],
  ['a page in the trash', (store) => store.trash('6'), ['1', '2', '3', '4', '5', '7'], ['1', '2', '3', '7']],
  [
    'a page gone without a trace, whose children move up',
    (store) => store.purge('2'),
    ['1', '3', '4', '5', '6', '7'],
    ['1', '3', '6', '7'],
  ],
];

test.each(changes)(
  'after %s the next permission sync shows what is right',
  async (_, change, toMia, toNoah) => {
    const { store } = harness.sandbox.context;
    const { connection, differences } = await openCompany(harness, company);
    await connection.sync();
    expect(await differences()).toEqual([]);
    change(store);
    const isContent = (id: string) => !/^(c|att)/.test(id);
    expect([mia, noah].map((one) => [...visibleTo(store.snapshot(), one)].filter(isContent).sort())).toEqual(
      [toMia, toNoah].map((ids) => expect.arrayContaining(ids)),
    );
    expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded', failed: '0' });
    expect(await differences()).toEqual([]);
  },
);

test('what is gone is hidden with what hangs below it, is not removed, and is shown again when it is back', async () => {
  const { store } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  const stored = async () =>
    (await harness.database.db.selectFrom('records').select('external_id').execute()).length;
  const before = await stored();
  store.trash('2');
  await connection.sync('permissions');
  expect((await differences()).filter(({ leaked }) => leaked.length > 0)).toEqual([]);
  expect(await stored()).toBe(before);
  store.restore('2');
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
});

test('what the settings leave out meanwhile is hidden, and stays so', async () => {
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  const { db } = harness.database;
  await db.updateTable('spaces').set({ type: 'personal' }).execute();
  await db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ scope: { personalSpaces: false } }) })
    .execute();
  const shown = () => db.selectFrom('records').select('id').where('acl_id', 'is not', null).execute();
  for (let run = 0; run < 2; run += 1) {
    await connection.sync('permissions');
    expect(await shown()).toEqual([]);
  }
  await db.updateTable('connections').set({ settings: '{}' }).execute();
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
});
