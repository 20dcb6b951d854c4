import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestCli, type TestCli } from '../../test/cli.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let cli: TestCli;
let closed: number;

const key = Buffer.alloc(32, 5);

beforeAll(async () => {
  const listener = createServer();
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  closed = (listener.address() as AddressInfo).port;
  await new Promise((resolve) => void listener.close(resolve));
  server = await createTestServer({ gatewayUrl: `http://127.0.0.1:${closed}`, key });
  const admin = await server.person('admin@example.com', 'administrator');
  await makeConnection(server.database.db, { name: 'Wiki' });
  cli = await createTestCli(server.app, await server.key(admin));
});
afterAll(async () => {
  cli.close();
  await server.close();
});

/** What the server's machine has, but for `change`. */
const variables = (change: Record<string, string> = {}) => ({
  DATABASE_URL: server.database.url,
  ENCRYPTION_KEY: key.toString('base64'),
  TEMPORAL_ADDRESS: `127.0.0.1:${closed}`,
  ATLASSIAN_GATEWAY_URL: `http://127.0.0.1:${closed}`,
  SLUICE_URL: `http://127.0.0.1:${closed}`,
  ...change,
});

test('the server diagnoses itself, and what has failed ends it with 1', async () => {
  const { out, exit } = await cli.sluice(['doctor', 'wiki']);
  expect(exit).toBe(1);
  expect(out).toContain('FAILED  Credential of "Wiki": There is no credential yet.');
  expect(out).toMatch(/^ok {6}Database: PostgreSQL/m);
  const json = await cli.sluice(['doctor', 'wiki', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, checks: expect.any(Array) });
  expect((await cli.sluice(['doctor', 'nowhere'])).exit).toBe(3);
});

test('where no server answers, it looks from here: database, key, Temporal, the way out', async () => {
  const { out, err, exit } = await cli.sluice(['doctor'], { env: variables() });
  expect(exit).toBe(1);
  expect(err).toContain('Looking from here instead.');
  expect(out).toMatch(/^FAILED {2}Server: No Sluice answers/m);
  expect(out).toMatch(/^ok {6}Configuration: /m);
  expect(out).toMatch(/^ok {6}Database: PostgreSQL/m);
  expect(out).toMatch(/^ok {6}Encryption key: /m);
  expect(out).toMatch(/^FAILED {2}Temporal: Temporal does not answer/m);
  expect(out).toMatch(/^FAILED {2}Way to Atlassian: The connection is refused/m);
});

test('a wrong key, a database that is away and a faulty variable are each told', async () => {
  const { db } = server.database;
  const app = { name: 'App', clientId: 'c', clientSecret: 'the-client-secret' };
  await server.services.oauthApps.create(await server.person('second@example.com', 'administrator'), app);
  const wrongKey = await cli.sluice(['doctor', '--local'], {
    env: variables({ ENCRYPTION_KEY: Buffer.alloc(32, 6).toString('base64') }),
  });
  expect(wrongKey.out).toContain('1 of 1 stored secrets do not open: oauth_apps.client_secret.');
  expect(wrongKey.out).toMatch(/^skipped Server: It was not asked/m);
  expect(wrongKey.out).not.toContain('the-client-secret');
  await db.deleteFrom('oauth_apps').execute();

  const away = new URL(server.database.url);
  away.port = String(closed);
  const gone = await cli.sluice(['doctor', '--local'], { env: variables({ DATABASE_URL: away.href }) });
  expect([gone.exit, gone.out]).toEqual([1, expect.stringMatching(/^FAILED {2}Database: .*ECONNREFUSED/m)]);

  const faulty = await cli.sluice(['doctor', '--local'], { env: variables({ PUBLIC_URL: 'nonsense' }) });
  expect([faulty.exit, faulty.out]).toEqual([
    1,
    expect.stringMatching(/^FAILED {2}Configuration: PUBLIC_URL/m),
  ]);
});

test('where `npm start` brings its own parts there is nothing to fail', async () => {
  const { out, exit } = await cli.sluice(['doctor', '--local'], { env: { SLUICE_URL: '' } });
  expect([exit, out]).toEqual([0, expect.stringContaining('`npm start` brings its own PostgreSQL')]);
});
