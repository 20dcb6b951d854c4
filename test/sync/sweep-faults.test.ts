import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, recordIds, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe, type Subject } from './invariants.ts';

/** More than one batch of pages, comments and attachments each. */
const world = generateWorld({ seed: 62, spaces: 2, pagesPerSpace: 150, commentsPerPage: 1, bodyBytes: 100 });

let harness: SyncHarness;
let connection: HarnessConnection;
let subject: Subject;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 10_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.sandbox.context.store.replace(structuredClone(world));
  connection = await harness.connect({ world });
  subject = { harness, connectionId: connection.connectionId };
  await connection.sync();
});
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

const current = async () => recordIds({ ...harness, connectionId: connection.connectionId });

async function log(runId: string): Promise<string[]> {
  const rows = await harness.database.db
    .selectFrom('sync_log')
    .select('message')
    .where('run_id', '=', runId)
    .execute();
  return rows.map(({ message }) => message);
}

/** Nothing is held back or hidden either: whatever was missing was found again by asking for it. */
async function expectNothingHidden(): Promise<void> {
  const { db } = harness.database;
  const [pending, brakes] = await Promise.all([
    db.selectFrom('records').select('external_id').where('state', '=', 'pending').execute(),
    db.selectFrom('deletion_brakes').select('found').execute(),
  ]);
  expect([pending, brakes]).toEqual([[], []]);
}

const walks = ['/api/v2/pages\\?space-id', '/api/v2/footer-comments', '/api/v2/attachments'];

test('listings that end early make nothing disappear', async () => {
  const { faults } = harness.sandbox.context;
  const before = await current();
  for (const path of walks) {
    faults.add({
      match: { path },
      action: { kind: 'rewrite', pattern: '"next":"[^"]*"', replacement: '"next":""' },
    });
  }
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await current()).toEqual(before);
  await expectNothingHidden();
  await expectInvariants(subject);
});

test('empty listings of what is not empty make nothing disappear', async () => {
  const { faults } = harness.sandbox.context;
  const before = await current();
  for (const path of walks) {
    faults.add({
      match: { path },
      action: { kind: 'status', status: 200, body: { results: [], _links: {} } },
    });
  }
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  expect(await current()).toEqual(before);
  await expectNothingHidden();
  await expectInvariants(subject);
});

test('a list of spaces that is empty hides nothing that is answered for by id', async () => {
  const { faults } = harness.sandbox.context;
  faults.add({
    match: { path: '/api/v2/spaces\\?limit' },
    action: { kind: 'status', status: 200, body: { results: [], _links: {} } },
  });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '0' });
  await expectInvariants(subject);
});

test('while a page of a listing fails nothing of it is removed; the next sweep goes on and removes it', async () => {
  const { faults, store } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.purge(leaf);
  faults.add({
    match: { path: '/api/v2/pages\\?space-id.*cursor=' },
    action: { kind: 'status', status: 403, body: {} },
  });
  const run = await connection.sync('sweep');
  // Its comment and its attachment, which have listings of their own.
  expect(run).toMatchObject({ state: 'succeeded', deleted: '2' });
  expect(await log(run.id)).toContainEqual(
    expect.stringMatching(/^The sweep of pages could not be listed to its end, so nothing of it is removed/),
  );
  expect((await current()).get('page')?.has(leaf)).toBe(true);
  await expectSafe(subject);
  faults.clear();
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '1' });
  await expectInvariants(subject);
});

test('a listing that leads back to itself ends, and removes nothing', async () => {
  const { faults, store, counters } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.purge(leaf);
  const results = world.content.slice(0, 1).map((one) => page(one.id, one.spaceId));
  faults.add({
    match: { path: '/api/v2/pages\\?.*cursor=again' },
    action: {
      kind: 'status',
      status: 200,
      body: { results, _links: { next: '/wiki/api/v2/pages?cursor=again' } },
    },
  });
  faults.add({
    match: { path: '/api/v2/pages\\?space-id' },
    action: { kind: 'rewrite', pattern: 'cursor=[^"&]*', replacement: 'cursor=again' },
  });
  counters.reset();
  const run = await connection.sync('sweep');
  expect(run).toMatchObject({ state: 'succeeded', deleted: '2' });
  expect(await log(run.id)).toContainEqual(
    expect.stringMatching(/^The sweep of pages could not be listed to its end.*repeats itself/),
  );
  expect(counters.log().filter(({ query }) => query.includes('cursor=again')).length).toBeLessThan(5);
  await expectSafe(subject);
  faults.clear();
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '1' });
  await expectInvariants(subject);
});

function page(id: string, spaceId: string) {
  const at = '2020-01-01T00:00:00.000Z';
  return { id, status: 'current', title: 'x', spaceId, createdAt: at, version: { number: 1, createdAt: at } };
}

test('a cursor that is not known any more costs the walk anew, and loses nothing', async () => {
  const { faults, store } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.purge(leaf);
  const rule = faults.add({
    match: { path: '/api/v2/pages\\?space-id.*cursor=' },
    times: 1,
    action: {
      kind: 'status',
      status: 400,
      body: {
        errors: [
          {
            status: 400,
            code: 'INVALID_REQUEST_PARAMETER',
            title: "Provided value for 'cursor' is not valid",
          },
        ],
      },
    },
  });
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '3' });
  expect(faults.rules().find(({ id }) => id === rule.id)?.hits).toBe(1);
  await expectInvariants(subject);
});

test('a credential that changes between two pages of a listing makes its absences no proof', async () => {
  const { faults, store } = harness.sandbox.context;
  const leaf = world.content.find(({ id }) => store.children(id).length === 0)?.id ?? '';
  store.purge(leaf);
  faults.add({
    match: { path: '/api/v2/pages\\?space-id.*cursor=' },
    times: 1,
    action: { kind: 'barrier', name: 'between' },
  });
  const runId = await connection.start('sweep');
  await faults.barriers.whenHeld('between');
  await harness.database.db
    .updateTable('connections')
    .set((eb) => ({ credential_version: eb('credential_version', '+', 1) }))
    .execute();
  faults.barriers.release('between');
  const run = await connection.ended(runId);
  expect(run).toMatchObject({ state: 'succeeded', deleted: '2' });
  expect(await log(runId)).toContainEqual(expect.stringMatching(/^The credential has changed while "pages/));
  expect((await current()).get('page')?.has(leaf)).toBe(true);
  expect(await connection.sync('sweep')).toMatchObject({ state: 'succeeded', deleted: '1' });
  await expectInvariants(subject);
});
