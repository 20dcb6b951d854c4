import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { endCredential } from '../../activities/credentials/end.ts';
import type { CredentialEnd } from '../../activities/credentials/cause.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import type { RunKind, SyncKind } from '../../store/schema.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { giveConsent } from '../../test/sync/consented.ts';
import type { Actor } from '../actor.ts';
import { markAuthorized } from '../../store/credential-notices.ts';
import { goOnSyncing } from './credential-mended.ts';

const key = Buffer.alloc(32, 9);
let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let appId: string;
let connectionId: string;
const started: RunKind[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
  server = await createTestServer({
    gatewayUrl: sandbox.url,
    key,
    engine: { startRun: async ({ kind }) => void started.push(kind) },
  });
  admin = await server.person('admin@example.com', 'administrator');
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  const cipher = createCipher(keyProviderFromKey(key));
  const given = await giveConsent({ db, cipher, sandbox, consent: { accountId: SMALL.mia } });
  appId = given.appId;
  const row = await db
    .insertInto('connections')
    .values({
      name: 'Wiki',
      product: 'confluence',
      deployment: 'cloud',
      site_url: sandbox.context.store.site.url,
      cloud_id: sandbox.context.store.site.cloudId,
      auth_method: 'oauth',
      oauth_app_id: given.appId,
      grant_id: given.grantId,
      status: 'active',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  connectionId = row.id;
  started.length = 0;
});

const addRun = (kind: RunKind, state: 'failed' | 'succeeded', cause: string | null) =>
  server.database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind, state, cause, finished_at: new Date() })
    .execute();
const dies = (cause: CredentialEnd['cause']) =>
  server.database.db
    .transaction()
    .execute((trx) => endCredential(trx, connectionId, { cause, message: 'It is dead.' }));
async function mend(): Promise<void> {
  const { db } = server.database;
  const deps = { db, engine: { ...fakeEngine, startRun: fakeStart }, log: quiet };
  await goOnSyncing(deps, await db.transaction().execute((tx) => markAuthorized(tx, connectionId)));
}
const fakeStart = async ({ kind }: { kind: RunKind }) => void started.push(kind);
const fakeEngine = { applySchedule: async () => {} } as unknown as Parameters<
  typeof goOnSyncing
>[0]['engine'];
const quiet = { warn: () => {} } as unknown as Parameters<typeof goOnSyncing>[0]['log'];
const connectionNow = () =>
  server.database.db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
const openCodes = async () =>
  (await server.database.db.selectFrom('notices').select('code').where('ended_at', 'is', null).execute()).map(
    ({ code }) => code,
  );

test.each([
  ['the first full one', [['full', 'failed', 'consent_revoked']], ['full']],
  [
    'changes',
    [
      ['full', 'succeeded', null],
      ['incremental', 'failed', 'consent_revoked'],
    ],
    ['incremental'],
  ],
  [
    'permissions at once, where they were read before',
    [
      ['full', 'succeeded', null],
      ['permissions', 'failed', 'consent_revoked'],
    ],
    ['permissions'],
  ],
  [
    'nothing that failed for another cause, or had succeeded',
    [
      ['full', 'succeeded', null],
      ['incremental', 'failed', 'network'],
    ],
    [],
  ],
  [
    'no sync where a dry run alone was stopped',
    [
      ['full', 'succeeded', null],
      ['dry_run', 'failed', 'consent_revoked'],
    ],
    [],
  ],
] as [string, [RunKind, 'failed' | 'succeeded', string | null][], SyncKind[]][])(
  'after a mended credential goes on: %s',
  async (_name, runs, expected) => {
    for (const run of runs) await addRun(...run);
    await dies('consent_revoked');
    expect(await openCodes()).toEqual(['needs_reauth']);
    await mend();
    expect(started).toEqual(expected);
    expect(await connectionNow()).toMatchObject({ status: 'active', status_cause: null });
    expect(await openCodes()).toEqual([]);
  },
);

test('what was paused before stays paused, and nothing is started', async () => {
  await addRun('full', 'failed', 'consent_revoked');
  await server.database.db.updateTable('connections').set({ status: 'paused' }).execute();
  await dies('consent_revoked');
  expect((await connectionNow()).status).toBe('needs_reauth');
  await mend();
  expect((await connectionNow()).status).toBe('paused');
  expect(started).toEqual([]);
});

test('the right secret mends by itself what a wrong one stopped; another wrong one is refused', async () => {
  await addRun('full', 'failed', 'wrong_client');
  await dies('wrong_client');
  const { oauthApps } = server.services;
  await expect(oauthApps.update(admin, appId, { clientSecret: 'still-wrong' })).rejects.toMatchObject({
    fields: { clientSecret: expect.stringContaining('does not accept') },
  });
  expect((await connectionNow()).status).toBe('needs_reauth');
  const secret = sandbox.context.store.oauthApps()[0]?.clientSecret ?? '';
  await oauthApps.update(admin, appId, { clientSecret: secret });
  expect(await connectionNow()).toMatchObject({ status: 'active', status_message: null });
  expect(started).toEqual(['full']);
  expect(await openCodes()).toEqual([]);
});

test('a secret mends no consent that is dead', async () => {
  await dies('consent_revoked');
  const secret = sandbox.context.store.oauthApps()[0]?.clientSecret ?? '';
  await server.services.oauthApps.update(admin, appId, { clientSecret: secret });
  expect((await connectionNow()).status).toBe('needs_reauth');
});
