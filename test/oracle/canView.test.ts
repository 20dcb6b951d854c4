import { expect, test } from '@jest/globals';
import { roleNamed, SPACE_ROLES } from '../../sandbox/world/roles.ts';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type {
  AccessClass,
  Attachment,
  Comment,
  Content,
  Person,
  Principal,
} from '../../sandbox/world/types.ts';
import { canView, visibleTo } from './canView.ts';
import type { Truth } from './truth.ts';

const { admin, mia, noah, guest, gone, users, team } = SMALL;
const everybody = [admin, mia, noah, guest, gone];
const [top, middle, leaf] = ['2001', '2002', '2003'];
const viewers = (world: Truth, id: string): string[] =>
  everybody.filter((accountId) => canView(world, accountId, id));

type Read = Partial<Content['restrictions']['read']>;
const read = ({ users: people = [], groups = [] }: Read) => ({
  read: { users: people, groups },
  update: { users: [], groups: [] },
});

/** The small world's three pages in a line, restricted as said, with further content. */
function line(restricted: Record<string, Read>, change: Partial<Truth> = {}): Truth {
  const world: Truth = createSmallWorld(change);
  for (const item of world.content) {
    const own = restricted[item.id];
    if (own !== undefined) item.restrictions = read(own);
  }
  return world;
}

const space = (principals: Principal[]) =>
  createSmallWorld().spaces.map((one) => ({
    ...one,
    permissions: principals.map((principal, n) => ({
      id: `${n}`,
      principal,
      operation: 'read',
      target: 'space',
    })),
  }));

test.each<[rule: string, world: Truth, id: string, sees: string[]]>([
  ['product and space alone', line({}), leaf, [admin, mia, noah]],
  ['an own restriction to a user', line({ [leaf]: { users: [mia] } }), leaf, [mia]],
  [
    'an own restriction does not reach upwards',
    line({ [leaf]: { users: [mia] } }),
    middle,
    [admin, mia, noah],
  ],
  ['the restriction of an ancestor', line({ [top]: { users: [noah] } }), leaf, [noah]],
  [
    'a user or a group inside one layer',
    line({ [top]: { users: [noah], groups: [team] } }),
    leaf,
    [mia, noah],
  ],
  [
    'both of two layers',
    line({ [top]: { users: [mia, noah] }, [leaf]: { users: [noah, admin] } }),
    leaf,
    [noah],
  ],
  [
    'a group above and one of its members below, which no comparison of names would join',
    line({ [top]: { groups: [team] }, [leaf]: { users: [mia] } }),
    leaf,
    [mia],
  ],
  [
    'layers without a person in common',
    line({ [top]: { users: [mia] }, [leaf]: { users: [noah] } }),
    leaf,
    [],
  ],
  ['an empty restriction', line({ [leaf]: {} }), leaf, [admin, mia, noah]],
  ['a restriction to a user who is gone', line({ [leaf]: { users: ['acc-nobody'] } }), leaf, []],
  ['a restriction to a group that is gone', line({ [leaf]: { groups: ['grp-nobody'] } }), leaf, []],
  ['a restriction to an inactive user', line({ [leaf]: { users: [gone] } }), leaf, []],
  ['a restriction without access to the space', line({ [leaf]: { users: [guest] } }), leaf, []],
  ['an ancestor that cannot be read', line({}, { content: [smallPage('9', { parentId: '404' })] }), '9', []],
  [
    'an ancestor in the trash',
    line({}, { content: [smallPage('8', { status: 'trashed' }), smallPage('9', { parentId: '8' })] }),
    '9',
    [],
  ],
  [
    'ancestors in a circle',
    line({}, { content: [smallPage('8', { parentId: '9' }), smallPage('9', { parentId: '8' })] }),
    '9',
    [],
  ],
  ['a draft', line({}, { content: [smallPage('9', { status: 'draft' })] }), '9', []],
  ['a page in the trash', line({}, { content: [smallPage('9', { status: 'trashed' })] }), '9', []],
  ['what does not exist', line({}), '404', []],
])('%s', (_rule, world, id, sees) => {
  expect(viewers(world, id)).toEqual(sees);
});

test.each(['folder', 'whiteboard', 'database', 'embed'] as const)(
  'a restricted %s hides what is below it',
  (type) => {
    const above = smallPage('8', { type, restrictions: read({ users: [mia] }) });
    const world = line(
      {},
      { content: [above, smallPage('9', { parentId: '8' }), smallPage('10', { parentId: '9' })] },
    );
    expect(viewers(world, '10')).toEqual([mia]);
  },
);

test('who may edit says nothing about who may view', () => {
  const page = smallPage('9');
  page.restrictions.update = { users: [mia], groups: [] };
  expect(viewers(line({}, { content: [page] }), '9')).toEqual([admin, mia, noah]);
});

test('a blog post stands below nothing', () => {
  const above = smallPage('8', { restrictions: read({ users: [mia] }) });
  const world = line({}, { content: [above, smallPage('9', { type: 'blogpost', parentId: '8' })] });
  expect(viewers(world, '9')).toEqual([admin, mia, noah]);
});

test('an archived page keeps what was restricted above it', () => {
  const above = smallPage('8', { restrictions: read({ users: [mia] }) });
  const world = line({}, { content: [above, smallPage('9', { parentId: '8', status: 'archived' })] });
  expect(viewers(world, '9')).toEqual([mia]);
});

