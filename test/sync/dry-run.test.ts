import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { moveConnection } from '../../store/connection-state.ts';
import { loadPastRuns } from '../../store/forecast.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import { newestRuns } from '../../store/runs-read.ts';
import type { Connection } from '../../store/schema.ts';
import { isSweepDue } from '../../store/sweep-parts.ts';
import { missedRun } from '../../temporal/missed-run.ts';
import { asked } from './asked.ts';
import { dryRun, everythingElse, outcomesOf, startDryRun } from './dry-runs.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { runWhen } from './run-when.ts';
import { createWantedSite, SITE } from './wanted-site.ts';
import { expectWanted, indexedIds, set } from './wanted.ts';

jest.setTimeout(120_000);

type Settings = Connection['settings'];

const world = createWantedSite();
let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.store.replace(structuredClone(world));
});

const site = () => harness.sandbox.context.store;

/** Ids by what would become of them. */
async function told(runId: string): Promise<Record<string, string[]>> {
  const outcomes = await outcomesOf(harness, runId);
  const by: Record<string, string[]> = {};
  for (const [id, outcome] of [...outcomes].sort()) (by[outcome.split(':')[0] ?? ''] ??= []).push(id);
  return by;
}

test('before anything is stored, a dry run adds what a full sync then shows, and counts as no sync anywhere', async () => {
  const { db } = harness.database;
  const connection = await harness.connect({ world });
  const { connectionId } = connection;
  const before = await everythingElse(harness);
  const run = await dryRun(harness, connectionId);
  expect(run).toMatchObject({ state: 'succeeded', kind: 'dry_run', seen: '0', indexed: '0' });
  expect(await everythingElse(harness)).toEqual(before);
  expect(await hasWholeReading(db, connectionId)).toBe(false);
  expect(await newestRuns(db, [connectionId])).toEqual([]);
  expect(await loadPastRuns(db, connectionId, 'full')).toBeNull();
  expect(await isSweepDue(db, connectionId, '0 seconds')).toBe(false);
  const later = new Date(Date.now() + 1e9);
  expect(await missedRun(db, { id: connectionId, settings: {} }, 'content', later)).toBe(false);

  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  expect(await told(run.id)).toEqual({ add: await indexedIds(harness, connectionId) });
});

const settings: [name: string, settings: Settings][] = [
  ['no filter', {}],
  ['a tree', { filters: { pageIds: { operator: 'in', values: [SITE.tree] } } }],
  ['no tree', { filters: { pageIds: { operator: 'not_in', values: [SITE.folder] } } }],
  ['a label', { filters: { labels: { operator: 'in', values: ['beta'] } } }],
  ['labels as scope', { scope: { by: 'labels', treeLabel: 'alpha', pageLabel: 'beta' } }],
  ['one space', { filters: { spaceKeys: { operator: 'not_in', values: ['TWO'] } } }],
  ['no comments', { indexing: { pageComments: false } }],
  ['no posts', { indexing: { blogposts: false } }],
  ['by hand', { indexing: { mode: 'manual' } }],
];

test.each(settings)(
  'with %s, a dry run tells what the next full sync then does',
  async (_name, candidate) => {
    const connection = await harness.connect({ world });
    const { connectionId } = connection;
    await connection.sync();
    site().updateContent('4001', { title: 'Edited', body: '<p>Edited</p>' });
    site().addContent({ spaceId: '1001', title: 'New', body: '<p>New</p>', parentId: SITE.tree });
    site().trash('4501');
    const shown = await indexedIds(harness, connectionId);

    const before = await everythingElse(harness);
    harness.sandbox.context.counters.reset();
    const run = await dryRun(harness, connectionId, candidate);
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(Object.keys(asked(harness)).filter((name) => name.startsWith('bodies'))).toEqual([]);
    expect(await everythingElse(harness)).toEqual(before);

    await set(harness, connection, candidate);
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    await expectWanted(harness, connection);
    const then = await indexedIds(harness, connectionId);
    const { add = [], update = [], keep = [], remove = [], fail } = await told(run.id);
    expect(fail).toBeUndefined();
    expect(add).toEqual(then.filter((id) => !shown.includes(id)));
    expect(remove).toEqual(shown.filter((id) => !then.includes(id)));
    expect([...keep, ...update].sort()).toEqual(shown.filter((id) => then.includes(id)));
    // Its comments are titled by the page.
    expect(update).toEqual(['4001', '74001', '84001'].filter((id) => then.includes(id)));
  },
);

