import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SPACE_ROLES, roleNamed } from '../../sandbox/world/roles.ts';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type { AccessClass, Principal, Site, Space, World } from '../../sandbox/world/types.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { openWorld } from './open-world.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, noah, guest, users, team } = SMALL;
const email = (name: string) => `${name}@acme.example`;
const stranger = email('stranger');
const user = (id: string): Principal => ({ type: 'user', id });
const group = (id: string): Principal => ({ type: 'group', id });
const everybodyOf = (id: AccessClass): Principal => ({ type: 'class', id });
const rows = (principals: Principal[]) =>
  principals.map((principal, n) => ({ id: `${n + 1}`, principal, operation: 'read', target: 'space' }));
type Assigned = [principal: Principal, role: string];

/** One space with one page, in a mode, permitted and assigned to the crawler and these. */
function site(
  mode: Site['spaceRoleMode'],
  permitted: Principal[],
  assigned: Assigned[],
  change: Partial<World> = {},
): World {
  const base = createSmallWorld({ content: [smallPage('2001')] });
  const space: Space = {
    ...base.spaces[0]!,
    permissions: rows([user(admin), ...permitted]),
    roleAssignments: [[user(admin), 'Viewer'] as Assigned, ...assigned].map(([principal, role]) => ({
      principal,
      roleId: SPACE_ROLES.some(({ name }) => name === role) ? roleNamed(role).id : role,
    })),
  };
  const world = { ...base, spaces: [space], ...change };
  for (const person of world.people) person.emailVisible = true;
  return { ...world, site: { ...world.site, spaceRoleMode: mode, ...change.site } };
}

/** Which of these find the page. */
async function finders(world: World, settings = {}): Promise<string[]> {
  const { sees } = await openWorld(harness, world, { settings });
  const found: string[] = [];
  for (const name of ['mia', 'noah', 'guest', 'gone', 'stranger'])
    if ((await sees(email(name))).includes('2001')) found.push(name);
  return found;
}

const cases: [what: string, world: World, finders: string[]][] = [
  ['permissions decide before roles', site('PRE_ROLES', [user(mia)], [[user(noah), 'Viewer']]), ['mia']],
  ['roles decide in role mode', site('ROLES', [user(noah)], [[user(mia), 'Viewer']]), ['mia']],
  [
    'a role of a customer’s own making counts when it holds view',
    site('ROLES', [], [[group(team), 'Reviewer']]),
    ['mia'],
  ],
  ['a role without view counts for nothing', site('ROLES', [], [[group(users), 'Export only']]), []],
  [
    'a role that the site does not list counts for nothing',
    site('ROLES', [], [[group(users), 'role-of-yore']]),
    [],
  ],
  [
    'while the site changes over both must admit',
    site(
      'ROLES_TRANSITION',
      [user(mia), user(noah)],
      [
        [user(noah), 'Viewer'],
        [user(guest), 'Viewer'],
      ],
    ),
    ['noah'],
  ],
  [
    'while the site changes over a class of everybody adds nothing',
    site('ROLES_TRANSITION', [everybodyOf('authenticated-users')], [[group(team), 'Viewer']]),
    ['mia'],
  ],
  [
    'licensed users are without guests',
    site('PRE_ROLES', [everybodyOf('all-licensed-users')], []),
    ['mia', 'noah'],
  ],
  [
    'authenticated users are with guests',
    site('PRE_ROLES', [everybodyOf('authenticated-users')], []),
    ['guest', 'mia', 'noah'],
  ],
  [
    'anonymous users are nobody without an account',
    site('PRE_ROLES', [everybodyOf('anonymous-users')], []),
    ['guest', 'mia', 'noah'],
  ],
  [
    'administrators of service projects are not known',
    site('PRE_ROLES', [everybodyOf('jsm-project-admins')], []),
    [],
  ],
  [
    'an access class is assigned a role',
    site('ROLES', [], [[everybodyOf('all-licensed-users'), 'Collaborator']]),
    ['mia', 'noah'],
  ],
];

test.each(cases)('%s', async (_, world, expected) => {
  expect((await finders(world)).sort()).toEqual(expected);
});

test('assignments that are longer than one answer are read to their end', async () => {
  const crowd = Array.from({ length: 300 }, (_, n): Assigned => [user(`acc-a-crowd-${n}`), 'Viewer']);
  expect(await finders(site('ROLES', [], [...crowd, [user(noah), 'Viewer']]))).toEqual(['noah']);
});

const path = '/space-role-mode';
const inRoles = () => site('ROLES', [user(noah), user(mia)], [[user(mia), 'Viewer']]);

