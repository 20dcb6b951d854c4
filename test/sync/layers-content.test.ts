import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type { Content, ContentType, Restriction, World } from '../../sandbox/world/types.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { openWorld } from './open-world.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, users, team } = SMALL;
const email = (name: string) => `${name}@acme.example`;

type Place = Partial<Content> & { read?: Partial<Restriction>; edit?: Partial<Restriction> };

/** A page, or what it is said to be; who may see it beside the crawler, and who may edit it. */
function item(id: string, { read, edit, ...change }: Place = {}): Content {
  const filled = (one: Partial<Restriction> | undefined) =>
    one === undefined
      ? { users: [], groups: [] }
      : { users: [admin, ...(one.users ?? [])], groups: one.groups ?? [] };
  const isContainer = !['page', 'blogpost'].includes(change.type ?? 'page');
  return smallPage(id, {
    restrictions: { read: filled(read), update: filled(edit) },
    ...(isContainer ? { body: '' } : {}),
    ...change,
  });
}

function site(content: Content[], change: Partial<World> = {}): World {
  const base = createSmallWorld({ content, ...change });
  const people = base.people.map((person) => ({ ...person, emailVisible: true }));
  return { ...base, people };
}

const rewrite = (path: string, pattern: string, replacement: string): FaultRuleInput => ({
  match: { path },
  action: { kind: 'rewrite', pattern, replacement },
});

/** What mia, who is in the team, and noah find. */
async function found(world: World, ...faults: FaultRuleInput[]): Promise<[mia: string[], noah: string[]]> {
  const { connection, sees } = await openWorld(harness, world, { sync: false });
  for (const fault of faults) harness.sandbox.context.faults.add(fault);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  return [await sees(email('mia')), await sees(email('noah'))];
}

const ofTeam = { groups: [team] };
const search = '/content/search';

test.each<[what: string, content: Content[], mia: string[], noah: string[]]>([
  [
    'an edit restriction hides nothing, and nothing below it',
    [item('1', { edit: { users: [mia] } }), item('2', { parentId: '1' })],
    ['1', '2'],
    ['1', '2'],
  ],
  [
    'an edit restriction beside a view restriction opens nothing',
    [item('1', { read: ofTeam, edit: { users: [noah] } }), item('2', { parentId: '1' })],
    ['1', '2'],
    [],
  ],
  [
    'a folder in a restricted folder',
    [
      item('1', { type: 'folder', read: ofTeam }),
      item('2', { type: 'folder', parentId: '1' }),
      item('3', { type: 'folder', parentId: '2', read: { users: [mia, noah] } }),
      item('4', { parentId: '3' }),
    ],
    ['1', '2', '3', '4'],
    [],
  ],
  [
    'a blog post has its own restriction and hangs below nothing',
    [item('1', { type: 'blogpost', read: ofTeam }), item('2', { type: 'blogpost' })],
    ['1', '2'],
    ['2'],
  ],
])('%s', async (_, content, toMia, toNoah) => {
  expect(await found(site(content))).toEqual([toMia, toNoah]);
});

test.each<ContentType>(['page', 'folder', 'whiteboard', 'database', 'embed'])(
  'what hangs below a restricted %s, at every level, is restricted with it',
  async (type) => {
    const content = [
      item('1', { type, read: ofTeam }),
      item('2', { parentId: '1' }),
      item('3', { type, parentId: '2' }),
      item('4', { parentId: '3' }),
      item('5', { type: 'whiteboard', parentId: '4' }),
    ];
    expect(await found(site(content))).toEqual([['1', '2', '3', '4', '5'], []]);
  },
);

test('comments and attachments of a blog post have its restriction', async () => {
  const harbour = createSmallWorld();
  const world = site([item('1', { type: 'blogpost', read: ofTeam }), item('2', { type: 'blogpost' })]);
  const { version, createdAt } = harbour.content[0]!;
  for (const containerId of ['1', '2']) {
    const shared = { containerId, status: 'current' as const, authorId: admin, createdAt, version };
    world.comments.push({
      ...shared,
      id: `c${containerId}`,
      kind: 'footer',
      parentId: null,
      body: '<p>x</p>',
      marker: null,
    });
    world.attachments.push({
      ...shared,
      id: `att${containerId}`,
      fileId: `f${containerId}`,
      title: 'x.txt',
      mediaType: 'text/plain',
      labels: [],
      data: { size: 1 },
    });
  }
  expect(await found(world)).toEqual([
    ['1', '2', 'att1', 'att2', 'c1', 'c2'],
    ['2', 'att2', 'c2'],
  ]);
});

