import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { generateWorld } from '../../sandbox/world/generate.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { createSyncHarness, type HarnessConnection, type RunKind, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(300_000);

const world = generateWorld({ seed: 49, spaces: 2, pagesPerSpace: 40, commentsPerPage: 1, bodyBytes: 300 });
world.behaviour.contentSearchLimit = 20;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 10_000 } });
});
afterAll(() => harness.close());
afterEach(() => harness.database.db.deleteFrom('connections').execute());

/** Something that happens to the site; `at` picks what it happens to. Nothing where that is not there any more. */
const happenings: Record<string, (store: WorldStore, at: number) => unknown> = {
  written: (store, at) => {
    const parent = pick(store, at);
    return store.addContent({
      spaceId: parent?.spaceId ?? world.spaces[0]?.id ?? '',
      parentId: parent?.id ?? null,
      title: `Written ${at}`,
      body: '<p>New.</p>',
    });
  },
  edited: (store, at) => edit(store, at, { body: `<p>Edited ${at}.</p>` }),
  renamed: (store, at) => edit(store, at, { title: `Renamed ${at}` }),
  moved: (store, at) => {
    const leaf = pickLeaf(store, at);
    return leaf === undefined
      ? null
      : store.moveContent(leaf.id, { parentId: world.spaces[at % 2]?.homepageId ?? null });
  },
  trashed: (store, at) => doTo(pickLeaf(store, at), ({ id }) => store.trash(id)),
  archived: (store, at) => doTo(pickLeaf(store, at), ({ id }) => store.archive(id)),
  purged: (store, at) => doTo(pickLeaf(store, at), ({ id }) => store.purge(id)),
  restored: (store, at) => {
    const gone = store.listContent({ types: ['page'], statuses: ['trashed', 'archived'] }, 'id');
    return doTo(gone[at % Math.max(1, gone.length)], ({ id }) => store.restore(id));
  },
  commented: (store, at) =>
    doTo(pick(store, at), ({ id }) => store.addComment({ containerId: id, body: `<p>Said ${at}.</p>` })),
  attached: (store, at) =>
    doTo(pick(store, at), ({ id }) => store.addAttachment({ containerId: id, title: `file-${at}.txt` })),
};

type Page = ReturnType<WorldStore['listContent']>[number];
const current = (store: WorldStore) => store.listContent({ types: ['page'], statuses: ['current'] }, 'id');
const pick = (store: WorldStore, at: number): Page | undefined => {
  const pages = current(store);
  return pages[at % Math.max(1, pages.length)];
};
const pickLeaf = (store: WorldStore, at: number): Page | undefined => {
  const leaves = current(store).filter(
    ({ id, parentId }) => parentId !== null && store.children(id).length === 0,
  );
  return leaves[at % Math.max(1, leaves.length)];
};
function doTo(page: Page | undefined, what: (page: Page) => unknown): unknown {
  return page === undefined ? null : what(page);
}
function edit(store: WorldStore, at: number, change: { title?: string; body?: string }): unknown {
  return doTo(pick(store, at), ({ id }) => store.updateContent(id, change));
}

/** Runs a sync while things happen, each when a request of its number arrives. */
async function runMeanwhile(
  connection: HarnessConnection,
  kind: RunKind,
  story: readonly { after: number; what: string; at: number }[],
): Promise<void> {
  const { faults, store } = harness.sandbox.context;
  story.forEach(({ after }, index) =>
    faults.add({ match: { path: '/wiki/' }, after, times: 1, action: { kind: 'barrier', name: `${index}` } }),
  );
  const runId = await connection.start(kind);
  const over = connection.ended(runId);
  for (const [index, { what, at }] of story.entries()) {
    await Promise.race([faults.barriers.whenHeld(`${index}`), over]);
    happenings[what]?.(store, at);
    faults.barriers.release(`${index}`);
  }
  const rest = setInterval(() => faults.barriers.releaseAll(), 50);
  expect(await over).toMatchObject({ state: 'succeeded' });
  clearInterval(rest);
  faults.clear();
}

const story = fc
  .array(
    fc.record({
      after: fc.nat({ max: 25 }),
      what: fc.constantFrom(...Object.keys(happenings)),
      at: fc.nat({ max: 1_000 }),
    }),
    { minLength: 5, maxLength: 15 },
  )
  .map((all) => all.toSorted((a, b) => a.after - b.after));

test('whatever happens between the requests of a full and two incremental runs, the end is what the site holds', async () => {
  await fc.assert(
    fc.asyncProperty(story, story, story, async (first, second, third) => {
      harness.sandbox.context.store.replace(structuredClone(world));
      const connection = await harness.connect({ world });
      await runMeanwhile(connection, 'full', first);
      await runMeanwhile(connection, 'incremental', second);
      await runMeanwhile(connection, 'incremental', third);
      // What bears no date is found by these.
      for (const kind of ['incremental', 'permissions', 'sweep'] as const)
        expect(await connection.sync(kind)).toMatchObject({ state: 'succeeded', failed: '0' });
      await expectInvariants({ harness, connectionId: connection.connectionId });
      await harness.database.db.deleteFrom('connections').execute();
    }),
    { numRuns: 4, seed: 19, endOnFailure: true },
  );
});
