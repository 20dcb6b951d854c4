import { afterEach, expect, test } from '@jest/globals';
import { unlimitedBudget } from '../budget.ts';
import { apiTokenCredential } from '../credential.ts';
import { sendJson, startServer, type TestServer } from '../server.fixture.ts';
import { createConfluenceReader } from './reader.ts';

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function readerOver(answer: (url: URL, body: string) => unknown) {
  const server = await startServer((request, response) =>
    sendJson(response, 200, answer(new URL(request.url, 'https://acme.atlassian.net'), request.body)),
  );
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: 'b' });
  return createConfluenceReader({ http: server.http, credential, budget: unlimitedBudget() });
}

const time = '2026-03-26T15:40:00.000Z';
const version = { number: 3, createdAt: time };
const many = (count: number, make: (index: number) => unknown) =>
  Array.from({ length: count }, (_, i) => make(i));

test('kinds, statuses and fields unknown to us are kept or passed over', async () => {
  const reader = await readerOver(() => ({
    results: [
      {
        id: 12,
        status: 'someday',
        title: 'T',
        spaceId: 7,
        parentId: '9',
        parentType: 'hologram',
        createdAt: 1_774_539_600_000,
        version,
        novelty: { deep: [] },
        _links: { webui: '/spaces/ENG/pages/12' },
      },
    ],
  }));
  const { items } = await reader.listPages({ cursor: null, body: true });
  expect(items).toEqual([
    {
      id: '12',
      kind: 'page',
      status: 'someday',
      title: 'T',
      spaceId: '7',
      parentId: '9',
      parentKind: 'hologram',
      authorId: null,
      createdAt: new Date(1_774_539_600_000),
      version: { number: 3, createdAt: new Date(time), authorId: null },
      body: '',
      webPath: '/spaces/ENG/pages/12',
    },
  ]);
});

test.each([
  ['results[0].id', { id: undefined }],
  ['results[0].version.number', { version: { createdAt: time } }],
  ['results[0].createdAt', { createdAt: 'yesterday' }],
  ['results[0].spaceId', { spaceId: null }],
])('a page without %s fails by name', async (documentPath, change) => {
  const whole = { id: '1', status: 'current', title: 'T', spaceId: '7', createdAt: time, version };
  const reader = await readerOver(() => ({ results: [{ ...whole, ...change }] }));
  await expect(reader.listPages({ cursor: null, body: true })).rejects.toMatchObject({
    code: 'invalid_answer',
    documentPath,
    evidence: { path: '/wiki/api/v2/pages' },
  });
});

test("a folder's epoch milliseconds are a time", async () => {
  const reader = await readerOver(() => ({
    id: '5',
    type: 'folder',
    status: 'current',
    title: 'F',
    parentId: null,
    createdAt: 1_774_539_600_000,
    version,
  }));
  expect(await reader.readContainer('folder', '5')).toMatchObject({
    createdAt: new Date(1_774_539_600_000),
    parentId: null,
    parentKind: null,
    version: 3,
  });
});

const list = (results: unknown[], more = {}) => ({
  results,
  start: 0,
  limit: 200,
  size: results.length,
  ...more,
});
const user = (index: number) => ({ type: 'known', accountId: `u${index}` });
const group = (index: number) => ({ type: 'group', name: 'n', id: `g${index}` });
const content = (restrictions: unknown, labels: unknown = list([])) => ({
  results: [{ id: '1', type: 'page', status: 'current', title: 'T', restrictions, metadata: { labels } }],
});

test.each<[string, unknown, { users: number; groups: number; unidentified: number; complete: boolean }]>([
  [
    'no restriction',
    { read: { restrictions: { user: list([]), group: list([]) } } },
    { users: 0, groups: 0, unidentified: 0, complete: true },
  ],
  [
    'some of both',
    { read: { restrictions: { user: list([user(1)]), group: list([group(1), group(2)]) } } },
    { users: 1, groups: 2, unidentified: 0, complete: true },
  ],
  [
    'a list as long as its page',
    { read: { restrictions: { user: list(many(200, user)), group: list([]) } } },
    { users: 200, groups: 0, unidentified: 0, complete: false },
  ],
  [
    'a list as long as a smaller page',
    { read: { restrictions: { user: list([]), group: list(many(25, group), { limit: 25 }) } } },
    { users: 0, groups: 25, unidentified: 0, complete: false },
  ],
  [
    'a list with a link to more',
    { read: { restrictions: { user: list([user(1)], { _links: { next: '/x' } }), group: list([]) } } },
    { users: 1, groups: 0, unidentified: 0, complete: false },
  ],
  [
    'a person without an account id and a group without an id',
    {
      read: { restrictions: { user: list([{ type: 'unknown' }, user(1)]), group: list([{ name: 'old' }]) } },
    },
    { users: 1, groups: 0, unidentified: 2, complete: true },
  ],
  ['a list that was not expanded', { read: { restrictions: { user: list([]) } } }, incomplete()],
  ['nothing expanded', { _expandable: { read: '/x' } }, incomplete()],
  ['no restrictions at all', undefined, incomplete()],
])('restrictions with %s', async (_name, restrictions, expected) => {
  const reader = await readerOver(() => content(restrictions));
  const { items } = await reader.searchAccess({ cql: 'type = page', cursor: null });
  const found = items[0]?.restriction;
  expect({ ...found, users: found?.users.length, groups: found?.groups.length }).toEqual(expected);
});

