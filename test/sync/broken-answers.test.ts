import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const world = generateWorld({ seed: 21, spaces: 2, pagesPerSpace: 150, commentsPerPage: 3, bodyBytes: 400 });
world.behaviour.contentSearchLimit = 50;

let harness: SyncHarness;
beforeAll(async () => {
  // An answer that trickles is given up after a second, one that never ends at a megabyte.
  harness = await createSyncHarness({
    world,
    sandbox: { logLength: 100_000 },
    http: { timeouts: { headersMs: 5_000, bodyMs: 1_000, totalMs: 1_500 }, sizeCap: 4_000_000 },
  });
});
afterAll(() => harness.close());
beforeEach(() => harness.sandbox.context.counters.reset());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

/** One request of each kind is spoiled, somewhere in its listing. */
const everywhere = [
  { path: '/api/v2/spaces\\?' },
  { path: '/space-permissions|/spaces/\\d+/permissions', after: 1 },
  { path: '/rest/api/group', after: 1 },
  { path: '/content/search\\?', after: 2 },
  { path: '/api/v2/pages\\?.*body-format', after: 1 },
  { path: '/api/v2/footer-comments\\?.*cursor=' },
  { path: '/api/v2/attachments\\?', after: 1 },
  { path: '/api/v2/users-bulk|/users-bulk' },
];

const listings = [
  { path: '/api/v2/pages\\?.*body-format' },
  { path: '/content/search\\?', after: 2 },
  { path: '/api/v2/attachments\\?' },
];

async function syncDespite(action: FaultRuleInput['action'], places = everywhere) {
  const { faults } = harness.sandbox.context;
  const rules = places.map(({ path, after = 0 }: { path: string; after?: number }) =>
    faults.add({ match: { path }, after, times: 1, action }),
  );
  const connection = await harness.connect({ world });
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(faults.rules().map(({ hits, match }) => [match.path, hits])).toEqual(
    rules.map(({ match }) => [match.path, 1]),
  );
  await expectInvariants({ harness, connectionId: connection.connectionId });
}

test.each<FaultRuleInput['action']>([
  { kind: 'truncate' },
  { kind: 'cut' },
  { kind: 'wrong-length' },
  { kind: 'drop' },
  { kind: 'drop', when: 'after' },
  { kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
  { kind: 'login-page' },
])(
  'answers spoiled by $kind are asked for again, and nothing is lost',
  // What the HTTP layer heals by itself costs it two seconds each: only one kind of it is tried at every place.
  (action) => syncDespite(action, ['truncate', 'login-page'].includes(action.kind) ? everywhere : listings),
  60_000,
);

test('a login page in place of every answer is named, waited out, and never stored', async () => {
  const { faults } = harness.sandbox.context;
  const connection = await harness.connect({ world });
  const rule = faults.add({ action: { kind: 'login-page' } });
  const runId = await connection.start();
  const { db } = harness.database;
  const handle = harness.temporal.client.workflow.getHandle(`sync:${connection.connectionId}`);
  let told = '';
  // Asked until the first failed attempt shows; the test's own time limit ends it.
  while (told === '') {
    const { raw } = await handle.describe();
    told = raw.pendingActivities?.map((one) => one.lastFailure?.message ?? '').join('') ?? '';
  }
  expect(told).toMatch(/login page|content of type/);
  const count = await db.selectFrom('records').select('id').execute();
  expect(count).toEqual([]);
  faults.remove(rule.id);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test(
  'an answer that trickles is given up and asked for again',
  () => syncDespite({ kind: 'slow-body', bytesPerSecond: 1 }, listings),
  60_000,
);

test(
  'an answer without end is given up and asked for again',
  () => syncDespite({ kind: 'endless-body', bytesPerSecond: 1_000 }, listings),
  60_000,
);
