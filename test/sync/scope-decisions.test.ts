import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { SMALL } from '../../sandbox/world/small.ts';
import { loadObstacles } from '../../store/explain-item.ts';
import { choose, reachOfChoice, type ChoiceRequest } from '../../store/record-choices.ts';
import { findImbalance } from '../../store/run-balance.ts';
import type { Connection } from '../../store/schema.ts';
import { decideNow } from '../../store/scope-decide.ts';
import { makeUser } from '../factories.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { shownTo } from './shown.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, indexedIds, set, statesOf } from './wanted.ts';

jest.setTimeout(120_000);

type Settings = Connection['settings'];

const world = createWantedSite();
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.store.replace(structuredClone(world));
});

const site = () => harness.sandbox.context.store;

async function read(settings: Settings): Promise<HarnessConnection> {
  const connection = await harness.connect({ world, settings });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectWanted(harness, connection);
  return connection;
}

/** As the API does: stores the choice, and decides at once. */
async function chooseNow(
  { connectionId }: HarnessConnection,
  choice: Pick<ChoiceRequest, 'reach' | 'externalIds' | 'indexed'>,
): Promise<void> {
  const { db } = harness.database;
  const request = { ...choice, connectionId, by: null };
  await db.transaction().execute((trx) => choose(trx, request));
  await decideNow(db, connectionId, reachOfChoice(request));
}

async function messagesAbout({ connectionId }: HarnessConnection, externalId: string): Promise<string[]> {
  const { db } = harness.database;
  const { id } = await db
    .selectFrom('records')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('external_id', '=', externalId)
    .executeTakeFirstOrThrow();
  const obstacles = await loadObstacles(db, [id]);
  return (obstacles.get(id) ?? []).map(({ message }) => message);
}

const tree = [SITE.restricted, '4101', '4102'];
const withDiscussion = (ids: readonly string[]) => ids.flatMap((id) => [id, `7${id}`, `8${id}`, `att9${id}`]);

test('what somebody un-indexes is found by nobody from that moment on, and comes back by the next run', async () => {
  const connection = await read({});
  const { connectionId } = connection;
  const { db } = harness.database;
  // Sees all of the site: what does not show is not for want of permission.
  const account = world.people.find(({ accountId }) => accountId === SMALL.admin);
  const admin = await makeUser(db, account?.email ?? '');
  const all = await shownTo(db, connectionId, admin, 'words');
  expect(all.search).toEqual(expect.arrayContaining(tree));

  await chooseNow(connection, { reach: 'subtree', externalIds: [SITE.restricted], indexed: false });
  const out = new Set(withDiscussion(tree));
  const left = await shownTo(db, connectionId, admin, 'words');
  for (const way of ['search', 'word', 'records', 'acls', 'above'] as const)
    expect(left[way]).toEqual(all[way].filter((id) => !out.has(id)));
  const stored = (await statesOf(harness, connectionId)).filter(({ id }) => out.has(id));
  expect(stored).toHaveLength(out.size);
  for (const one of stored) expect(one).toMatchObject({ state: 'manual', body: false, words: false });
  expect(await messagesAbout(connection, '4101')).toEqual([
    'Not indexed: it was un-indexed by hand, so nobody is shown it.',
  ]);
  expect((await messagesAbout(connection, '74101'))[0]).toContain('it was un-indexed by hand');

  await arrival(harness, connection);
  await expectWanted(harness, connection);
  await chooseNow(connection, { reach: 'subtree', externalIds: [SITE.restricted], indexed: true });
  expect(await indexedIds(harness, connectionId)).not.toContain('4101');
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect(await shownTo(db, connectionId, admin, 'words')).toEqual(all);
  await db.deleteFrom('users').execute();
});

