import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { histories, leaksIn } from './canaries.ts';
import {
  createSyncHarness,
  type ConnectOptions,
  type HarnessConnection,
  type SyncHarness,
} from './harness.ts';
import { expectInvariants, expectSafe } from './invariants.ts';

const world = () => generateWorld({ seed: 5, spaces: 3, pagesPerSpace: 20, commentsPerPage: 3 });
const { accountId, email } = GENERATED_ADMIN;

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: world() });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.database.db.deleteFrom('connections').execute();
  harness.sandbox.context.counters.reset();
});

const ways: Record<string, { options: Omit<ConnectOptions, 'world'>; host: string; credential: string }> = {
  'a classic API token, at the site': { options: {}, host: 'site', credential: 'basic' },
  'a scoped API token, at the gateway': {
    options: { token: { email, token: 'sandbox-scoped-token', scoped: true } },
    host: 'api',
    credential: 'basic',
  },
  'an OAuth consent with the scopes that are asked for, at the gateway': {
    options: { oauth: { accountId } },
    host: 'api',
    credential: 'bearer',
  },
};

test.each(Object.entries(ways))('a first sync reads everything with %s', async (_name, way) => {
  const connection = await harness.connect({ world: world(), ...way.options });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded', message: null });
  await expectInvariants({ harness, connectionId: connection.connectionId });
  const seen = harness.sandbox.context.counters.log();
  expect(new Set(seen.map(({ host, credential }) => `${host} ${credential}`))).toEqual(
    new Set([`${way.host} ${way.credential}`]),
  );
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', seen: '0' });
});

async function withScopes(scopes: string[]): Promise<HarnessConnection> {
  harness.sandbox.context.store.putApiToken({ token: 'narrow-token', accountId, scopes, expiresAt: null });
  return harness.connect({ world: world(), token: { email, token: 'narrow-token', scoped: true } });
}

test('a scoped token without the right to list pages ends the run with the remedy', async () => {
  const connection = await withScopes(
    confluenceScopeNames.filter((scope) => scope !== 'read:page:confluence'),
  );
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'failed', cause: 'scope_missing' });
  expect(run.message).toContain('read:page:confluence');
  await expectSafe({ harness, connectionId: connection.connectionId });
});

test('a scoped token without the right to read groups hides everything, and says so', async () => {
  const connection = await withScopes(
    confluenceScopeNames.filter((scope) => scope !== 'read:confluence-groups'),
  );
  const run = await connection.sync();
  expect(run).toMatchObject({ state: 'succeeded' });
  const { db } = harness.database;
  const log = await db.selectFrom('sync_log').select('message').where('run_id', '=', run.id).execute();
  expect(log.map(({ message }) => message).join('\n')).toContain('nobody sees');
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('a token that was revoked asks for another, and deletes nothing', async () => {
  const connection = await withScopes([...confluenceScopeNames]);
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
  harness.sandbox.context.store.removeApiToken('narrow-token');
  expect(await connection.sync()).toMatchObject({ state: 'failed', cause: 'token_rejected', deleted: '0' });
  const { db } = harness.database;
  const { status } = await db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  expect(status).toBe('needs_reauth');
  await expectInvariants({ harness, connectionId: connection.connectionId });
});

test('the search for secrets finds one where there is one', async () => {
  const { db } = harness.database;
  await harness.connect({ world: world() });
  expect(await leaksIn(harness)).toEqual([]);
  await db.updateTable('connections').set({ name: 'x sandbox-classic-token' }).execute();
  harness.logged.push('{"msg":"sandbox-secret"}');
  expect(await leaksIn(harness, ['sandbox-scoped-token'])).toEqual(['log', 'output', 'connections']);
  await db
    .updateTable('connections')
    .set({ name: 'x', api_token: Buffer.from('sandbox-secret') })
    .execute();
  harness.logged.pop();
  expect(await leaksIn(harness)).toEqual(['connections']);
});

test('a history holds ids and words, and can be read by the search for secrets', async () => {
  const connection = await harness.connect({ world: world() });
  const run = await connection.sync();
  const text = await histories(harness);
  expect([text.includes(run.id), text.includes('"kind":"full"')]).toEqual([true, true]);
});
