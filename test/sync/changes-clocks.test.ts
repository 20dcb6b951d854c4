import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 46,
  spaces: 1,
  pagesPerSpace: 70,
  commentsPerPage: 1,
  restrictedEvery: 0,
});
const pages = world.content.filter(({ type }) => type === 'page').map(({ id }) => id);
const [page = '', other = ''] = pages;
const minutes = 60_000;

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(() => harness.sandbox.context.store.replace(structuredClone(world)));
afterEach(async () => {
  harness.sandbox.context.clock.reset();
  harness.sandbox.context.options.siteTimeZone = 'UTC';
  await harness.database.db.deleteFrom('connections').execute();
});

const site = () => harness.sandbox.context.store;
const arrives = () => arrival(harness, connection);
const invariants = () => expectInvariants({ harness, connectionId: connection.connectionId });
async function begin() {
  connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
}
/** The checkpoints of the feeds. */
const highWaters = () =>
  harness.database.db
    .selectFrom('checkpoints')
    .select(['stream', 'high_water'])
    .where('connection_id', '=', connection.connectionId)
    .where('stream', 'like', 'changed %')
    .where('high_water', 'is not', null)
    .execute();

test('a checkpoint in the year 2999 is not believed: it is warned of, and everything is read anew', async () => {
  await begin();
  const { db } = harness.database;
  // What the feeds would never reach: the oldest change of all, and one that bears no date.
  await db
    .updateTable('records')
    .set({ title: 'Stale', digest: 'stale' })
    .where('external_id', '=', pages.at(1) ?? '')
    .execute();
  await db
    .updateTable('checkpoints')
    .set({ high_water: new Date('2999-01-01T00:00:00Z') })
    .execute();
  const { run, indexed, changes } = await arrives();
  expect({ indexed, changes }).toEqual({ indexed: 1, changes: { retitled: 1 } });
  const read = harness.sandbox.context.counters.log().filter(({ path }) => path.endsWith('/api/v2/pages'));
  expect(read.length).toBeGreaterThan(3);
  const log = await db
    .selectFrom('sync_log')
    .select(['level', 'message'])
    .where('run_id', '=', run.id)
    .execute();
  const warnings = log.filter(({ message }) => message.includes('stands in the future'));
  // Of pages, posts, comments and attachments.
  expect(warnings.map(({ level }) => level)).toEqual(['warning', 'warning', 'warning', 'warning']);
  await invariants();
  for (const { high_water: time } of await highWaters())
    expect(time?.getTime()).toBeLessThan(Date.now() + 10 * minutes);
  expect(await arrives()).toMatchObject({ changes: {}, beyond: [] });
});

test.each([-10, 10])(
  'where our clock and the one at Atlassian differ by %i minutes, checkpoints are of theirs and nothing is lost',
  async (difference) => {
    const { clock } = harness.sandbox.context;
    clock.advance(difference * minutes);
    await begin();
    for (let change = 0; change < 2; change += 1) {
      site().updateContent(page, { body: `<p>${difference} ${change}</p>` });
      site().addComment({ containerId: other, body: `<p>${difference} ${change}</p>` });
      expect(await arrives()).toMatchObject({ indexed: 2, changes: { updated: 1, added: 1 } });
    }
    for (const { high_water: time } of await highWaters()) {
      const ahead = (time?.getTime() ?? 0) - clock.now().getTime();
      expect(Math.abs(ahead)).toBeLessThan(5 * minutes);
    }
    await invariants();
  },
);

test.each([
  ['Pacific/Pago_Pago', '2026-11-01T00:30:00Z'],
  ['America/St_Johns', '2026-03-08T05:30:00Z'],
  ['Europe/Berlin', '2026-10-25T00:59:30Z'],
  ['Pacific/Kiritimati', '2026-11-01T10:00:30Z'],
])(
  'on a site in %s, in the hour of %s, every change of one minute arrives, and no date is sent',
  async (zone, moment) => {
    const { clock, options, counters } = harness.sandbox.context;
    options.siteTimeZone = zone;
    clock.set(new Date(moment));
    await begin();
    for (let hour = 0; hour < 2; hour += 1) {
      for (const id of [page, other, page]) site().updateContent(id, { body: `<p>${hour} ${id}</p>` });
      site().addComment({ containerId: page, body: `<p>${hour}</p>` });
      expect(await arrives()).toMatchObject({ indexed: 3, changes: { updated: 2, added: 1 } });
      expect(counters.log().map(({ query }) => decodeURIComponent(query))).not.toContainEqual(
        expect.stringMatching(/\d{4}-\d{2}-\d{2}|(lastmodified|created)[\s+]*[<>=]/i),
      );
      clock.advance(60 * minutes);
    }
    await invariants();
  },
);

test('a change that the feed shows late is read when it shows, and one that it shows much too late by a sweep', async () => {
  const { clock } = harness.sandbox.context;
  clock.advance(-24 * 60 * minutes);
  await begin();
  site().setBehaviour({ feedLagSeconds: 5 * 60 });
  site().updateContent(page, { body: '<p>Five minutes late.</p>' });
  expect(await arrives()).toMatchObject({ changes: {} });
  clock.advance(6 * minutes);
  expect(await arrives()).toMatchObject({ changes: { updated: 1 } });

  site().setBehaviour({ feedLagSeconds: 120 * 60 });
  site().updateContent(page, { body: '<p>Two hours late.</p>' });
  clock.advance(60 * minutes);
  expect(await arrives()).toMatchObject({ changes: {} });
  for (const id of pages.slice(2, 30))
    site().updateContent(id, { body: '<p>Behind much that is newer.</p>' });
  site().setBehaviour({ feedLagSeconds: 0 });
  await arrives();
  expect(await arrival(harness, connection, 'sweep')).toMatchObject({ run: { state: 'succeeded' } });
  await invariants();
});
