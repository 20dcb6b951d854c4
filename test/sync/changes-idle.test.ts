import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectSound } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 44,
  spaces: 500,
  pagesPerSpace: 3,
  bodyBytes: 200,
  commentsPerPage: 0,
  attachmentsPerPage: 0,
  restrictedEvery: 0,
});
// So much in the trash that its feeds have full batches, too.
for (const space of world.spaces.slice(0, 30)) {
  const of = world.content.filter(({ spaceId, id }) => spaceId === space.id && id !== space.homepageId);
  for (const one of of) one.status = one === of[0] ? 'trashed' : 'archived';
}

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
  const { state } = await harness.sync();
  if (state !== 'succeeded') throw new Error(`The first sync ended as ${state}.`);
}, 240_000);
afterAll(() => harness.close());

test('a run without news costs 8 requests and 80 points at most on a site of 500 spaces, and asks of nobody dates', async () => {
  for (let run = 0; run < 2; run += 1) {
    const { requests, points, changes, beyond } = await arrival(harness, harness);
    expect({ changes, beyond, within: requests <= 8 && points <= 80, requests, points }).toMatchObject({
      changes: {},
      beyond: [],
      within: true,
    });
  }
  await expectSound({ harness, connectionId: harness.connectionId });
  const { counters } = harness.sandbox.context;
  expect(counters.log().map(({ query }) => decodeURIComponent(query))).not.toContainEqual(
    expect.stringMatching(/\d{4}-\d{2}-\d{2}|(lastmodified|created)[\s+]*[<>=]/i),
  );
});

test('spaces are walked eight a run, from the top again where Atlassian does not know the place any more', async () => {
  const { store } = harness.sandbox.context;
  const { db } = harness.database;
  const rename = (at: number) => store.changeSpace(world.spaces[at]?.id ?? '', { name: `Renamed ${at}` });
  // Two runs have walked sixteen.
  rename(20);
  expect((await arrival(harness, harness)).changes).toEqual({ spaces_changed: 1 });
  rename(3);
  expect((await arrival(harness, harness)).changes).toEqual({});
  await db.updateTable('checkpoints').set({ cursor: 'worn out' }).where('scope', '=', 'walk').execute();
  expect((await arrival(harness, harness)).changes).toEqual({ spaces_changed: 1 });
});

test('a page names a space that the walk has not come to: it is asked for by id, and read whole', async () => {
  const { store } = harness.sandbox.context;
  const [known] = world.spaces;
  const space = store.addSpace({
    id: '990001',
    key: 'LATE',
    name: 'Late',
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  store.setSpacePermissions(
    space.id,
    (known?.permissions ?? []).map(({ principal, operation, target }) => ({ principal, operation, target })),
  );
  const old = (title: string) =>
    store.addContent({ spaceId: space.id, title, body: '<p>x</p>', createdAt: '2026-02-01T00:00:00.000Z' })
      .id;
  const [first, second] = [old('First'), old('Second')];
  store.addComment({ containerId: second, body: '<p>Said.</p>' });
  store.updateContent(first, { body: '<p>News.</p>' });
  const { changes, beyond } = await arrival(harness, harness);
  expect(changes).toEqual({ spaces_changed: 1, added: 3 });
  expect(beyond).toEqual(
    expect.arrayContaining([
      `spaces ids=${space.id} limit=1`,
      `spaces/${space.id}/permissions`,
      `pages space-id=${space.id}`,
    ]),
  );
  expect((await arrival(harness, harness)).changes).toEqual({});
  await expectSound({ harness, connectionId: harness.connectionId });
});
