import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';
import { expectInvariants, expectSafe } from './invariants.ts';
import { addViewer } from './viewer.ts';

const { accountId } = GENERATED_ADMIN;
const world = generateWorld({ seed: 13, spaces: 3, pagesPerSpace: 100, commentsPerPage: 3, bodyBytes: 400 });
world.behaviour.contentSearchLimit = 25;
/** Sees a part of the world: some spaces, few restricted pages. */
const member = world.people.find((person) => person.accountId !== accountId)?.accountId ?? '';
const elevenMinutes = 11 * 60_000;

let harness: SyncHarness;
let found: Awaited<ReturnType<typeof addViewer>>;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
  found = await addViewer(harness, member);
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  await db.deleteFrom('oauth_apps').execute();
  harness.sandbox.context.faults.clear();
  harness.sandbox.context.options.deadRefreshToken = 'invalid_grant';
});

async function statusOf({ connectionId }: HarnessConnection) {
  return harness.database.db
    .selectFrom('connections')
    .select(['status', 'status_cause', 'status_message'])
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
}

test('a consent that died in a crash keeps data and rights; reauthenticating goes on from the checkpoints', async () => {
  const { counters, faults, grants, clock } = harness.sandbox.context;
  const connection = await harness.connect({ world, oauth: { accountId } });
  const subject = { harness, connectionId: connection.connectionId };
  counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  const whole = counters.log().length;
  const before = await found(connection.connectionId);
  expect(before.total).toBeGreaterThan(50);

  // Half-way through the next run the token expires, and the reply to its refresh is lost. When it is asked for again,
  // the ten minutes in which Atlassian answers twice are over.
  const halfWay = { kind: 'barrier', name: 'half-way' } as const;
  faults.add({ match: { path: '/content/search\\?' }, after: 6, times: 1, action: halfWay });
  faults.add({ match: { path: '/oauth/token' }, times: 1, action: { kind: 'drop', when: 'after' } });
  const tooLate = { kind: 'barrier', name: 'too late' } as const;
  faults.add({ match: { path: '/oauth/token' }, times: 1, action: tooLate });
  const runId = await connection.start();
  await faults.barriers.whenHeld('half-way');
  grants.expireAccessTokens(accountId);
  faults.barriers.release('half-way');
  await faults.barriers.whenHeld('too late');
  clock.advance(elevenMinutes);
  faults.barriers.release('too late');
  const run = await connection.ended(runId);
  clock.reset();

  expect(run).toMatchObject({ state: 'failed', cause: 'consent_revoked', deleted: '0' });
  expect(await statusOf(connection)).toMatchObject({
    status: 'needs_reauth',
    status_cause: 'consent_revoked',
  });
  expect(await found(connection.connectionId)).toEqual(before);
  await expectInvariants(subject);

  await harness.reauthenticate(connection.connectionId, { accountId });
  counters.reset();
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', deleted: '0' });
  // What was listed and stored before is not asked for again.
  expect(counters.log().length).toBeLessThan(whole);
  expect(await found(connection.connectionId)).toEqual(before);
  await expectInvariants(subject);
}, 60_000);

test.each(['invalid_grant', 'unauthorized_client'] as const)(
  'a consent that was taken back (%s) is told at once, and nothing is deleted',
  async (form) => {
    const { counters, grants, options, store } = harness.sandbox.context;
    options.deadRefreshToken = form;
    const connection = await harness.connect({ world, oauth: { accountId } });
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    const before = await found(connection.connectionId);
    grants.revoke(store.oauthApps()[0]?.clientId ?? '', accountId);
    counters.reset();
    expect(await connection.sync()).toMatchObject({
      state: 'failed',
      cause: 'consent_revoked',
      deleted: '0',
    });
    const { status, status_message: message } = await statusOf(connection);
    expect([status, message?.includes('Reauthenticate')]).toEqual(['needs_reauth', true]);
    // No storm: the first round of parallel requests learns it, and nobody asks again.
    expect(counters.log().filter(({ path }) => path === '/oauth/token').length).toBeLessThanOrEqual(2);
    expect(await found(connection.connectionId)).toEqual(before);
    await expectInvariants({ harness, connectionId: connection.connectionId });
  },
);

test('an app whose secret was changed is not taken for a dead consent', async () => {
  const { grants, store } = harness.sandbox.context;
  const [app] = store.oauthApps();
  if (app === undefined) throw new Error('The world has no app.');
  const connection = await harness.connect({ world, oauth: { accountId } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  store.putOAuthApp({ ...app, clientSecret: 'another-secret' });
  grants.expireAccessTokens(accountId);
  const run = await connection.sync('incremental');
  store.putOAuthApp(app);
  expect(run).toMatchObject({ state: 'failed', cause: 'wrong_client' });
  expect(run.message).toContain('nobody needs to consent again');
  expect(await harness.database.db.selectFrom('grants').select('state').execute()).toEqual([
    { state: 'active' },
  ]);
  await expectInvariants({ harness, connectionId: connection.connectionId });
  await harness.reauthenticate(connection.connectionId, { accountId });
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
});

test('a site that was taken out of the consent ends the run, and keeps what is there', async () => {
  const { grants, store } = harness.sandbox.context;
  const connection = await harness.connect({ world, oauth: { accountId } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  const before = await found(connection.connectionId);
  grants.removeSite(store.oauthApps()[0]?.clientId ?? '', accountId, store.site.cloudId);
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'failed', cause: 'no_site', deleted: '0' });
  expect(await statusOf(connection)).toMatchObject({ status: 'needs_reauth', status_cause: 'no_site' });
  expect(await found(connection.connectionId)).toEqual(before);
  await expectSafe({ harness, connectionId: connection.connectionId });
});
