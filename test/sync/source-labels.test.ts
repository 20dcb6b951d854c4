import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { SMALL } from '../../sandbox/world/small.ts';
import type { Connection } from '../../store/schema.ts';
import { asked } from './asked.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, indexedIds } from './wanted.ts';

jest.setTimeout(60_000);

const world = createWantedSite((made) => {
  for (const one of made.content) one.labels = [];
  const labelled = (id: string, label: string) =>
    made.content.find((one) => one.id === id)?.labels.push(label);
  labelled('4500', 'ai-ingest');
  labelled(SITE.posts[0], 'ai-ingest');
  labelled(SITE.restricted, 'ai-ingest-all');
});
let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world: structuredClone(world), sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(() => harness.sandbox.context.store.replace(structuredClone(world)));
afterEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.options.searchLagSeconds = 0;
});

const site = () => harness.sandbox.context.store;
const byLabels: Connection['settings'] = { scope: { by: 'labels' } };

async function read(settings = byLabels): Promise<void> {
  connection = await harness.connect({ world, settings });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectWanted(harness, connection);
}

/** What is shown after the next incremental run. */
async function arrives(): Promise<string[]> {
  const { run } = await arrival(harness, connection);
  expect(run.failed).toBe('0');
  await expectWanted(harness, connection);
  return indexedIds(harness, connection.connectionId, 'page', 'blogpost');
}

const first = [SITE.restricted, '4101', '4102', '4500', SITE.posts[0]];

test('pages, posts and trees are in by their labels, and a run without news asks for labels in three requests', async () => {
  await read();
  expect(await indexedIds(harness, connection.connectionId, 'page', 'blogpost')).toEqual(first);
  await arrives();
  const { requests, points } = await arrival(harness, connection);
  expect({ requests, points, within: requests <= 8 + 3 && points <= 80 + 20 }).toMatchObject({
    within: true,
  });
});

test('without a rule of labels nothing is asked of labels', async () => {
  await read({ filters: { pageIds: { operator: 'in', values: [SITE.tree] } } });
  await arrives();
  expect(Object.keys(asked(harness)).filter((name) => /labels|ancestors/.test(name))).toEqual([]);
  const { requests, points } = await arrival(harness, connection);
  expect({ requests, points, within: requests <= 8 && points <= 80 }).toMatchObject({ within: true });
});

test('a label that is put on brings its page in by the next incremental run, one that is taken off takes it out', async () => {
  await read();
  site().setLabels('4002', ['ai-ingest']);
  site().setLabels(SITE.posts[1], ['ai-ingest', 'other']);
  expect(await arrives()).toEqual(['4002', ...first, SITE.posts[1]]);
  site().setLabels('4002', []);
  site().setLabels(SITE.posts[0], ['other']);
  expect(await arrives()).toEqual([...first.filter((id) => id !== SITE.posts[0]), SITE.posts[1]]);
});

test('the label of a tree brings in all below, and takes it out', async () => {
  await read();
  site().setLabels(SITE.tree, ['ai-ingest-all']);
  const all = await arrives();
  expect(all).toEqual(expect.arrayContaining([SITE.tree, '4002', SITE.filed]));
  site().setLabels(SITE.tree, []);
  expect(await arrives()).toEqual(first);
});

test('a page that moves below a labelled one comes in with all below it, and one that leaves goes', async () => {
  await read();
  site().moveContent('4001', { parentId: '4101' });
  site().moveContent('4102', { parentId: '4500' });
  const shown = await arrives();
  expect(shown).toEqual(expect.arrayContaining(['4001', '4002']));
  expect(shown).not.toContain('4102');
  site().moveContent('4101', { parentId: null });
  expect(await arrives()).toEqual([SITE.restricted, '4500', SITE.posts[0]]);
});

test('a label that the search does not show yet takes no page out, and brings one in when it shows', async () => {
  await read();
  const { options } = harness.sandbox.context;
  options.searchLagSeconds = 3_600;
  // The index holds nothing of this hour: neither the page that was edited, nor its label.
  site().updateContent('4500', { body: '<p>Edited.</p>' });
  expect(await arrives()).toEqual(first);
  options.searchLagSeconds = 0;
  site().setLabels('4501', ['ai-ingest']);
  expect(await arrives()).toEqual([...first.slice(0, 4), '4501', SITE.posts[0]]);
});

test('a filter of labels follows what is put on and taken off', async () => {
  await read({ filters: { labels: { operator: 'not_in', values: ['Secret'] } } });
  site().setLabels('4002', ['secret']);
  expect(await arrives()).not.toContain('4002');
  site().setLabels('4002', []);
  expect(await arrives()).toContain('4002');
});

test('what a label brings in is shown to those alone whom its place admits', async () => {
  await read();
  site().setRestriction('4500', 'read', { users: [SMALL.admin] });
  site().setLabels('4501', ['ai-ingest']);
  await connection.sync('permissions');
  expect(await arrives()).toContain('4501');
});