test('a blog post is not hidden by a place that its answer puts it below', async () => {
  const content = [item('1', { read: ofTeam }), item('2', { type: 'blogpost' })];
  const [, toNoah] = await found(
    site(content),
    rewrite('/blogposts', '"status":"current"', '"parentId":"1","status":"current"'),
  );
  expect(toNoah).toEqual(['2']);
});

test('a restriction to a thousand people and groups admits each of them and nobody else', async () => {
  const people = Array.from({ length: 700 }, (_, n) => `acc-crowd-${n}`);
  const groups = Array.from({ length: 299 }, (_, n) => `grp-crowd-${n}`);
  const content = [
    item('1', { read: { users: [...people, noah], groups } }),
    item('2', { read: { users: people, groups: [...groups, team] } }),
  ];
  expect(await found(site(content))).toEqual([['2'], ['1']]);
  const layers = await harness.database.db
    .selectFrom('acl_layers')
    .select(['source_id', 'principals', 'state'])
    .where('kind', '=', 'content')
    .orderBy('source_id')
    .execute();
  const named = (ids: string[], kind: string) => ids.map((id) => `${kind}:${id}`);
  expect(layers.map(({ principals, state }) => [state, [...principals].sort()])).toEqual([
    ['known', [...named([admin, noah, ...people], 'user'), ...named(groups, 'group')].sort()],
    ['known', [...named([admin, ...people], 'user'), ...named([...groups, team], 'group')].sort()],
  ]);
});

test.each<[string, FaultRuleInput, string[]]>([
  [
    'its principals have no id',
    rewrite(search, '"(accountId|id)":"(acc-[a-z]+|grp-[a-z]+)"', '"$1":null'),
    [],
  ],
  ['some of its principals have no id', rewrite(search, '"acc-admin"', 'null'), ['1', '2']],
])('a restriction of which %s stays a restriction', async (_, fault, toMia) => {
  const content = [item('1', { read: ofTeam }), item('2', { parentId: '1' }), item('3')];
  expect(await found(site(content), fault)).toEqual([[...toMia, '3'], ['3']]);
});

test.each([403, 404])(
  'a long restriction that is refused (%d) hides the page and what is below it',
  async (status) => {
    const crowd = Array.from({ length: 250 }, (_, n) => `acc-crowd-${n}`);
    const content = [
      item('1', { read: { users: [mia, ...crowd] } }),
      item('2', { parentId: '1' }),
      item('3'),
    ];
    const refused: FaultRuleInput = {
      match: { path: '/restriction/byOperation/read' },
      action: { kind: 'status', status, body: {} },
    };
    expect(await found(site(content), refused)).toEqual([['3'], ['3']]);
  },
);

const two = (world: World) => [
  ...world.spaces,
  { ...world.spaces[0]!, id: '1002', key: 'TWO', homepageId: null },
];

test('a place of another space carries nothing: of the two spaces either may be the stale one', async () => {
  const base = createSmallWorld();
  const content = [
    item('1', { type: 'folder', spaceId: '1002' }),
    item('2', { parentId: '1' }),
    item('3', { spaceId: '1002', parentId: '1' }),
  ];
  expect(await found(site(content, { spaces: two(base) }))).toEqual([
    ['1', '3'],
    ['1', '3'],
  ]);
});

test('pages in a circle, and what hangs on them, are seen by nobody', async () => {
  const content = [item('1'), item('2', { parentId: '1' }), item('3', { type: 'blogpost' })];
  expect(await found(site(content), rewrite('/api/v2/pages', '"parentId":null', '"parentId":"2"'))).toEqual([
    ['3'],
    ['3'],
  ]);
});

test('a page whose parent no listing held is seen by nobody', async () => {
  const content = [item('1'), item('2', { parentId: '1' }), item('3', { parentId: '2' })];
  expect(await found(site(content), rewrite('/api/v2/pages', '"parentId":"1"', '"parentId":"77"'))).toEqual([
    ['1'],
    ['1'],
  ]);
});

const statuses = (['draft', 'trashed', 'archived'] as const).flatMap((status) =>
  (['page', 'folder', 'database'] as const).map((type) => [type, status] as const),
);

test.each(statuses)('what hangs below a %s that is %s is seen by nobody', async (type, status) => {
  const content = [
    item('1', { type, status }),
    item('2', { parentId: '1' }),
    item('3', { parentId: '2' }),
    item('4'),
  ];
  expect(await found(site(content))).toEqual([['4'], ['4']]);
});

test('who may open the site is asked of each layer: none of them stands for another', async () => {
  const content = [
    item('1', { read: { users: [mia, noah] } }),
    item('2', { parentId: '1', read: { groups: [users] } }),
    item('3', { parentId: '2', read: { groups: [team], users: [noah] } }),
    item('4', { parentId: '3', read: { users: [noah] } }),
  ];
  expect(await found(site(content))).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3', '4'],
  ]);
});
