import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 71, spaces: 1, pagesPerSpace: 300, commentsPerPage: 3, bodyBytes: 300 });
world.behaviour.contentSearchLimit = 50;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.store.replace(structuredClone(world));
  await harness.database.db.deleteFrom('connections').execute();
});

/** Confluence's refusal of a cursor that has lived too long. */
const wornOut = {
  kind: 'status' as const,
  status: 400,
  body: {
    errors: [
      { status: 400, code: 'INVALID_REQUEST_PARAMETER', title: "Provided value for 'cursor' is not valid" },
    ],
  },
};

test('listings whose cursor has expired are walked anew, and nothing is lost', async () => {
  const { faults } = harness.sandbox.context;
  const listings = ['/api/v2/pages', '/content/search', '/api/v2/footer-comments', '/api/v2/attachments'];
  for (const path of listings)
    faults.add({ match: { path: `${path}\\?.*cursor=` }, times: 1, action: wornOut });
  const connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(faults.rules().map(({ hits }) => hits)).toEqual([1, 1, 1, 1]);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a stopped sync whose cursor has expired meanwhile can be taken up again', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  const hold = { kind: 'barrier', name: 'restrictions' } as const;
  faults.add({ match: { path: '/content/search\\?.*cursor=' }, after: 3, times: 1, action: hold });
  const runId = await connection.start();
  await faults.barriers.whenHeld('restrictions');
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(runId)).toMatchObject({ state: 'cancelled' });
  faults.clear();
  const rule = faults.add({ match: { path: '/content/search\\?.*cursor=' }, times: 1, action: wornOut });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(faults.rules().find(({ id }) => id === rule.id)?.hits).toBe(1);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a stopped sync has ended when none of its steps goes on, so that the next may start at once', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  const hold = (name: string, path: string) =>
    faults.add({ match: { path }, times: 1, action: { kind: 'barrier', name } });
  hold('first', '/api/v2/pages\\?.*cursor=');
  const first = await connection.start();
  await faults.barriers.whenHeld('first');
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(first)).toMatchObject({ state: 'cancelled' });
  // The second run has every page when the answer that the first was waiting for arrives at last. Did a step of the
  // first still wait for it, it would mark those pages as its own, and the second would remove them as unseen.
  hold('second', '/api/v2/footer-comments');
  const second = await connection.start();
  await faults.barriers.whenHeld('second');
  faults.barriers.release('first');
  faults.barriers.release('second');
  expect(await connection.ended(second)).toMatchObject({ state: 'succeeded', deleted: '0' });
  const { db } = harness.database;
  expect(await db.selectFrom('records').select('seen_run').distinct().execute()).toEqual([
    { seen_run: second },
  ]);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('what is written, changed, moved and removed while the site is read ends up as it is there', async () => {
  const { faults, store } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  const hold = { kind: 'barrier', name: 'restrictions' } as const;
  faults.add({ match: { path: '/content/search\\?.*cursor=' }, after: 2, times: 1, action: hold });
  const runId = await connection.start();
  await faults.barriers.whenHeld('restrictions');
  const [space] = world.spaces;
  const [first = '', second = ''] = world.content.slice(1).map(({ id }) => id);
  const leaves = world.content.map(({ id }) => id).filter((id) => store.children(id).length === 0);
  const { id: fresh } = store.addContent({
    spaceId: space?.id ?? '',
    parentId: space?.homepageId ?? null,
    title: 'Written meanwhile',
    body: '<p>New.</p>',
  });
  const { id: comment } = store.addComment({ containerId: fresh, body: '<p>Said meanwhile.</p>' });
  store.addComment({ containerId: fresh, parentId: comment, body: '<p>And answered.</p>' });
  store.addAttachment({ containerId: fresh, title: 'meanwhile.txt' });
  store.updateContent(first, { title: 'Changed meanwhile', body: '<p>Changed.</p>' });
  store.updateContent(second, { body: '<p>Changed too.</p>' });
  store.moveContent(leaves[0] ?? '', { parentId: space?.homepageId ?? null });
  faults.barriers.release('restrictions');
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  // A move has no version: one behind the reader's back is what the next permission sync finds.
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });

  // What was trashed while it was read may have been seen before: the next whole run does not see it.
  store.trash(leaves.at(-1) ?? '');
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

/** What the listing of pages answers as its `next` link. */
const misleading = (replacement: string, times: number) =>
  harness.sandbox.context.faults.add({
    match: { path: '/api/v2/pages\\?.*space-id' },
    times,
    action: { kind: 'rewrite', pattern: '"next":"[^"]*"', replacement: `"next":"${replacement}"` },
  });

test('a next link that leads to another host is not followed, and the next run loses nothing by it', async () => {
  const rule = misleading('https://elsewhere.example/wiki/api/v2/pages?cursor=x', 1);
  const connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'failed', deleted: '0' });
  expect(rule.hits).toBe(1);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a next link that leads back for ever ends in bounded time, is asked for again, and nothing is lost', async () => {
  const { counters } = harness.sandbox.context;
  const cursor = Buffer.from(JSON.stringify(['id', 0, '100002'])).toString('base64url');
  const rule = misleading(`/wiki/api/v2/pages?cursor=${cursor}`, 3);
  counters.reset();
  const connection = await harness.connect({ world });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(rule.hits).toBe(3);
  expect(counters.log().length).toBeLessThan(150);
  await expectInvariants({ harness, connectionId: connection.connectionId });
});
