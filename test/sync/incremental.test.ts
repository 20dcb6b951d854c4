import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, type Subject } from './invariants.ts';
import { addViewer } from './viewer.ts';

const world = generateWorld({ seed: 41, spaces: 3, pagesPerSpace: 40, commentsPerPage: 3 });

let harness: SyncHarness;
let connection: HarnessConnection;
let subject: Subject;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
  subject = { harness, connectionId: connection.connectionId };
  await connection.sync();
  harness.sandbox.context.counters.reset();
});
afterEach(() => harness.database.db.deleteFrom('connections').execute());

/** Current pages of the world that nothing restricts, deepest last. */
function freePages(): string[] {
  const { store } = harness.sandbox.context;
  const free = (id: string) => {
    const { users, groups } = store.content(id)?.restrictions.read ?? { users: [], groups: [] };
    return users.length + groups.length === 0;
  };
  return world.content
    .map(({ id }) => id)
    .filter((id) => free(id) && store.ancestors(id).every((above) => free(above.id)));
}

/** Lets a change arrive. Returns what the run stored, and the feeds that it read further than their first, small batch. */
async function arrives(): Promise<{ seen: number; indexed: number; refetched: string[] }> {
  const run = await connection.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', message: null, failed: '0' });
  await expectInvariants(subject);
  const feeds = harness.sandbox.context.counters
    .log()
    .filter(({ path }) => /\/(pages|blogposts|footer-comments|inline-comments|attachments)$/.test(path));
  const refetched = feeds.filter(({ query }) => !/limit=(10|7|5)(&|$)/.test(query)).map(({ path }) => path);
  return { seen: Number(run.seen), indexed: Number(run.indexed), refetched };
}

const [page = ''] = world.content.map(({ id }) => id);

const changes: Record<string, () => unknown> = {
  'a comment alone': () =>
    harness.sandbox.context.store.addComment({ containerId: page, body: '<p>Only this.</p>' }),
  'a changed comment': () =>
    harness.sandbox.context.store.updateComment(world.comments[0]?.id ?? '', { body: '<p>Again.</p>' }),
  'a reply': () =>
    harness.sandbox.context.store.addComment({
      containerId: world.comments[0]?.containerId ?? '',
      parentId: world.comments[0]?.id ?? '',
      body: '<p>So it is.</p>',
    }),
  'an inline comment': () =>
    harness.sandbox.context.store.addComment({
      containerId: page,
      kind: 'inline',
      body: '<p>Here.</p>',
      marker: { ref: 'f11e0000-0000-4000-8000-000000000001', selection: 'word', resolution: 'open' },
    }),
  'an attachment alone': () =>
    harness.sandbox.context.store.addAttachment({ containerId: page, title: 'alone.txt' }),
  'a new version of an attachment': () =>
    harness.sandbox.context.store.updateAttachment(world.attachments[0]?.id ?? '', { title: 'renamed.txt' }),
  'an edited page': () =>
    harness.sandbox.context.store.updateContent(page, {
      title: 'Another title',
      body: '<p>Another body.</p>',
    }),
  'a new page': () =>
    harness.sandbox.context.store.addContent({
      spaceId: world.spaces[1]?.id ?? '',
      parentId: world.spaces[1]?.homepageId ?? null,
      title: 'New here',
      body: '<p>New.</p>',
    }),
};

test.each(Object.entries(changes))(
  '%s arrives by the next incremental run, and nothing else is stored',
  async (_name, change) => {
    change();
    expect(await arrives()).toEqual({ seen: 1, indexed: 1, refetched: [] });
  },
);

test('a new page below a restricted one is shown to those alone whom the restriction admits', async () => {
  const { store } = harness.sandbox.context;
  const member =
    world.people.find(({ accountId }) => accountId !== GENERATED_ADMIN.accountId)?.accountId ?? '';
  const [top = ''] = freePages().filter((id) => store.content(id)?.spaceId === world.spaces[0]?.id);
  const below = (title: string) =>
    store.addContent({ spaceId: world.spaces[0]?.id ?? '', parentId: top, title, body: '<p>x</p>' }).id;
  const closed = below('Closed');
  store.setRestriction(closed, 'read', { users: [GENERATED_ADMIN.accountId] });
  const { id } = store.addContent({
    spaceId: world.spaces[0]?.id ?? '',
    parentId: closed,
    title: 'Deep',
    body: '',
  });
  const open = below('Open');
  expect(await arrives()).toMatchObject({ seen: 3, indexed: 3 });
  const [asMember, asAdmin] = await Promise.all([
    addViewer(harness, member),
    addViewer(harness, GENERATED_ADMIN.accountId),
  ]);
  const shown = async (find: typeof asMember) => {
    const { first } = await find(connection.connectionId);
    return [closed, id, open].filter((each) => first.includes(each));
  };
  expect(await shown(asAdmin)).toEqual([closed, id, open]);
  expect(await shown(asMember)).toEqual([open]);
});

test('what moves no date arrives by the next full run: a move, a label, the trash', async () => {
  const { store } = harness.sandbox.context;
  const { db } = harness.database;
  const leaves = freePages().filter((id) => store.children(id).length === 0);
  const [moved = '', labelled = '', trashed = ''] = leaves;
  const target = world.spaces.find(({ id }) => id !== store.content(moved)?.spaceId);
  store.moveContent(moved, { parentId: target?.homepageId ?? null });
  store.setLabels(labelled, ['fresh-label']);
  store.trash(trashed);
  // A move keeps the id: what was said about the page stays with it.
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', indexed: '0', failed: '0' });
  await expectInvariants(subject);
  const row = (id: string) =>
    db
      .selectFrom('records')
      .leftJoin('spaces', 'spaces.id', 'records.space_id')
      .select(['parent_id', 'spaces.key', 'labels'])
      .where('records.external_id', '=', id)
      .executeTakeFirst();
  expect(await row(moved)).toMatchObject({ parent_id: target?.homepageId, key: target?.key });
  expect(await row(labelled)).toMatchObject({ labels: ['fresh-label'] });
  expect(await row(trashed)).toBeUndefined();
});
