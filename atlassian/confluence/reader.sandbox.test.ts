import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { World } from '../../sandbox/world/types.ts';
import { all, startSite, type SimulatedSite } from './site.fixture.ts';

let site: SimulatedSite;
let world: World;
beforeAll(async () => {
  site = await startSite();
  world = site.world;
});
afterAll(() => site.close());

const ids = (items: { id: string }[]) => items.map(({ id }) => id).sort();

test.each(['classic token', 'scoped token', 'consent'])(
  'with a %s everything that the crawler may see is read',
  async (by) => {
    const reader =
      by === 'classic token'
        ? site.withClassicToken()
        : by === 'consent'
          ? site.withConsent().reader
          : site.withScopedToken();
    const seen = (item: { id: string }) => site.seen(item.id);
    const current = world.content.filter(({ status }) => status === 'current' || status === 'archived');

    const pages = await all((cursor) => reader.listPages({ cursor, body: true, limit: 20 }));
    expect(ids(pages)).toEqual(ids(current.filter((item) => item.type === 'page' && seen(item))));
    const page = pages.find(({ parentId }) => parentId !== null);
    const original = world.content.find(({ id }) => id === page?.id);
    expect(page).toMatchObject({
      title: original?.title,
      body: original?.body,
      spaceId: original?.spaceId,
      parentId: original?.parentId,
      createdAt: new Date(original?.createdAt ?? 0),
      version: { number: original?.version.number },
    });

    const posts = await all((cursor) => reader.listBlogposts({ cursor, body: false }));
    expect(ids(posts)).toEqual(ids(current.filter((item) => item.type === 'blogpost' && seen(item))));
    expect(posts.every(({ body }) => body === null)).toBe(true);

    const spaces = await all((cursor) => reader.listSpaces({ cursor }));
    expect(ids(spaces)).toEqual(ids(world.spaces));
    expect(await all((cursor) => reader.listSpaces({ cursor, status: 'archived' }))).toEqual([]);

    const access = await all((cursor) => reader.searchAccess({ cql: 'type = page', cursor }));
    for (const { id, restriction, labels } of access) {
      const item = world.content.find((each) => each.id === id);
      expect(restriction).toEqual({
        users: item?.restrictions.read.users,
        groups: item?.restrictions.read.groups,
        unidentified: 0,
        complete: true,
      });
      expect(labels.sort()).toEqual([...(item?.labels ?? [])].sort());
    }
    expect(access.length).toBe(await reader.count('type = page'));

    const groups = await reader.listGroups({});
    expect(ids(groups)).toEqual(ids(world.groups));
    const members = await reader.listGroupMembers(world.groups[0]?.id ?? '');
    expect(members.sort()).toEqual([...(world.groups[0]?.members ?? [])].sort());
    const opening = world.groups.filter(({ access: level }) => level !== 'none');
    expect(opening.map(({ id }) => id)).toEqual(
      expect.arrayContaining(ids(await reader.listGroups({ accessType: 'user' }))),
    );

    const people = await reader.readAccounts(world.people.map(({ accountId }) => accountId));
    expect(people.filter(({ email }) => email === null).map(({ displayName }) => displayName)).toEqual(
      world.people.filter(({ emailVisible }) => !emailVisible).map(({ name }) => name),
    );
    expect(people.filter(({ guest }) => guest)).toHaveLength(1);
    expect((await reader.currentAccount()).accountId).toBe(site.accountId);
  },
);

test('comments, attachments, containers, restrictions, permissions and roles are read', async () => {
  const reader = site.withClassicToken();
  const visible = (item: { containerId: string }) => site.seen(item.containerId);
  const roots = [
    ...(await all((cursor) => reader.listComments({ placement: 'footer', cursor }))),
    ...(await all((cursor) => reader.listComments({ placement: 'inline', cursor }))),
  ];
  const found = await all((cursor) => reader.searchComments({ cql: 'type = comment', cursor }));
  const alive = world.comments.filter((item) => item.status === 'current' && visible(item));
  expect(ids(found)).toEqual(ids(alive));
  for (const comment of [...roots, ...found]) {
    const item = world.comments.find(({ id }) => id === comment.id);
    expect(comment).toMatchObject({
      placement: item?.kind,
      containerId: item?.containerId,
      parentCommentId: item?.parentId ?? null,
      body: item?.body,
    });
  }
  const attachments = await all((cursor) => reader.listAttachments({ cursor }));
  expect(ids(attachments)).toEqual(
    ids(world.attachments.filter((item) => item.status === 'current' && visible(item))),
  );
  // The search tells of them what the listing does.
  const asListed = (list: typeof attachments) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(
    asListed(await all((cursor) => reader.searchAttachments({ cql: 'type = attachment', cursor }))),
  ).toEqual(asListed(attachments));
  for (const kind of ['folder', 'whiteboard', 'database', 'embed'] as const) {
    const item = world.content.find(({ type, status }) => type === kind && status === 'current');
    if (item === undefined) continue;
    expect(await reader.readContainer(kind, item.id)).toMatchObject({
      id: item.id,
      kind,
      title: item.title,
      parentId: item.parentId,
      createdAt: new Date(item.createdAt),
    });
  }
  const restricted = world.content.find(
    ({ id, restrictions }) => restrictions.read.groups.length > 0 && site.seen(id),
  );
  expect(await reader.readRestriction(restricted?.id ?? '')).toEqual({
    ...restricted?.restrictions.read,
    unidentified: 0,
    complete: true,
  });
  for (const space of world.spaces) {
    const permissions = await reader.listSpacePermissions(space.id);
    expect(permissions.some(({ operation, target }) => operation === 'read' && target === 'space')).toBe(
      space.permissions.some(({ operation, target }) => operation === 'read' && target === 'space'),
    );
    const roles = world.site.spaceRoleMode === 'PRE_ROLES' ? [] : space.roleAssignments;
    expect(await reader.listRoleAssignments(space.id)).toHaveLength(roles.length);
  }
  expect(await reader.readSpaceRoleMode()).toBe(world.site.spaceRoleMode);
  expect((await reader.listSpaceRoles()).length).toBeGreaterThan(0);
});
