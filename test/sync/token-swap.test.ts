import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { updateConnection } from '../../store/connections.ts';
import { deleteGrant } from '../../store/user-grants.ts';
import { giveConsent } from './consented.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants } from './invariants.ts';

const { accountId, email } = GENERATED_ADMIN;
const world = generateWorld({ seed: 23, spaces: 3, pagesPerSpace: 40, commentsPerPage: 1 });

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world, sandbox: { logLength: 100_000 } });
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { db } = harness.database;
  await db.deleteFrom('connections').execute();
  await db.deleteFrom('grants').execute();
  harness.sandbox.context.faults.clear();
});

const cipher = () => createCipher(keyProviderFromKey(harness.key));
const statusNow = () =>
  harness.database.db.selectFrom('connections').select('status').executeTakeFirstOrThrow();

/** Holds a run in the middle of its listing, does something to its credential, and lets it go on to its end. */
async function midway(connection: Awaited<ReturnType<SyncHarness['connect']>>, act: () => Promise<void>) {
  const { faults } = harness.sandbox.context;
  const action = { kind: 'barrier', name: 'midway' } as const;
  faults.add({ id: 'midway', match: { path: '/content/search\\?' }, times: 1, action });
  const runId = await connection.start();
  await faults.barriers.whenHeld('midway');
  await act();
  faults.remove('midway');
  faults.barriers.releaseAll();
  return connection.ended(runId);
}

test('an API token that is replaced while a sync runs does not stop it', async () => {
  const { store } = harness.sandbox.context;
  store.putApiToken({ token: 'old-token', accountId, scopes: null, expiresAt: null });
  store.putApiToken({ token: 'new-token', accountId, scopes: null, expiresAt: null });
  const connection = await harness.connect({ world, token: { email, token: 'old-token' } });
  const { connectionId } = connection;
  const run = await midway(connection, async () => {
    const place = { table: 'connections', row: connectionId, column: 'api_token' };
    await updateConnection(harness.database.db, connectionId, {
      api_token: cipher().seal('new-token', place),
    });
    store.removeApiToken('old-token');
  });
  expect(run).toMatchObject({ state: 'succeeded' });
  expect((await statusNow()).status).toBe('active');
  await expectInvariants({ harness, connectionId });
});

test('a classic token that a scoped one takes the place of is asked at the other address at once', async () => {
  const { store, counters } = harness.sandbox.context;
  store.putApiToken({ token: 'old-token', accountId, scopes: null, expiresAt: null });
  store.putApiToken({ token: 'scoped-token', accountId, scopes: [...confluenceScopeNames], expiresAt: null });
  const connection = await harness.connect({ world, token: { email, token: 'old-token' } });
  const { connectionId } = connection;
  const run = await midway(connection, async () => {
    const place = { table: 'connections', row: connectionId, column: 'api_token' };
    await updateConnection(harness.database.db, connectionId, {
      api_token: cipher().seal('scoped-token', place),
      api_token_scoped: true,
    });
    store.removeApiToken('old-token');
    counters.reset();
  });
  expect(run).toMatchObject({ state: 'succeeded' });
  expect(counters.log().at(-1)).toMatchObject({ host: 'api', status: 200 });
  await expectInvariants({ harness, connectionId });
});

test('a consent that is given anew while a sync runs does not stop it', async () => {
  const connection = await harness.connect({ world, oauth: { accountId } });
  const { connectionId } = connection;
  const run = await midway(connection, async () => {
    // Nothing of the consent before is good any more.
    const { grants } = harness.sandbox.context;
    grants.changePassword(accountId);
    grants.expireAccessTokens(accountId);
    await harness.reauthenticate(connectionId, { accountId });
  });
  expect(run).toMatchObject({ state: 'succeeded' });
  expect((await statusNow()).status).toBe('active');
  await expectInvariants({ harness, connectionId });
});

test('a consent of another account, which leaves nothing of the one before, does not stop it', async () => {
  const { db } = harness.database;
  const { grants } = harness.sandbox.context;
  const other = world.people.find((person) => person.accountId !== accountId && person.status === 'active');
  if (other === undefined) throw new Error('The world has one account alone.');
  const connection = await harness.connect({ world, oauth: { accountId: other.accountId } });
  const { connectionId } = connection;
  const before = await db.selectFrom('connections').select('grant_id').executeTakeFirstOrThrow();
  const run = await midway(connection, async () => {
    const { sandbox } = harness;
    const { grantId } = await giveConsent({ db, cipher: cipher(), sandbox, consent: { accountId } });
    await updateConnection(db, connectionId, { grant_id: grantId, account_id: accountId });
    grants.changePassword(other.accountId);
    grants.expireAccessTokens(other.accountId);
    await deleteGrant(db, before.grant_id ?? '');
  });
  expect(run).toMatchObject({ state: 'succeeded', message: null });
  expect((await statusNow()).status).toBe('active');
});
