import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createBrowserSession, type BrowserSession } from '../browser-session.ts';
import { forcedConsent } from '../consent.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const { accountId } = GENERATED_ADMIN;
const world = generateWorld({ seed: 51, spaces: 2, pagesPerSpace: 30, commentsPerPage: 1 });

let harness: SyncHarness;
let server: TestServer;
let browser: BrowserSession;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
  const { database, key, engine, sandbox } = harness;
  server = await createTestServer({ gatewayUrl: sandbox.url, database, key, engine });
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
});
afterAll(async () => {
  await server.close();
  await harness.close();
});

const stored = ({ connectionId }: HarnessConnection) =>
  harness.database.db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();

test('one click reauthenticates, and the sync that had stopped half-way goes on by itself', async () => {
  const { faults, grants, store } = harness.sandbox.context;
  const connection = await harness.connect({
    world,
    oauth: { accountId },
    settings: { sync: { strategy: 'manual' } },
  });
  const { connectionId } = connection;
  const action = { kind: 'barrier', name: 'half-way' } as const;
  faults.add({ id: 'half-way', match: { path: '/content/search\\?' }, times: 1, action });
  const runId = await connection.start();
  await faults.barriers.whenHeld('half-way');
  grants.changePassword(accountId);
  grants.expireAccessTokens(accountId);
  faults.remove('half-way');
  faults.barriers.releaseAll();
  expect(await connection.ended(runId)).toMatchObject({ state: 'failed', cause: 'consent_revoked' });
  expect((await stored(connection)).status).toBe('needs_reauth');

  // The button of the banner, and what Atlassian answers.
  const overview = `/connections/${connectionId}`;
  const leave = await browser.post(`${overview}/authorize`, { returnTo: overview });
  const back = forcedConsent(harness.sandbox, leave.headers['location'] ?? '', {
    accountId,
    cloudIds: [store.site.cloudId],
  });
  await browser.get(back).expect(303).expect('location', overview);
  expect(await stored(connection)).toMatchObject({ status: 'active', status_cause: null });
  const { db } = harness.database;
  const taken = await db
    .selectFrom('sync_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('id', '<>', runId)
    .execute();
  expect(taken.map(({ kind, trigger }) => `${kind} ${trigger}`)).toEqual(['full setup']);
  expect(await connection.ended(taken[0]?.id ?? '')).toMatchObject({ state: 'succeeded' });
  const told = await db.selectFrom('notices').selectAll().where('code', '=', 'needs_reauth').execute();
  expect(told.map(({ ended_at }) => ended_at !== null)).toEqual([true]);
  // Its books balance as well: what the first run had read is no fault of the second one's counting.
  const open = await db
    .selectFrom('notices')
    .select(['code', 'message'])
    .where('ended_at', 'is', null)
    .execute();
  expect(open).toEqual([]);
  await expectInvariants({ harness, connectionId }, server.logged);
}, 60_000);