test('labels come in either form, and more of them than were listed is told', async () => {
  const label = (name: string) => ({ prefix: 'global', name, id: '1', label: name });
  const read = async (labels: unknown) => {
    const reader = await readerOver(() => content(undefined, labels));
    const { items } = await reader.searchAccess({ cql: 'type = page', cursor: null });
    return [items[0]?.labels, items[0]?.labelsComplete];
  };
  expect(await read([label('a')])).toEqual([['a'], true]);
  expect(await read(list([label('a'), label('b')]))).toEqual([['a', 'b'], true]);
  expect(await read(list([label('a')], { limit: 1 }))).toEqual([['a'], false]);
});

test.each([
  [1_000, 3, 200, 200],
  [3, 1_000, 200, 200],
  [450, 430, 200, 200],
  [250, 90, 100, 100],
  [130, 250, 50, 100],
  [0, 0, 200, 200],
])(
  'a restriction of %i people and %i groups is read whole by pages of %i and %i',
  async (users, groups, ...caps) => {
    const reader = await readerOver((url) => {
      const start = Number(url.searchParams.get('start'));
      const part = (total: number, cap: number, make: (index: number) => unknown) => {
        const limit = Math.min(cap, Number(url.searchParams.get('limit')));
        const count = Math.max(0, Math.min(limit, total - start));
        return list(
          many(count, (index) => make(start + index)),
          { start, limit },
        );
      };
      const restrictions = { user: part(users, caps[0], user), group: part(groups, caps[1], group) };
      return { operation: 'read', restrictions };
    });
    const restriction = await reader.readRestriction('1');
    expect(restriction).toMatchObject({ complete: true, unidentified: 0 });
    expect(new Set(restriction.users).size).toBe(users);
    expect(new Set(restriction.groups).size).toBe(groups);
  },
);

test('comments of every shape find their place', async () => {
  const base = { status: 'current', version, body: { storage: { value: '<p>x</p>' } } };
  const reader = await readerOver(() => ({
    results: [
      { ...base, id: '1', title: 'Re', pageId: '10' },
      { ...base, id: '2', blogPostId: '11', parentCommentId: '1', resolutionStatus: 'open' },
      { ...base, id: '3', parentCommentId: '2', properties: { inlineOriginalSelection: 'these words' } },
      { ...base, id: '4', attachmentId: 'att5', body: {} },
    ],
  }));
  const { items } = await reader.listComments({ placement: 'inline', cursor: null });
  expect(items).toMatchObject([
    { containerId: '10', parentCommentId: null, title: 'Re', body: '<p>x</p>' },
    { containerId: '11', parentCommentId: '1', resolution: 'open' },
    { containerId: null, parentCommentId: '2', selection: 'these words' },
    { containerId: 'att5', body: '' },
  ]);
});

test('a permission of a principal without an id is kept', async () => {
  const operation = { key: 'read', targetType: 'space' };
  const reader = await readerOver(() => ({
    results: [
      { id: '1', principal: { type: 'role' }, operation },
      { id: '2', principal: { type: 'group', id: 'g1' }, operation },
    ],
  }));
  expect(await reader.listSpacePermissions('7')).toEqual([
    { principal: { type: 'role', id: '' }, operation: 'read', target: 'space' },
    { principal: { type: 'group', id: 'g1' }, operation: 'read', target: 'space' },
  ]);
});

test('accounts are asked for by 250 at most; hidden emails are null', async () => {
  const reader = await readerOver((_url, body) => ({
    results: (JSON.parse(body) as { accountIds: string[] }).accountIds.map((accountId) => ({
      accountId,
      displayName: null,
      publicName: 'Ada',
      email: '',
      accountType: 'atlassian',
      accountStatus: 'active',
      isExternalCollaborator: true,
    })),
  }));
  expect(await reader.readAccounts([])).toEqual([]);
  expect(await reader.readAccounts(['u1'])).toEqual([
    {
      accountId: 'u1',
      displayName: 'Ada',
      email: null,
      accountType: 'atlassian',
      accountStatus: 'active',
      guest: true,
    },
  ]);
  await expect(reader.readAccounts(many(251, String) as string[])).rejects.toMatchObject({
    code: 'invalid_input',
  });
});

function incomplete() {
  return { users: 0, groups: 0, unidentified: 0, complete: false };
}

test('a blog post hangs below nothing, whatever its answer says', async () => {
  const reader = await readerOver(() => ({
    results: [
      { id: '1', status: 'current', title: 'T', spaceId: '7', parentId: '9', createdAt: time, version },
    ],
  }));
  const [post] = (await reader.listBlogposts({ cursor: null, body: false })).items;
  expect(post).toMatchObject({ parentId: null, parentKind: null });
  const [page] = (await reader.listPages({ cursor: null, body: false })).items;
  expect(page).toMatchObject({ parentId: '9', parentKind: 'page' });
});

test('an assignment without a principal or a role, and a role without permissions, are read and grant nothing', async () => {
  const reader = await readerOver((url) => ({
    results: url.pathname.endsWith('/space-roles')
      ? [{ id: 'r', name: null, spacePermissions: null }]
      : [
          { principal: { principalType: 'ACCESS_CLASS' }, roleId: 'r' },
          { principal: { principalType: 'USER', principalId: 'a' } },
        ],
  }));
  expect(await reader.listSpaceRoles()).toEqual([{ id: 'r', name: '', permissions: [] }]);
  expect(await reader.listRoleAssignments('7')).toEqual([
    { principal: { type: 'ACCESS_CLASS', id: '' }, roleId: 'r' },
    { principal: { type: 'USER', id: 'a' }, roleId: '' },
  ]);
});