test('a place in the tree with nothing below it stays, and one that is gone is told as removed', async () => {
  const connection = await harness.connect({ world });
  const [sketch, gone] = ['Sketch', 'Thrown away'].map((title) =>
    site().addContent({ type: 'whiteboard', spaceId: '1001', title, body: '', parentId: SITE.tree }),
  );
  await connection.sync();
  site().purge(gone?.id ?? '');
  const outcomes = await outcomesOf(harness, (await dryRun(harness, connection.connectionId)).id);
  expect(outcomes.get(sketch?.id ?? '')).toBe('keep');
  expect(outcomes.get(gone?.id ?? '')).toBe('remove: notListed');
  site().purge(sketch?.id ?? '');
});

test('reasons name the rule; what the site refuses is told as not readable', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  await connection.sync();
  site().purge('4500');
  faults.add({ match: { path: '/folders/' }, action: { kind: 'status', status: 403, body: {} } });
  const run = await dryRun(harness, connection.connectionId, {
    filters: {
      spaceKeys: { operator: 'in', values: ['ONE'] },
      labels: { operator: 'not_in', values: ['beta'] },
      contentTypes: { operator: 'not_in', values: ['blogpost'] },
    },
  });
  const outcomes = await outcomesOf(harness, run.id);
  expect(outcomes.get(SITE.folder)).toBe('fail: unreadable');
  expect(outcomes.get('4102')).toBe('remove: labels');
  expect(outcomes.get('74102')).toBe('remove: container');
  expect(outcomes.get('4500')).toBe('remove: notListed');
  expect(outcomes.get(SITE.two)).toBe('remove: spaceKeys');
  expect(outcomes.get(`7${SITE.two}`)).toBe('remove: spaceKeys');
  expect(outcomes.get(SITE.posts[0])).toBe('remove: contentTypes');
  expect(outcomes.get('4002')).toBe('keep');
  const log = await harness.database.db
    .selectFrom('sync_log')
    .select('message')
    .where('run_id', '=', run.id)
    .execute();
  expect(log.map(({ message }) => message).join()).toContain('could not be read');
});

/** A dry run that stands still at its comments. */
async function held(connection: HarnessConnection): Promise<string> {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/api/v2/footer-comments' },
    times: 1,
    action: { kind: 'barrier', name: 'held' },
  });
  const runId = await startDryRun(harness, connection.connectionId);
  await faults.barriers.whenHeld('held');
  return runId;
}

test('a dry run is paused and resumed, and settings that are saved meanwhile change nothing about it', async () => {
  const { db } = harness.database;
  const connection = await harness.connect({ world });
  const { connectionId } = connection;
  const runId = await held(connection);
  await expect(startDryRun(harness, connectionId)).rejects.toThrow('under way');
  await moveConnection(db, connectionId, 'paused');
  await harness.engine.steerRun(connectionId, 'pause');
  await runWhen(harness, runId, ({ state }) => state === 'paused');
  await set(harness, connection, { filters: { spaceKeys: { operator: 'in', values: ['TWO'] } } });
  harness.sandbox.context.faults.barriers.releaseAll();
  await moveConnection(db, connectionId, 'resumed');
  await harness.engine.steerRun(connectionId, 'resume');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  const outcomes = await outcomesOf(harness, runId);
  expect(outcomes.get(SITE.tree)).toBe('add');
});

test('kinds that were off count in a dry run by settings that turn them on, with their labels', async () => {
  const off = { indexing: { blogposts: false, pageComments: false } };
  const connection = await harness.connect({ world, settings: off });
  await connection.sync();
  const run = await dryRun(harness, connection.connectionId, {
    filters: { labels: { operator: 'in', values: ['alpha'] } },
  });
  const outcomes = await outcomesOf(harness, run.id);
  expect(outcomes.get(SITE.posts[0])).toBe('add');
  expect(outcomes.get(SITE.posts[1])).toBe('leave_out: labels');
  expect(outcomes.get(`7${SITE.tree}`)).toBe('add');
  expect(outcomes.get('4500')).toBe('remove: labels');
});

test('a dry run that is cancelled leaves the next sync all to do', async () => {
  const connection = await harness.connect({ world });
  const runId = await held(connection);
  await harness.engine.cancelRun(connection.connectionId);
  harness.sandbox.context.faults.barriers.releaseAll();
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled' });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await expectWanted(harness, connection);
});

test('where listings of comments hold no replies, search finds them', async () => {
  const behaviour = { ...world.behaviour, commentListingsHoldReplies: false };
  site().replace({ ...structuredClone(world), behaviour });
  const connection = await harness.connect({ world });
  const run = await dryRun(harness, connection.connectionId);
  const outcomes = await outcomesOf(harness, run.id);
  expect(outcomes.get(`8${SITE.tree}`)).toBe('add');
  expect(outcomes.get(`8${SITE.posts[1]}`)).toBe('add');
});
