import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { arrival } from './arrivals.ts';
import { createSyncHarness, type HarnessConnection, type RunKind, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

jest.setTimeout(120_000);

const world = generateWorld({
  seed: 71,
  spaces: 2,
  pagesPerSpace: 12,
  commentsPerPage: 1,
  restrictedEvery: 0,
});
world.behaviour.commentListingsHoldReplies = false;
const [root] = world.comments;
if (root === undefined) throw new Error('Nobody has said anything.');
const { containerId } = root;

let harness: SyncHarness;
let connection: HarnessConnection;
let reply: string;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  site().replace(structuredClone(world));
  reply = site().addComment({ containerId, parentId: root.id, body: '<p>A reply.</p>' }).id;
  connection = await harness.connect({ world });
  await connection.sync();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.options.searchLagSeconds = 0;
  await harness.database.db.deleteFrom('connections').execute();
});

const site = () => harness.sandbox.context.store;
const invariants = () => expectInvariants({ harness, connectionId: connection.connectionId });
const arrives = (kind?: RunKind) => arrival(harness, connection, kind);
const say = (parentId: string | null, kind: 'footer' | 'inline' = 'footer') =>
  site().addComment({
    containerId,
    parentId,
    kind,
    body: '<p>Said.</p>',
    marker: kind === 'inline' ? { ref: 'm', selection: 'words', resolution: 'open' } : null,
  }).id;
const isStored = async (id: string) =>
  (await harness.database.db.selectFrom('records').select('id').where('external_id', '=', id).execute())
    .length > 0;
const beyondListings = (beyond: string[]) =>
  beyond.filter((one) => one.includes('children') || one.includes('comment'));

test('a new reply, a reply to it, an edited one and an inline one come with the next incremental run', async () => {
  const nested = say(reply);
  say(nested);
  say(say(null, 'inline'), 'inline');
  site().updateComment(reply, { body: '<p>Edited.</p>' });
  const { changes, beyond } = await arrives();
  expect(changes).toEqual({ added: 4, updated: 1 });
  expect(beyond).toEqual([]);
  await invariants();
  const again = await arrives();
  expect(again).toMatchObject({ changes: {}, beyond: [] });
  expect(again.requests).toBeLessThanOrEqual(8);
});

test('an inline thread that is resolved is told with the next incremental run', async () => {
  const thread = say(null, 'inline');
  const answer = say(thread, 'inline');
  await arrives();
  for (const id of [thread, answer]) {
    const comment = site().comment(id);
    if (comment?.marker) comment.marker.resolution = 'resolved';
    site().updateComment(id, { body: '<p>Done.</p>' });
  }
  expect((await arrives()).changes).toEqual({ updated: 2 });
  const rows = await harness.database.db
    .selectFrom('records')
    .select('attributes')
    .where('external_id', 'in', [thread, answer])
    .execute();
  expect(rows.map(({ attributes }) => attributes)).toMatchObject([
    { resolution: 'resolved' },
    { resolution: 'resolved' },
  ]);
  await invariants();
});

test('replies that were deleted leave with a sweep, on the word of the comment that they replied to', async () => {
  const other = say(reply);
  const inline = say(say(null, 'inline'), 'inline');
  await arrives();
  site().purgeComment(other);
  site().setCommentStatus(inline, 'trashed');
  const { run, beyond } = await arrives('sweep');
  expect(run).toMatchObject({ deleted: '2' });
  expect(beyond).toContain(`footer-comments/${reply}/children`);
  await invariants();
});

test('a comment that is deleted takes its replies along, with a sweep', async () => {
  say(reply);
  await arrives();
  site().purgeComment(root.id);
  expect((await arrives('sweep')).run).toMatchObject({ deleted: '3' });
  await invariants();
});

test('a reply that the search index does not hold for a while stays', async () => {
  const { options, clock } = harness.sandbox.context;
  options.searchLagSeconds = 3_600;
  expect((await arrives('sweep')).run).toMatchObject({ deleted: '0' });
  expect(await isStored(reply)).toBe(true);
  await invariants();
  site().updateComment(reply, { body: '<p>Edited.</p>' });
  const late = say(reply);
  // Not in the index: the feed shows neither yet.
  expect((await arrives()).changes).toEqual({});
  clock.advance(3_700_000);
  await arrives('sweep');
  expect(await isStored(late)).toBe(true);
  await invariants();
});

test('where nobody answers for a comment, what replies to it is not removed', async () => {
  site().purgeComment(reply);
  harness.sandbox.context.faults.add({
    match: { path: '/children' },
    action: { kind: 'status', status: 403, body: { message: 'no' } },
  });
  expect((await connection.sync('sweep')).deleted).toBe('0');
  expect(await isStored(reply)).toBe(true);
  harness.sandbox.context.faults.clear();
  expect((await arrives()).run).toMatchObject({ deleted: '1' });
  await invariants();
});

test('a page that comes back brings the replies that were written about it', async () => {
  say(reply);
  await arrives();
  site().trash(containerId);
  await arrives();
  expect(await isStored(reply)).toBe(false);
  site().restore(containerId);
  site().updateContent(containerId, { body: '<p>Back.</p>' });
  await arrives();
  expect(await isStored(reply)).toBe(true);
  await invariants();
});

test('replies that no feed has shown are taken in by a sweep', async () => {
  const late = site().addComment({ containerId, parentId: reply, body: '<p>Imported.</p>' });
  late.createdAt = '2001-01-01T00:00:00.000Z';
  late.version.createdAt = late.createdAt;
  const twenty = Array.from({ length: 20 }, () => say(reply));
  await arrives();
  await arrives('sweep');
  for (const id of [late.id, ...twenty]) expect(await isStored(id)).toBe(true);
  await invariants();
});

test('once a listing has shown a reply, comments are read from the listings alone', async () => {
  site().setBehaviour({ commentListingsHoldReplies: true });
  const first = await arrives('sweep');
  const next = await arrives('sweep');
  expect(beyondListings(first.beyond)).toEqual(beyondListings(next.beyond));
  expect(beyondListings(next.beyond)).toEqual(['footer-comments', 'inline-comments']);
  say(reply);
  const { changes, beyond, requests } = await arrives();
  expect({ changes, beyond, requests }).toEqual({ changes: { added: 1 }, beyond: [], requests: 8 });
  site().purgeComment(reply);
  expect((await arrives('sweep')).run).toMatchObject({ deleted: '2' });
  await invariants();
});

test('listings that hold no replies any more are found out by a sweep, which removes nothing for it', async () => {
  site().setBehaviour({ commentListingsHoldReplies: true });
  await arrives('sweep');
  site().setBehaviour({ commentListingsHoldReplies: false });
  const late = say(reply);
  await arrives();
  expect(await isStored(late)).toBe(false);
  expect((await arrives('sweep')).run).toMatchObject({ deleted: '0' });
  expect(await isStored(late)).toBe(true);
  await invariants();
});

test('a search index that answers with nothing at all removes no reply', async () => {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/content/search' },
    action: { kind: 'status', status: 200, body: { results: [], size: 0, _links: {} } },
  });
  expect((await connection.sync('sweep')).deleted).toBe('0');
  expect(await isStored(reply)).toBe(true);
  faults.clear();
  await invariants();
});