test('by hand nothing is indexed but what is chosen, with what is added below it later', async () => {
  const connection = await read({ indexing: { mode: 'manual' } });
  expect(await indexedIds(harness, connection.connectionId)).toEqual([]);
  await chooseNow(connection, { reach: 'subtree', externalIds: [SITE.folder], indexed: true });
  await chooseNow(connection, { reach: 'record', externalIds: [SITE.posts[0]], indexed: true });
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect(await indexedIds(harness, connection.connectionId, 'page', 'folder', 'blogpost')).toEqual([
    SITE.folder,
    SITE.filed,
    SITE.posts[0],
  ]);
  const added = site().addContent({
    spaceId: '1001',
    parentId: SITE.filed,
    title: 'Added',
    body: '<p>x</p>',
  });
  await arrival(harness, connection);
  await expectWanted(harness, connection);
  expect(await indexedIds(harness, connection.connectionId)).toContain(added.id);
});

test('a label that a sync of permissions finds removed takes its page out with that sync', async () => {
  const connection = await read({ filters: { labels: { operator: 'in', values: ['alpha'] } } });
  const before = await indexedIds(harness, connection.connectionId);
  expect(before).toEqual(expect.arrayContaining(withDiscussion(['4001'])));
  site().setLabels('4001', []);
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  const out = new Set(withDiscussion(['4001']));
  expect(await indexedIds(harness, connection.connectionId)).toEqual(before.filter((id) => !out.has(id)));
  expect(await messagesAbout(connection, '4001')).toEqual([
    'Left out by the filter of labels, so nobody is shown it.',
  ]);
  await expectWanted(harness, connection);
});

test('attachments that the content rules skip are left out, and come back without a question when they do not', async () => {
  const connection = await harness.connect({
    world,
    settings: { content: { attachments: { default: 'skip' } } },
  });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  const files = async () =>
    (await statesOf(harness, connection.connectionId)).filter(({ kind }) => kind === 'attachment');
  expect((await files()).length).toBeGreaterThan(0);
  for (const file of await files())
    expect(file).toMatchObject({
      state: 'filtered',
      reason: 'content.attachments',
      body: false,
      words: false,
    });
  expect(await indexedIds(harness, connection.connectionId, 'page', 'comment')).not.toEqual([]);
  await set(harness, connection, {});
  expect((await arrival(harness, connection)).beyond).toEqual([]);
  for (const file of await files())
    expect(file).toMatchObject({ state: 'indexed', reason: null, words: true });
  await expectWanted(harness, connection);
});

const steps: Settings[] = [
  { filters: { pageIds: { operator: 'in', values: [SITE.tree] } } },
  {
    filters: {
      pageIds: { operator: 'not_in', values: [SITE.restricted] },
      labels: { operator: 'not_in', values: ['beta'] },
    },
  },
  { filters: { contentTypes: { operator: 'not_in', values: ['folder', 'attachment'] } } },
  { scope: { by: 'labels', pageLabel: 'beta', treeLabel: 'alpha' } },
  { filters: { created: { operator: 'is_after', from: '2026-02-10T00:00:00.000Z' } } },
  { filters: { authors: { operator: 'in', values: ['nobody'] } } },
  {},
];

test('whatever rules follow one another, after each run what is indexed is what is wanted, and the books balance', async () => {
  const connection = await read(steps[0]!);
  for (const [index, settings] of [...steps, ...steps.toReversed()].entries()) {
    await set(harness, connection, settings);
    const { run } = await arrival(harness, connection, index % 5 === 4 ? 'full' : 'incremental');
    expect(await findImbalance(harness.database.db, run.id)).toEqual([]);
    await expectWanted(harness, connection);
  }
});

test('what was decided already is decided no more: a run without news writes nothing', async () => {
  const connection = await read(steps[1]!);
  const { db } = harness.database;
  const versions = async () =>
    (
      await db
        .selectFrom('records')
        .select(['external_id', 'state', 'state_reason', 'body_due'])
        .where('connection_id', '=', connection.connectionId)
        .orderBy('external_id')
        .execute()
    ).map((row) => JSON.stringify(row));
  const events = () =>
    db
      .selectFrom('record_events')
      .select('id')
      .where('connection_id', '=', connection.connectionId)
      .where('what', 'in', ['left_out', 'taken_in'])
      .execute();
  const [stored, told] = [await versions(), await events()];
  expect(told.length).toBeGreaterThan(0);
  expect((await arrival(harness, connection)).changes).toEqual({});
  expect(await versions()).toEqual(stored);
  expect(await events()).toEqual(told);
});
