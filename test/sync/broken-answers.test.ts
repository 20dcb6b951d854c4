import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { withCrawlers, type Crawler } from './crawlers.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants, expectNoLeaks, expectSound } from './invariants.ts';

interface Place {
  path: string;
  after?: number;
}

/** One request of each kind, somewhere in its listing. */
const everywhere: Place[] = [
  { path: '/api/v2/spaces\\?' },
  { path: '/spaces/\\d+/permissions', after: 1 },
  { path: '/rest/api/group', after: 1 },
  { path: '/content/search\\?', after: 2 },
  { path: '/api/v2/pages\\?.*body-format', after: 1 },
  { path: '/api/v2/footer-comments\\?.*cursor=' },
  { path: '/api/v2/attachments\\?', after: 1 },
  { path: '/users-bulk' },
];

const listings: Place[] = [
  { path: '/api/v2/pages\\?.*body-format' },
  { path: '/content/search\\?', after: 2 },
  { path: '/api/v2/attachments\\?' },
];

const spoiled: { action: FaultRuleInput['action']; places: Place[] }[] = [
  { action: { kind: 'truncate' }, places: everywhere },
  { action: { kind: 'login-page' }, places: everywhere },
  { action: { kind: 'cut' }, places: listings },
  { action: { kind: 'wrong-length' }, places: listings },
  { action: { kind: 'drop' }, places: listings },
  { action: { kind: 'drop', when: 'after' }, places: listings },
  { action: { kind: 'status', status: 502, body: '<html>Bad gateway</html>' }, places: listings },
  { action: { kind: 'slow-body', bytesPerSecond: 1 }, places: listings },
  { action: { kind: 'endless-body', bytesPerSecond: 1_000 }, places: listings },
];

const { world, crawlers } = withCrawlers(
  generateWorld({ seed: 21, spaces: 2, pagesPerSpace: 150, commentsPerPage: 3, bodyBytes: 400 }),
  spoiled.length,
);
world.behaviour.contentSearchLimit = 50;

let harness: SyncHarness;
beforeAll(async () => {
  // An answer that trickles is given up after a second, one that never ends after two.
  harness = await createSyncHarness({
    world,
    http: { timeouts: { headersMs: 10_000, bodyMs: 1_000, totalMs: 2_000 }, sizeCap: 4_000_000 },
  });
});
afterAll(() => harness.close());
afterEach(async () => {
  harness.sandbox.context.faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
});

/** Each kind of fault meets a connection of its own: what the HTTP layer heals costs it seconds, side by side. */
test('answers that are spoiled in any way are asked for again, and nothing is lost', async () => {
  const { faults } = harness.sandbox.context;
  await Promise.all(
    spoiled.map(async ({ action, places }, number) => {
      const { accountId, token } = crawlers[number] as Crawler;
      for (const { path, after = 0 } of places)
        faults.add({ match: { path, accountId }, after, times: 1, action });
      const connection = await harness.connect({ world, token });
      const run = await connection.sync();
      expect({ action, run }).toMatchObject({ run: { state: 'succeeded', failed: '0' } });
      await expectSound({ harness, connectionId: connection.connectionId });
    }),
  );
  for (const { action, match, hits } of faults.rules())
    expect({ action, match, hits }).toEqual({ action, match, hits: 1 });
  await expectNoLeaks(harness);
}, 120_000);

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
  expect(told).toContain('a login page, a captcha or a proxy may be in between');
  expect(await db.selectFrom('records').select('id').execute()).toEqual([]);
  faults.remove(rule.id);
  expect(await connection.ended(runId)).toMatchObject({ state: 'succeeded' });
  await expectInvariants({ harness, connectionId: connection.connectionId });
});
