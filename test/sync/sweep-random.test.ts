import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 65, spaces: 3, pagesPerSpace: 6, commentsPerPage: 1, bodyBytes: 60 });
const settings = { deletions: { askAbovePercent: 100 } };

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());

/** Something that happens in Confluence when a sweep sends its n-th request. `pick` chooses the page, `to` the space. */
interface Event {
  at: number;
  what: 'trash' | 'restore' | 'purge' | 'move' | 'create' | 'edit';
  pick: number;
  to: number;
}

const events = fc.array(
  fc.record<Event>({
    at: fc.integer({ min: 0, max: 22 }),
    what: fc.constantFrom('trash', 'restore', 'purge', 'move', 'create', 'edit'),
    pick: fc.nat({ max: 100 }),
    to: fc.nat({ max: 2 }),
  }),
  { minLength: 1, maxLength: 8 },
);

/** Listings that answer with nothing, as if they ended before they began. */
const listings = ['pages\\?space-id', 'footer-comments', 'attachments'];
const empties = fc.subarray(listings);

/** Lets an event happen. @returns the page that was not shown from then on, if any */
function happen({ what, pick, to }: Event): string | null {
  const { store } = harness.sandbox.context;
  const pages = store.snapshot().content.filter(({ type }) => type === 'page');
  const of = (wanted: (status: string) => boolean) => {
    const some = pages.filter(({ status }) => wanted(status));
    return some[pick % Math.max(1, some.length)];
  };
  const current = of((status) => status === 'current');
  const trashed = of((status) => status === 'trashed');
  const spaceId = world.spaces[to]?.id ?? '';
  if (what === 'create') store.addContent({ spaceId, title: `New ${pick}`, body: '<p>new</p>' });
  else if (what === 'restore' && trashed !== undefined) store.restore(trashed.id);
  else if (current !== undefined && what === 'trash') return store.trash(current.id).id;
  else if (current !== undefined && what === 'purge') {
    store.purge(current.id);
    return current.id;
  } else if (current !== undefined && what === 'move')
    store.moveContent(current.id, { parentId: null, spaceId });
  else if (current !== undefined && what === 'edit')
    store.updateContent(current.id, { body: `<p>${pick}</p>` });
  return null;
}

/** Runs a sweep, with each event at its request. @returns pages that were not shown at some moment of it */
async function sweepAmid(
  connection: HarnessConnection,
  story: readonly Event[],
  empty: readonly string[],
): Promise<Set<string>> {
  const { faults } = harness.sandbox.context;
  const places = [...new Set(story.map(({ at }) => at))].sort((one, other) => one - other);
  for (const at of places)
    faults.add({
      match: { path: '/wiki/' },
      after: at,
      times: 1,
      action: { kind: 'barrier', name: `at ${at}` },
    });
  for (const listing of empty)
    faults.add({
      match: { path: `/api/v2/${listing}` },
      action: { kind: 'status', status: 200, body: { results: [], _links: {} } },
    });
  const hidden = new Set<string>();
  const runId = await connection.start('sweep');
  const ended = connection.ended(runId);
  for (const at of places) {
    const name = `at ${at}`;
    await Promise.race([faults.barriers.whenHeld(name), ended]);
    for (const event of story.filter((one) => one.at === at)) {
      const id = happen(event);
      if (id !== null) hidden.add(id);
    }
    faults.barriers.release(name);
  }
  expect(await ended).toMatchObject({ state: 'succeeded' });
  faults.clear();
  return hidden;
}

test('whatever happens between two requests of a sweep, nothing that is shown is removed, and the next one finds the rest', async () => {
  let removals = 0;
  await fc.assert(
    fc.asyncProperty(events, empties, async (story, empty) => {
      const { db } = harness.database;
      await db.deleteFrom('connections').execute();
      harness.sandbox.context.store.replace(structuredClone(world));
      const connection = await harness.connect({ world, settings });
      await connection.sync();
      const hidden = await sweepAmid(connection, story, empty);
      const removed = await db
        .selectFrom('removals')
        .select('external_id')
        .where('kind', '=', 'page')
        .execute();
      expect(removed.map((one) => one.external_id).filter((id) => !hidden.has(id))).toEqual([]);
      removals += removed.length;
      const stored = await recordIds({ ...harness, ...connection });
      const lost = (kind: string, always: { id: string }[]) =>
        always.filter(({ id }) => stored.get(kind)?.has(id) !== true);
      const isOfShown = (one: { containerId: string }) => !hidden.has(one.containerId);
      const pages = world.content.filter(({ id, type }) => type === 'page' && !hidden.has(id));
      expect(lost('page', pages)).toEqual([]);
      expect(lost('comment', world.comments.filter(isOfShown))).toEqual([]);
      expect(lost('attachment', world.attachments.filter(isOfShown))).toEqual([]);
      await connection.sync('sweep');
      await expectInvariants({ harness, connectionId: connection.connectionId });
    }),
    { seed: 20_260_326, numRuns: 10, endOnFailure: true },
  );
  // Otherwise nothing was proven.
  expect(removals).toBeGreaterThan(0);
}, 300_000);
