import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { confluenceScopeNames } from '../../atlassian/scopes.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { giveConsent } from '../../test/sync/consented.ts';
import { scheduleId } from '../../temporal/names.ts';
import type { TemporalFacts } from '../../temporal/facts.ts';
import type { Actor } from '../actor.ts';
import type { CheckResult, Diagnosis } from './check.ts';

const key = Buffer.alloc(32, 7);
const cipher = createCipher(keyProviderFromKey(key));
let sandbox: RunningSandbox;
let server: TestServer;
let admin: Actor;
let connectionId: string;
let temporal: TemporalFacts;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, world: createSmallWorld() });
  server = await createTestServer({ gatewayUrl: sandbox.url, key, temporal: async () => temporal });
  admin = await server.person('admin@example.com', 'administrator');
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

beforeEach(async () => {
  await server.database.db.deleteFrom('connections').execute();
  sandbox.context.clock.reset();
  connectionId = await connect({ accountId: SMALL.admin });
  temporal = {
    state: 'there',
    version: '1.30',
    queue: [
      { type: 'workflow', backlog: 0, pollers: 2 },
      { type: 'activity', backlog: 3, pollers: 2 },
    ],
    schedules: new Set([scheduleId(connectionId), scheduleId(connectionId, 'permissions')]),
  };
});

async function connect(consent: { accountId: string; scopes?: readonly string[] }): Promise<string> {
  const { db } = server.database;
  const given = await giveConsent({ db, cipher, sandbox, consent });
  const { id } = await db
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
  return id;
}

async function diagnose(id: string = connectionId): Promise<Diagnosis & { of(name: string): CheckResult }> {
  const diagnosis = await server.services.diagnosis.run(admin, { connection: id });
  const of = (name: string) => {
    const found = diagnosis.checks.find((check) => check.name === name);
    if (found === undefined) throw new Error(`There is no check "${name}".`);
    return found;
  };
  return { ...diagnosis, of };
}
const wrong = ({ checks }: Diagnosis) =>
  checks.filter(({ state }) => state === 'failed' || state === 'warning').map(({ name }) => name);

test('where all is well each check says so, and a site is asked a handful of times', async () => {
  sandbox.context.counters.reset();
  const diagnosis = await diagnose();
  expect(wrong(diagnosis)).toEqual([]);
  expect(diagnosis.ok).toBe(true);
  expect(diagnosis.of('token').found).toContain('Admin');
  expect(diagnosis.of('temporal').state).toBe('ok');
  expect(diagnosis.of('schedules').found).toBe('All 2 schedules are there.');
  expect(diagnosis.of('emails').state).toBe('skipped');
  expect(diagnosis.counts.ok + diagnosis.counts.skipped).toBe(diagnosis.checks.length);
  const { total } = sandbox.context.counters.view();
  expect(total.requests).toBeGreaterThan(5);
  expect(total.requests).toBeLessThanOrEqual(9);
  const { rows } = await sql<{ n: number }>`select sum(requests)::int as n from points_ledger`.execute(
    server.database.db,
  );
  expect(rows[0]?.n).toBeGreaterThan(4);
});

test('a consent that was taken back is a dead credential, and its remedy is to reauthenticate', async () => {
  const [app] = sandbox.context.store.oauthApps();
  sandbox.context.grants.revoke(app?.clientId ?? '', SMALL.admin);
  await sql`update grants set access_expires_at = now() - interval '1 hour'`.execute(server.database.db);
  const diagnosis = await diagnose();
  expect(diagnosis.of('token')).toMatchObject({
    state: 'failed',
    remedy: expect.stringContaining('reauthenticate'),
  });
  expect(diagnosis.ok).toBe(false);
});

test('an API token is told with its end, ahead of it, and one that Atlassian does not take with its remedy', async () => {
  const { db } = server.database;
  const token = createSmallWorld().apiTokens.find(({ scopes }) => scopes === null);
  const email = sandbox.context.store.person(token?.accountId ?? '')?.email ?? '';
  const place = { table: 'connections', row: connectionId, column: 'api_token' };
  const enter = (text: string, days: number | null) =>
    db
      .updateTable('connections')
      .set({
        auth_method: 'api_token',
        oauth_app_id: null,
        grant_id: null,
        api_email: email,
        api_token: cipher.seal(text, place),
        api_token_expires_at: days === null ? null : new Date(Date.now() + days * 86_400_000),
      })
      .where('id', '=', connectionId)
      .execute();
  await enter(token?.token ?? '', 100);
  const good = await diagnose();
  expect(good.of('token')).toMatchObject({ state: 'ok', found: expect.stringContaining('It ends on ') });
  expect(good.of('scopes').found).toBe('A classic API token is not limited by scopes.');
  await enter(token?.token ?? '', 5);
  expect((await diagnose()).of('token')).toMatchObject({
    state: 'warning',
    remedy: expect.stringContaining('new API token'),
  });
  await enter('canary-wrong-token', null);
  const refused = await diagnose();
  expect(refused.of('token')).toMatchObject({
    state: 'failed',
    remedy: expect.stringContaining('Authenticate tab'),
  });
  expect(refused.of('right_spaces').found).toBe('Not looked at, because the credential is not taken.');
  expect(JSON.stringify(refused)).not.toContain('canary');
});

