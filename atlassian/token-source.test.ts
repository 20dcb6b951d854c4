import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { createGrantVault, saveGrant } from '../store/grants.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createOAuthClient } from './oauth.ts';
import { startTokenEndpoint, type TokenEndpoint } from './token-endpoint.fixture.ts';
import { createTokenSource, type GrantVault } from './token-source.ts';

const key = randomBytes(32);
const cipher = createCipher(keyProviderFromKey(key));
let database: TestDatabase;
let endpoint: TokenEndpoint;
let grantId: string;
let appId: string;
let minutes: number;
const now = () => new Date(Date.now() + minutes * 60_000);

beforeAll(async () => {
  database = await createTestDatabase();
  appId = '7b0f5c1e-0000-4000-8000-000000000001';
  const place = { table: 'oauth_apps', row: appId, column: 'client_secret' };
  await database.db
    .insertInto('oauth_apps')
    .values({ id: appId, name: 'App', client_id: 'app-1', client_secret: cipher.seal('shh', place) })
    .execute();
});
afterAll(() => database.close());
beforeEach(async () => {
  minutes = 0;
  endpoint = await startTokenEndpoint();
  grantId = await saveGrant(database.db, cipher, {
    oauthAppId: appId,
    accountId: 'ada',
    accountName: 'Ada',
    accountEmail: null,
    scopes: ['read:me'],
    ...endpoint.first,
    accessExpiresAt: new Date(Date.now() + 3_600_000),
  });
});
afterEach(() => endpoint.close());

let locks = 0;
function source(hooks: { afterReply?: () => Promise<void> } = {}) {
  const stored = createGrantVault({ db: database.db, cipher, now });
  const vault: GrantVault = {
    ...stored,
    underLock: (...given) => {
      locks += 1;
      return stored.underLock(...given);
    },
  };
  return createTokenSource({
    vault,
    oauth: createOAuthClient({ http: endpoint.http }),
    grantId,
    now,
    ...hooks,
  });
}

function pass(by: number): void {
  minutes += by;
  endpoint.pass(by);
}

const row = () =>
  database.db.selectFrom('grants').selectAll().where('id', '=', grantId).executeTakeFirstOrThrow();

test('a token that is still good is used without asking anybody', async () => {
  expect(await source().accessToken()).toBe('access-0');
  expect(endpoint.refreshes).toEqual([]);
});

test('a token that ends within a minute is refreshed first, and the new pair is stored before it is used', async () => {
  pass(59.5);
  expect(await source().accessToken()).toBe('access-1');
  const stored = await row();
  const place = (column: string) => ({ table: 'grants', row: grantId, column });
  expect(cipher.open(stored.access_token, place('access_token'))).toBe('access-1');
  expect(cipher.open(stored.refresh_token ?? Buffer.alloc(0), place('refresh_token'))).toBe('refresh-1');
  expect(cipher.open(stored.previous_refresh_token ?? Buffer.alloc(0), place('previous_refresh_token'))).toBe(
    'refresh-0',
  );
  expect(stored.access_expires_at.getTime()).toBeGreaterThan(now().getTime() - 60 * 60_000);
});

test('fifty callers whose token was refused share one refresh', async () => {
  const tokens = source();
  await tokens.accessToken();
  locks = 0;
  const fresh = await Promise.all(Array.from({ length: 50 }, () => tokens.refreshAfter('access-0')));
  expect(new Set(fresh)).toEqual(new Set(['access-1']));
  expect(endpoint.refreshes).toHaveLength(1);
  expect(locks).toBe(1);
  expect(await tokens.refreshAfter('access-0')).toBe('access-1');
  expect(endpoint.refreshes).toHaveLength(1);
});

test('what another worker has rotated meanwhile is used instead of refreshing again', async () => {
  const [one, two] = [source(), source()];
  await Promise.all([one.accessToken(), two.accessToken()]);
  expect(await one.refreshAfter('access-0')).toBe('access-1');
  expect(await two.refreshAfter('access-0')).toBe('access-1');
  expect(endpoint.refreshes).toHaveLength(1);
});