test('comments, replies and attachments are seen with what they hang on', () => {
  const world = line({ [top]: { users: [mia] }, [leaf]: {} });
  const version = world.content[0]!.version;
  const comment: Comment = {
    id: '31',
    kind: 'footer',
    containerId: leaf,
    parentId: null,
    status: 'current',
    authorId: noah,
    createdAt: version.createdAt,
    version,
    body: '',
    marker: null,
  };
  const file: Attachment = {
    id: 'att1',
    fileId: 'f1',
    containerId: leaf,
    status: 'current',
    title: 'a.txt',
    mediaType: 'text/plain',
    authorId: noah,
    createdAt: version.createdAt,
    version,
    labels: [],
    data: { size: 1 },
  };
  world.comments.push(
    comment,
    { ...comment, id: '32', parentId: '31' },
    { ...comment, id: '33', status: 'trashed' },
  );
  world.attachments.push(file, { ...file, id: 'att2', status: 'deleted' });
  expect(visibleTo(world, mia)).toEqual(new Set([top, middle, leaf, '31', '32', 'att1']));
  expect(visibleTo(world, noah)).toEqual(new Set());
});

test.each<[principal: Principal, sees: string[]]>([
  [{ type: 'user', id: noah }, [noah]],
  [{ type: 'user', id: guest }, [guest]],
  [{ type: 'user', id: gone }, []],
  [{ type: 'group', id: team }, [mia]],
  [{ type: 'group', id: 'grp-nobody' }, []],
  [{ type: 'class', id: 'anonymous-users' }, [admin, mia, noah, guest]],
  [{ type: 'class', id: 'authenticated-users' }, [admin, mia, noah, guest]],
  [{ type: 'class', id: 'all-licensed-users' }, [admin, mia, noah]],
  [{ type: 'class', id: 'all-product-admins' }, []],
  [{ type: 'class', id: 'jsm-project-admins' }, []],
  [{ type: 'class', id: 'a class of next year' as AccessClass }, []],
])('a space for %j', (principal, sees) => {
  expect(viewers(line({}, { spaces: space([principal]) }), leaf)).toEqual(sees);
});

test('the class of administrators is who is in the product’s own groups of them', () => {
  const world = line({}, { spaces: space([{ type: 'class', id: 'all-product-admins' }]) });
  world.groups.push({ id: 'grp-admins', name: 'admins', members: [admin, gone], access: 'admin' });
  world.groups.push({ id: 'grp-site', name: 'site admins', members: [noah], access: 'site-admin' });
  expect(viewers(world, leaf)).toEqual([admin]);
});

test('without the product a person sees nothing, though everything names that person', () => {
  const stranger: Person = { ...createSmallWorld().people[1]!, accountId: noah };
  const world = line({ [leaf]: { users: [noah] } }, { spaces: space([{ type: 'user', id: noah }]) });
  world.people = [stranger];
  world.groups = [{ id: users, name: users, members: [], access: 'user' }];
  expect(viewers(world, leaf)).toEqual([]);
});

test('in role mode assignments of roles that hold the view permission decide', () => {
  const world = line({}, { roles: SPACE_ROLES });
  world.site.spaceRoleMode = 'ROLES';
  expect(viewers(world, leaf)).toEqual([]);
  world.spaces[0]!.roleAssignments = [
    { principal: { type: 'user', id: mia }, roleId: roleNamed('Viewer').id },
    { principal: { type: 'group', id: users }, roleId: roleNamed('Export only').id },
    { principal: { type: 'user', id: noah }, roleId: 'a role that is not known' },
  ];
  expect(viewers(world, leaf)).toEqual([mia]);
  expect(viewers({ ...world, roles: [] }, leaf)).toEqual([]);
  world.site.spaceRoleMode = 'ROLES_TRANSITION';
  expect(viewers(world, leaf)).toEqual([mia]);
  world.spaces[0]!.permissions = [];
  expect(viewers(world, leaf)).toEqual([]);
});

test.each([
  ['where the site and the connection let them in', true, true, true],
  ['not where the site keeps them out', false, true, false],
  ['not where the administrator has not opted in', true, false, false],
])('visitors see a space that is open to them, %s', (_, anonymousAccess, visitorsWelcome, sees) => {
  const world = line({}, { spaces: space([{ type: 'class', id: 'anonymous-users' }]), visitorsWelcome });
  world.site.anonymousAccess = anonymousAccess;
  expect(canView(world, null, leaf)).toBe(sees);
  expect(visibleTo(world, null).size).toBe(sees ? 3 : 0);
  expect(visibleTo(world, gone).size).toBe(sees ? 3 : 0);
});

test.each<Principal>([
  { type: 'class', id: 'authenticated-users' },
  { type: 'class', id: 'all-licensed-users' },
  { type: 'group', id: users },
])('visitors see nothing of a space for %j', (principal) => {
  const world = line({}, { spaces: space([principal]), visitorsWelcome: true });
  world.site.anonymousAccess = true;
  expect(canView(world, null, leaf)).toBe(false);
});

test('visitors see nothing that is restricted, nor what is below it', () => {
  const spaces = space([{ type: 'class', id: 'anonymous-users' }]);
  const world = line({ [middle]: { users: [mia] } }, { spaces, visitorsWelcome: true });
  world.site.anonymousAccess = true;
  expect([top, middle, leaf].map((id) => canView(world, null, id))).toEqual([true, false, false]);
});

test('what is held is nobody’s, with all below it', () => {
  const world = line({}, { held: [middle] });
  expect([top, middle, leaf].map((id) => viewers(world, id).length)).toEqual([3, 0, 0]);
});

test('another permission than view does not open a space', () => {
  const spaces = space([{ type: 'group', id: users }]);
  for (const permission of spaces[0]!.permissions) permission.operation = 'create';
  expect(viewers(line({}, { spaces }), leaf)).toEqual([]);
});