test('a missing scope is named, with what fails without it, and shows in the right that needs it', async () => {
  const scopes = confluenceScopeNames.filter((name) => name !== 'read:confluence-groups');
  const diagnosis = await diagnose(await connect({ accountId: SMALL.admin, scopes }));
  expect(diagnosis.of('scopes')).toMatchObject({ state: 'failed' });
  expect(diagnosis.of('scopes').found).toBe(
    'Missing: read:confluence-groups (Reads groups and their members, without which restrictions to groups would admit nobody).',
  );
  expect(diagnosis.of('right_groups').found).toContain('lacks the scope read:confluence-groups');
  expect(diagnosis.of('right_spaces').state).toBe('ok');
});

test('an account without rights is told apart from one without scopes, and the audit log can be done without', async () => {
  const diagnosis = await diagnose(await connect({ accountId: SMALL.mia }));
  expect(diagnosis.of('scopes').state).toBe('ok');
  expect(diagnosis.of('right_audit_log')).toMatchObject({
    state: 'warning',
    found: expect.stringContaining('refuses it to the account'),
  });
  expect(diagnosis.of('right_spaces').state).toBe('ok');
});

test.each([
  [90_000, 'warning', /^It is (8[89]|9[012]) s behind Atlassian's/],
  [-900_000, 'failed', /^It is (899|90[012]) s ahead of Atlassian's/],
])('a clock that differs by %d ms from Atlassian’s is told', async (ms, state, found) => {
  sandbox.context.clock.advance(ms);
  const clock = (await diagnose()).of('clock');
  expect(clock).toMatchObject({ state, found: expect.stringMatching(found) });
  expect(clock.found).toContain("It agrees with PostgreSQL's");
  expect(clock.remedy).toContain('NTP');
});

test('the share of people who hide their email is told, with who is known all the same', async () => {
  const { db } = server.database;
  await sql`insert into atlassian_accounts (connection_id, account_id, display_name, email, account_type, account_status)
    select ${connectionId}::uuid, 'p' || n, 'P', case when n > 3 then n || '@x.example' end, 'atlassian', 'active'
    from generate_series(1, 4) n`.execute(db);
  await sql`insert into user_accounts (user_id, account_id, source) values (${admin.userId}, 'p1', 'grant')`.execute(
    db,
  );
  const emails = (await diagnose()).of('emails');
  expect(emails).toMatchObject({
    state: 'warning',
    found: '3 of 4 people (75 %) hide their email; 1 of them are known by other proof.',
    remedy: expect.stringContaining('/connect-account'),
  });
  await sql`delete from user_accounts`.execute(db);
});

test('what Temporal lacks is told apart: the server, the namespace, workers, schedules', async () => {
  temporal = { state: 'away', code: 'UNAVAILABLE' };
  const away = await diagnose();
  expect(away.of('temporal')).toMatchObject({
    state: 'failed',
    remedy: expect.stringContaining('TEMPORAL_ADDRESS'),
  });
  expect([away.of('workers').state, away.of('schedules').state]).toEqual(['skipped', 'skipped']);
  temporal = { state: 'no_namespace', code: 'NOT_FOUND' };
  expect((await diagnose()).of('temporal').remedy).toContain('TEMPORAL_NAMESPACE');
  temporal = {
    state: 'there',
    version: '1',
    queue: [{ type: 'workflow', backlog: 9, pollers: 0 }],
    schedules: new Set([scheduleId(connectionId)]),
  };
  const idle = await diagnose();
  expect(idle.of('workers')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('9 tasks wait'),
  });
  expect(idle.of('schedules')).toMatchObject({ state: 'failed', found: 'Missing: permissions of "Wiki".' });
});

test('a secret that no key opens is told by its place, and stops neither the other checks nor the answer', async () => {
  const other = createCipher(keyProviderFromKey(Buffer.alloc(32, 8)));
  const { db } = server.database;
  const { grant_id: grantId } = await db
    .selectFrom('connections')
    .select('grant_id')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const place = { table: 'grants', row: grantId ?? '', column: 'refresh_token' };
  await db
    .updateTable('grants')
    .set({ refresh_token: other.seal('the-refresh-token', place) })
    .where('id', '=', grantId)
    .execute();
  const diagnosis = await diagnose();
  expect(diagnosis.of('encryption_key')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('do not open: grants.refresh_token.'),
    remedy: expect.stringContaining('ENCRYPTION_KEYS_PREVIOUS'),
  });
  expect(diagnosis.of('database').state).toBe('ok');
});

test('without a connection the first are looked at, and the others named as left out', async () => {
  const { db } = server.database;
  const row = await db.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
  for (let n = 0; n < 4; n += 1) {
    await db
      .insertInto('connections')
      .values({
        ...row,
        id: undefined as never,
        name: `More ${n}`,
        settings: '{}',
        status: n === 3 ? 'needs_reauth' : 'active',
      })
      .execute();
  }
  const { checks } = await server.services.diagnosis.run(admin);
  const looked = new Set(
    checks.filter(({ name }) => name === 'scopes').map(({ connection }) => connection?.name),
  );
  expect(looked.size).toBe(3);
  expect(looked).toContain('More 3');
  expect(checks.filter(({ found }) => found.startsWith('Not looked at, to spare requests'))).toHaveLength(2);
});

test('no answer holds a secret', async () => {
  const { db } = server.database;
  const texts: string[] = [JSON.stringify(await diagnose())];
  await sql`update grants set state = 'dead', dead_cause = 'consent_revoked'`.execute(db);
  texts.push(JSON.stringify(await diagnose()));
  const [app] = sandbox.context.store.oauthApps();
  for (const secret of [
    app?.clientSecret ?? 'none',
    key.toString('base64'),
    'Bearer ',
    'eyJ',
    'postgres://',
  ]) {
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  }
  await sql`update grants set state = 'active', dead_cause = null`.execute(db);
});
