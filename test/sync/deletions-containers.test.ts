import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 52, spaces: 1, pagesPerSpace: 10 });
const spaceId = world.spaces[0]?.id ?? '';

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
});

const add = (type: 'folder' | 'embed' | 'whiteboard', title: string) =>
  harness.sandbox.context.store.addContent({ type, spaceId, title }).id;

/** What a schedule starts within the hour: nothing of it walks everything. */
async function anHour() {
  for (const kind of ['permissions', 'incremental', 'permissions'] as const) {
    expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded' });
  }
}

async function stored(kind: string): Promise<string[]> {
  return [...((await recordIds({ ...harness, connectionId: connection.connectionId })).get(kind) ?? [])];
}

test.each(['folder', 'embed', 'whiteboard'] as const)(
  'a %s in the trash goes without a full run where nothing hangs below it',
  async (type) => {
    const { store } = harness.sandbox.context;
    const id = add(type, 'Shelf');
    const pageId = store.addContent({ spaceId, parentId: id, title: 'On it', body: '<p>x</p>' }).id;
    await connection.sync();
    expect(await stored(type)).toContain(id);
    store.moveContent(pageId, { parentId: null });
    store.trash(id);
    await anHour();
    expect(await stored(type)).not.toContain(id);
    const { db } = harness.database;
    const removals = await db.selectFrom('removals').select('cause').where('external_id', '=', id).execute();
    expect(removals).toEqual([{ cause: 'trashed' }]);
    await expectInvariants({ harness, connectionId: connection.connectionId });
  },
);

test('a folder in the trash with a page below stays, hidden with the page, until the page is elsewhere', async () => {
  const { store } = harness.sandbox.context;
  const id = add('folder', 'Shelf');
  const pageId = store.addContent({ spaceId, parentId: id, title: 'On it', body: '<p>x</p>' }).id;
  await connection.sync();
  store.trash(id);
  await anHour();
  const { db } = harness.database;
  const shown = await db
    .selectFrom('records')
    .select(['external_id', 'acl_id'])
    .where('connection_id', '=', connection.connectionId)
    .where('external_id', 'in', [id, pageId])
    .execute();
  expect(shown.map(({ acl_id }) => acl_id)).toEqual([null, null]);
  store.moveContent(pageId, { parentId: null });
  await anHour();
  await connection.sync('sweep');
  expect(await stored('folder')).not.toContain(id);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});