test.each<[string, (harness: SyncHarness) => void, string[]]>([
  [
    'a mode that is not documented is not known, and admits nobody',
    ({ sandbox }) =>
      sandbox.context.faults.add({
        match: { path },
        action: { kind: 'rewrite', pattern: '"ROLES"', replacement: '"ROLES_AND_MORE"' },
      }),
    [],
  ],
  [
    'a site that lists roles and no mode is governed by both',
    ({ sandbox }) =>
      sandbox.context.faults.add({ match: { path }, action: { kind: 'status', status: 404, body: {} } }),
    ['mia'],
  ],
  [
    'a principal of a kind that is not documented is nobody',
    ({ sandbox }) =>
      sandbox.context.faults.add({
        match: { path: '/role-assignments' },
        action: { kind: 'rewrite', pattern: '"USER"', replacement: '"TEAM"' },
      }),
    [],
  ],
])('%s', async (_, spoil, expected) => {
  const world = inRoles();
  const { connection, sees } = await openWorld(harness, world, { sync: false });
  spoil(harness);
  await connection.sync();
  const found = [await sees(email('mia')), await sees(email('noah'))];
  expect(['mia', 'noah'].filter((__, n) => found[n]?.length === 1)).toEqual(expected);
});

test('the layer names the roles that admit each principal', async () => {
  const world = site(
    'ROLES',
    [],
    [
      [user(mia), 'Viewer'],
      [user(mia), 'Reviewer'],
      [group(team), 'Export only'],
    ],
  );
  const { connection } = await openWorld(harness, world);
  const { roles } = await harness.database.db
    .selectFrom('acl_layers')
    .select('roles')
    .where('connection_id', '=', connection.connectionId)
    .where('kind', '=', 'space')
    .executeTakeFirstOrThrow();
  expect(roles).toEqual({ [`user:${admin}`]: ['Viewer'], [`user:${mia}`]: ['Reviewer', 'Viewer'] });
});

/** A site that is open to visitors as a whole. */
function openSite(permitted: Principal[]): World {
  const world = site('PRE_ROLES', permitted, []);
  return { ...world, site: { ...world.site, anonymousAccess: true } };
}

const visitors = { permissions: { anonymousAccess: 'everyone' as const } };

test('what the site shows to visitors is shown to everyone only where an administrator opts in', async () => {
  const world = openSite([everybodyOf('anonymous-users')]);
  world.content.push(
    smallPage('2002', {
      restrictions: { read: { users: [admin, mia], groups: [] }, update: { users: [], groups: [] } },
    }),
    smallPage('2003', { parentId: '2002' }),
  );
  world.spaces.push({
    ...world.spaces[0]!,
    id: '1002',
    key: 'TWO',
    permissions: rows([user(admin), everybodyOf('authenticated-users')]),
  });
  world.content.push(smallPage('2004', { spaceId: '1002' }));
  const closed = await openWorld(harness, world);
  expect(await closed.sees(stranger)).toEqual([]);
  const open = await openWorld(harness, world, { settings: visitors });
  expect(await open.sees(stranger)).toEqual(['2001']);
  expect(await open.sees(email('gone'))).toEqual(['2001']);
  expect(await open.sees(email('guest'))).toEqual(['2001', '2004']);
  expect(await open.sees(email('mia'))).toEqual(['2001', '2002', '2003', '2004']);
});

test('a space that becomes public, and private again, changes in one layer and no page', async () => {
  const world = openSite([user(mia)]);
  const { connection, sees } = await openWorld(harness, world, { settings: visitors });
  const { store } = harness.sandbox.context;
  const acl = () => harness.database.db.selectFrom('records').select('acl_id').execute();
  const before = await acl();
  expect(await sees(stranger)).toEqual([]);
  store.setSpacePermissions('1001', rows([user(admin), everybodyOf('anonymous-users')]));
  await connection.sync();
  expect(await sees(stranger)).toEqual(['2001']);
  store.setSpacePermissions('1001', rows([user(admin), user(noah)]));
  await connection.sync();
  expect([await sees(stranger), await sees(email('mia')), await sees(email('noah'))]).toEqual([
    [],
    [],
    ['2001'],
  ]);
  expect(await acl()).toEqual(before);
});

test.each<[string, (harness: SyncHarness) => void]>([
  ['shuts visitors out', ({ sandbox }) => sandbox.context.store.changeSite({ anonymousAccess: false })],
  [
    'does not say whether it is open to visitors',
    ({ sandbox }) =>
      sandbox.context.faults.add({
        match: { path: '/user/anonymous' },
        action: { kind: 'status', status: 403, body: {} },
      }),
  ],
])('where the site as a whole %s its spaces are open to nobody without an account', async (_, change) => {
  const world = openSite([everybodyOf('anonymous-users')]);
  const { connection, sees } = await openWorld(harness, world, { settings: visitors });
  expect(await sees(stranger)).toEqual(['2001']);
  change(harness);
  await connection.sync();
  const found = [await sees(stranger), await sees(email('guest')), await sees(email('mia'))];
  expect(found).toEqual([[], ['2001'], ['2001']]);
});

test.each(['trashed', 'archived'] as const)(
  'a space that is %s is shown to nobody after the next reading',
  async (status) => {
    const world = site('PRE_ROLES', [group(users)], []);
    world.spaces.push({ ...world.spaces[0]!, id: '1002', key: 'TWO' });
    world.content.push(smallPage('2004', { spaceId: '1002' }));
    const { connection, sees } = await openWorld(harness, world);
    expect(await sees(email('mia'))).toEqual(['2001', '2004']);
    harness.sandbox.context.store.changeSpace('1002', { status });
    await connection.sync();
    expect(await sees(email('mia'))).toEqual(['2001']);
  },
);
