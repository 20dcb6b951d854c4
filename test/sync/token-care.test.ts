import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { refreshIdleGrants } from '../../activities/credentials/care.ts';
import { warnOfCredentials } from '../../activities/credentials/warnings.ts';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import { createOAuthClient } from '../../atlassian/oauth.ts';
import { createLogger } from '../../log.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import type { ConnectionStatus } from '../../store/schema.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectSafe } from './invariants.ts';

const { accountId, email } = GENERATED_ADMIN;
const world = generateWorld({ seed: 41, spaces: 1, pagesPerSpace: 5, commentsPerPage: 0 });
const dayMs = 86_400_000;

let harness: SyncHarness;
let http: ReturnType<typeof createAtlassianHttp>;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 10_000 } });
  const log = createLogger('debug', { write: (line: string) => void harness.logged.push(line) });
  http = createAtlassianHttp({ gatewayUrl: harness.sandbox.url, allowedPrivateHosts: [], log });
});
afterAll(async () => {
  await http.close();
  await harness.close();
});
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  harness.sandbox.context.clock.reset();
  harness.sandbox.context.faults.clear();
});

/** A day of every worker's care, so many days from today, at Atlassian too. */
async function care(day: number): Promise<number> {
  const { clock } = harness.sandbox.context;
  clock.reset();
  clock.advance(day * dayMs);
  const now = () => new Date(Date.now() + day * dayMs);
  const { db } = harness.database;
  const log = createLogger('debug', { write: (line: string) => void harness.logged.push(line) });
  const cipher = createCipher(keyProviderFromKey(harness.key));
  const refreshed = await refreshIdleGrants({ db, cipher, oauth: createOAuthClient({ http }), log, now });
  await warnOfCredentials(db, now());
  return refreshed;
}
const set = (status: ConnectionStatus) =>
  harness.database.db.updateTable('connections').set({ status }).execute();
const refreshes = () =>
  harness.sandbox.context.counters.log().filter(({ path }) => path === '/oauth/token').length;
const open = async () =>
  (
    await harness.database.db
      .selectFrom('notices')
      .select(['code', 'subject'])
      .where('ended_at', 'is', null)
      .orderBy('code')
      .execute()
  ).map(({ code, subject }) => `${code} ${subject}`.trim());
const safe = ({ connectionId }: HarnessConnection) => expectSafe({ harness, connectionId });

test.each(['active', 'paused', 'attention'] as const)(
  'a consent of a connection that is %s and that no sync uses lives for a year, on a request a month',
  async (status) => {
    const connection = await harness.connect({
      world,
      oauth: { accountId },
      settings: { sync: { strategy: 'manual' } },
    });
    await set(status);
    harness.sandbox.context.counters.reset();
    for (let day = 0; day <= 340; day += 1) await care(day);
    expect(refreshes()).toBeLessThanOrEqual(12);
    expect(await open()).toEqual([]);
    harness.sandbox.context.clock.reset();
    await safe(connection);
  },
  60_000,
);

test('a disabled connection asks nothing, and two weeks before its consent ends somebody is told', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  await set('disabled');
  harness.sandbox.context.counters.reset();
  await care(75);
  expect(await open()).toEqual([]);
  await care(77);
  await care(78);
  expect(await open()).toEqual(['consent_expires unused']);
  expect(harness.sandbox.context.counters.log()).toEqual([]);
  // Enabled in time, it is used by the next care, and nothing is left to tell.
  await set('active');
  expect(await care(79)).toBe(1);
  expect(await open()).toEqual([]);
  harness.sandbox.context.clock.reset();
  await safe(connection);
});

test('an unused consent that turns out dead is told as it would be by a sync', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  const { grants, store } = harness.sandbox.context;
  grants.revoke(store.oauthApps()[0]?.clientId ?? '', accountId);
  harness.sandbox.context.counters.reset();
  await care(31);
  for (let day = 32; day < 40; day += 1) await care(day);
  expect(refreshes()).toBe(1);
  const row = await harness.database.db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ status: 'needs_reauth', status_cause: 'consent_revoked' });
  expect(await open()).toEqual(['needs_reauth']);
  harness.sandbox.context.clock.reset();
  await safe(connection);
});

test('Atlassian away for days ends no consent: it is asked once a round, and lives', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  harness.sandbox.context.faults.add({
    match: { path: '/oauth/token' },
    action: { kind: 'status', status: 503 },
  });
  harness.sandbox.context.counters.reset();
  for (let day = 31; day < 36; day += 1) expect(await care(day)).toBe(0);
  expect(refreshes()).toBe(5);
  harness.sandbox.context.faults.clear();
  expect(await care(36)).toBe(1);
  expect(await open()).toEqual([]);
  harness.sandbox.context.clock.reset();
  await safe(connection);
});

test('the end of an API token is told two weeks ahead and on the day, and a new token is the end of it', async () => {
  const connection = await harness.connect({ world, token: { email, token: 'sandbox-classic-token' } });
  const { db } = harness.database;
  await db
    .updateTable('connections')
    .set({ api_token_expires_at: new Date(Date.now() + 30 * dayMs) })
    .execute();
  const told: string[][] = [];
  for (const day of [15, 17, 29.5]) {
    await care(day);
    told.push(await open());
  }
  expect(told).toEqual([[], ['token_expires soon'], ['token_expires today']]);
  await db.updateTable('connections').set({ api_token_expires_at: null }).execute();
  await care(29.6);
  expect(await open()).toEqual([]);
  harness.sandbox.context.clock.reset();
  await safe(connection);
});

test('a consent that is nearly a year old is told, and a new consent is the end of it', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  await harness.database.db
    .updateTable('grants')
    .set({ created_at: new Date(Date.now() - 355 * dayMs) })
    .execute();
  await care(0);
  expect(await open()).toEqual(['consent_expires year']);
  await harness.reauthenticate(connection.connectionId, { accountId });
  await care(0);
  expect(await open()).toEqual([]);
  await safe(connection);
});