test('two processes that refresh at once refresh once', async () => {
  const child = fileURLToPath(new URL('token-source.child.ts', import.meta.url));
  const input = JSON.stringify({
    databaseUrl: database.url,
    gatewayUrl: endpoint.url,
    key: key.toString('base64'),
    grantId,
  });
  const start = () => {
    const worker = spawn(process.execPath, [child], { env: { ...process.env, NODE_OPTIONS: '' } });
    let output = '';
    let failure = '';
    worker.stderr.on('data', (chunk) => (failure += String(chunk)));
    const ready = new Promise<void>((resolve, reject) => {
      worker.once('exit', (code) => reject(new Error(`exit ${code}: ${failure}`)));
      worker.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('ready')) resolve();
      });
    });
    worker.stdin.write(`${input}\n`);
    const done = new Promise<string>((resolve) => {
      worker.once('close', () => resolve(output.replace('ready', '').trim() + failure));
    });
    return { ready, go: () => worker.stdin.end('go\n'), done };
  };
  const children = [start(), start()];
  // The barrier: both have read the old token before either may refresh.
  await Promise.all(children.map(({ ready }) => ready));
  for (const { go } of children) go();
  expect(await Promise.all(children.map(({ done }) => done))).toEqual(['access-1', 'access-1']);
  expect(endpoint.refreshes).toEqual(['refresh-0']);
}, 60_000);

test('a crash between the reply and the commit heals by the token that is still stored', async () => {
  const crash = async () => {
    throw new Error('killed');
  };
  await expect(source({ afterReply: crash }).refreshAfter('access-0')).rejects.toMatchObject({
    code: 'refresh_failed',
  });
  expect((await row()).state).toBe('active');
  pass(9);
  expect(await source().refreshAfter('access-0')).toBe('access-2');
  expect(endpoint.refreshes).toEqual(['refresh-0', 'refresh-0']);
  expect((await row()).state).toBe('active');
});

test('the same after more than ten minutes kills the family: the grant is dead, and says so without asking again', async () => {
  const crash = async () => {
    throw new Error('killed');
  };
  await source({ afterReply: crash })
    .refreshAfter('access-0')
    .catch(() => {});
  pass(11);
  const tokens = source();
  await expect(tokens.refreshAfter('access-0')).rejects.toMatchObject({ code: 'needs_reauth' });
  expect(await row()).toMatchObject({
    state: 'dead',
    dead_cause: expect.stringContaining('invalid_grant'),
  });
  const asked = endpoint.refreshes.length;
  await expect(tokens.accessToken()).rejects.toMatchObject({ code: 'needs_reauth' });
  await expect(tokens.refreshAfter('access-0')).rejects.toMatchObject({ code: 'needs_reauth' });
  await expect(source().accessToken()).rejects.toMatchObject({ code: 'needs_reauth' });
  expect(endpoint.refreshes).toHaveLength(asked);
});

test('a stored token that is refused falls back to its predecessor within the leeway', async () => {
  await source().refreshAfter('access-0');
  endpoint.next.push({ status: 403, body: { error: 'invalid_grant' } });
  expect(await source().refreshAfter('access-1')).toBe('access-2');
  expect(endpoint.refreshes).toEqual(['refresh-0', 'refresh-1', 'refresh-0']);
});

test('after the leeway a predecessor is never sent: that would be taken for theft', async () => {
  await source().refreshAfter('access-0');
  pass(11);
  endpoint.next.push({ status: 403, body: { error: 'invalid_grant' } });
  await expect(source().refreshAfter('access-1')).rejects.toMatchObject({ code: 'needs_reauth' });
  expect(endpoint.refreshes).toEqual(['refresh-0', 'refresh-1']);
});

test.each([
  [500, {}, 'refresh_failed'],
  [429, {}, 'refresh_failed'],
  [401, { error: 'access_denied', error_description: 'Unauthorized' }, 'wrong_client'],
])('%i %j leaves the grant alive (%s)', async (status, body, code) => {
  endpoint.next.push({ status, body });
  const tokens = source();
  await expect(tokens.refreshAfter('access-0')).rejects.toMatchObject({ code });
  expect((await row()).state).toBe('active');
  expect(await tokens.refreshAfter('access-0')).toBe('access-1');
});

test('without offline_access an expired grant is dead, for a reason that says so', async () => {
  await database.db.updateTable('grants').set({ refresh_token: null }).where('id', '=', grantId).execute();
  await expect(source().refreshAfter('access-0')).rejects.toThrow(/offline_access/);
});

test('a new consent brings a dead grant to life', async () => {
  await database.db.updateTable('grants').set({ state: 'dead' }).where('id', '=', grantId).execute();
  const tokens = source();
  await expect(tokens.accessToken()).rejects.toMatchObject({ code: 'needs_reauth' });
  const again = await saveGrant(database.db, cipher, {
    oauthAppId: appId,
    accountId: 'ada',
    accountName: 'Ada L.',
    accountEmail: 'ada@acme.example',
    scopes: [],
    accessToken: 'access-9',
    refreshToken: 'refresh-9',
    accessExpiresAt: new Date(Date.now() + 3_600_000),
  });
  expect(again).toBe(grantId);
  expect(await tokens.accessToken()).toBe('access-9');
});
