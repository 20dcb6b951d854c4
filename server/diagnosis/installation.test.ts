import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import { createLogger } from '../../log.ts';
import { openDatabase } from '../../store/database.ts';
import { loadDatabaseFacts } from '../../store/database-facts.ts';
import { connectClient } from '../../temporal/connect.ts';
import { readTemporalFacts } from '../../temporal/facts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { connectTestTemporal, type TestTemporal } from '../../test/temporal.ts';
import { anchorOf, ok, runChecks, type CheckResult, type DiagnosisCheck } from './check.ts';
import { judge } from './clock.ts';
import { databaseCheck } from './database.ts';
import { installationChecks, type InstallationDeps } from './diagnosis.ts';
import { emailsCheck } from './emails.ts';
import { networkCheck, probeAtlassian } from './network.ts';
import { proxyCheck } from './proxy.ts';
import { publicUrlCheck } from './public-url.ts';
import { rightsChecks } from './rights.ts';
import { scopesCheck } from './scopes.ts';
import { diagnosisText } from './text.ts';
import { tokenCheck } from './token.ts';

let folder: string;
let database: TestDatabase;
let temporal: TestTemporal;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-diagnosis-'));
  [database, temporal] = await Promise.all([createTestDatabase(), connectTestTemporal()]);
});
afterAll(async () => {
  await database.close();
  await temporal.close();
  rmSync(folder, { recursive: true });
});

async function look(check: DiagnosisCheck, deadlineMs = 10_000): Promise<CheckResult> {
  const { checks } = await runChecks([check], deadlineMs);
  const [result] = checks;
  if (result === undefined) throw new Error('Nothing was looked at.');
  return result;
}

async function reach(
  gatewayUrl: string | undefined,
  options: Record<string, unknown> = {},
): Promise<CheckResult> {
  const http = createAtlassianHttp({
    gatewayUrl,
    allowedPrivateHosts: [],
    log: createLogger('silent'),
    env: {},
    ...options,
  });
  const result = await look(networkCheck(() => probeAtlassian(http)));
  await http.close();
  return result;
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const listen = (server: { listen(port: number, host: string, done: () => void): unknown }) =>
  new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await listen(server);
  const port = portOf(server);
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

test('what keeps Atlassian away is told apart, each with its own remedy', async () => {
  const refused = await reach(`http://127.0.0.1:${await closedPort()}`);
  expect(refused).toMatchObject({ state: 'failed', found: 'The connection is refused (ECONNREFUSED).' });
  expect(refused.remedy).toContain('firewall');

  const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  const unnamed = await reach(undefined, {
    resolver: (_name: string, done: (error: Error, found: never[]) => void) => done(unknown, []),
  });
  expect(unnamed).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('not resolved (ENOTFOUND)'),
  });
  expect(unnamed.remedy).toContain('DNS');

  const inside = await reach(undefined, {
    resolver: (_name: string, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(inside).toMatchObject({ state: 'failed', found: expect.stringContaining('private range') });

  const sockets = new Set<Socket>();
  const silent = createTcpServer((socket) => void sockets.add(socket));
  await listen(silent);
  const late = await reach(`http://127.0.0.1:${portOf(silent)}`, { timeouts: { headersMs: 50 } });
  expect(late).toMatchObject({ state: 'failed', found: expect.stringContaining('No answer comes in time') });
  for (const socket of sockets) socket.destroy();
  silent.close();

  const proxy = createHttpServer().on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await listen(proxy);
  const blocked = await reach(undefined, {
    env: { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` },
    resolver: (_name: string, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(blocked.state).toBe('failed');
  expect(blocked.found).toMatch(/^The proxy refuses/);
  proxy.close();
});

test('a certificate of an unknown authority is told as such, and any answer at all is a way', async () => {
  const [keyFile, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const wanted = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1'.split(
    ' ',
  );
  execFileSync('openssl', ['req', ...wanted, '-keyout', keyFile, '-out', certificate], { stdio: 'ignore' });
  const tls: Server = createServer(
    { key: readFileSync(keyFile), cert: readFileSync(certificate) },
    (_request, response) => void response.writeHead(401).end(),
  );
  await listen(tls);
  const untrusted = await reach(`https://127.0.0.1:${portOf(tls)}`);
  expect(untrusted).toMatchObject({
    state: 'failed',
    found: expect.stringMatching(/^The certificate is not trusted.*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
  tls.closeAllConnections();
  tls.close();
  const plain = createHttpServer((_request, response) => void response.writeHead(401).end());
  await listen(plain);
  expect(await reach(`http://127.0.0.1:${portOf(plain)}`)).toMatchObject({ state: 'ok', remedy: null });
  plain.closeAllConnections();
  plain.close();

  const good = await look(proxyCheck({ NODE_EXTRA_CA_CERTS: certificate }));
  expect(good).toMatchObject({ state: 'ok', found: expect.stringContaining('1 from NODE_EXTRA_CA_CERTS') });
});

test('proxy and certificates are told as this process has them, without user and password', async () => {
  const none = await look(proxyCheck({}));
  expect(none).toMatchObject({ state: 'ok', found: expect.stringContaining('No proxy is set') });
  const through = await look(
    proxyCheck({ HTTPS_PROXY: 'http://ada:hunter2@proxy.example:3128', NO_PROXY: '.example' }),
  );
  expect(through.found).toContain('the proxy http://proxy.example:3128. Past it: .example.');
  expect(JSON.stringify(through)).not.toContain('hunter2');
  expect((await look(proxyCheck({ HTTPS_PROXY: 'socks5://hunter2@x' }))).state).toBe('failed');
  const missing = await look(proxyCheck({ NODE_EXTRA_CA_CERTS: join(folder, 'none.pem') }));
  expect(missing).toMatchObject({ state: 'failed', found: expect.stringContaining('(ENOENT)') });
  const empty = join(folder, 'empty.pem');
  writeFileSync(empty, 'hunter2');
  expect(await look(proxyCheck({ NODE_EXTRA_CA_CERTS: empty }))).toMatchObject({ state: 'failed' });
});

test('a database that is away, behind or refuses us says which', async () => {
  const check = ({ db }: Pick<TestDatabase, 'db'>) =>
    look(databaseCheck({ db, facts: () => loadDatabaseFacts(db) }));
  expect(await check(database)).toMatchObject({
    state: 'ok',
    found: expect.stringMatching(/^PostgreSQL \d+.*schema current, \d+ of \d+ connections/),
  });
  await sql`update kysely_migration set name = 'x' || name where name like '0003%'`.execute(database.db);
  expect(await check(database)).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('lacks 0003_sync'),
  });
  await sql`update kysely_migration set name = substr(name, 2) where name like 'x0003%'`.execute(database.db);

  for (const [change, found, remedy] of [
    [(url: URL) => void (url.pathname = '/no_such_database'), '3D000', 'Make the database'],
    [(url: URL) => void (url.port = String(closed)), 'ECONNREFUSED', 'Start PostgreSQL'],
  ] as const) {
    const url = new URL(database.url);
    change(url);
    const other = openDatabase(url.href, { poolSize: 1 });
    const result = await check(other);
    expect(result).toMatchObject({ state: 'failed', found: expect.stringContaining(found) });
    expect(result.remedy).toContain(remedy);
    await other.close();
  }
});
const closed = 9;

test('Temporal itself tells what is missing of it', async () => {
  const there = await readTemporalFacts(temporal.client, {
    taskQueue: temporal.taskQueue,
    patienceMs: 20_000,
  });
  expect(there).toMatchObject({ state: 'there', queue: [{ pollers: 0 }, { pollers: 0 }] });
  const elsewhere = connectClient({ address: temporal.address, namespace: 'no-such-namespace' });
  expect(await readTemporalFacts(elsewhere.client, { patienceMs: 20_000 })).toEqual({
    state: 'no_namespace',
    code: 'NOT_FOUND',
  });
  await elsewhere.close();
  const away = connectClient({ address: `127.0.0.1:${await closedPort()}`, namespace: 'default' });
  expect(await readTemporalFacts(away.client, { patienceMs: 1_000 })).toMatchObject({ state: 'away' });
  await away.close();
});

test.each([
  ['https://sluice.example.com', null, 'ok'],
  ['https://sluice.example.com', 'https://sluice.example.com', 'ok'],
  ['https://sluice.example.com', 'http://10.0.0.7:3000', 'warning'],
  ['http://localhost:3000', null, 'ok'],
  ['http://sluice.example.com', null, 'failed'],
])('public URL %s, reached at %s: %s', async (publicUrl, origin, state) => {
  const result = await look(publicUrlCheck(publicUrl, origin));
  expect(result.state).toBe(state);
  expect(result.found).toContain(`${publicUrl}/oauth/atlassian/callback`);
});

test('a clock is judged by the worst of the differences', () => {
  expect(judge([]).state).toBe('skipped');
  const of = (...seconds: number[]) => judge(seconds.map((each) => ({ whose: "X's", seconds: each }))).state;
  expect([of(0), of(29, -29), of(0, 30), of(-299), of(5, -300)]).toEqual([
    'ok',
    'ok',
    'warning',
    'warning',
    'failed',
  ]);
});

test('a check that hangs or breaks costs only itself, and quotes nothing that was not meant to be told', async () => {
  let aborted = false;
  const base = { title: 'A', why: 'W' };
  const { checks, counts } = await runChecks(
    [
      {
        ...base,
        name: 'hangs',
        look: (signal) => {
          signal.addEventListener('abort', () => (aborted = true));
          return new Promise(() => {});
        },
      },
      { ...base, name: 'breaks', look: () => Promise.reject(new Error('password=hunter2')) },
      { ...base, name: 'works', look: async () => ok('Fine.') },
    ],
    30,
  );
  expect(checks.map(({ state }) => state)).toEqual(['failed', 'failed', 'ok']);
  expect(counts).toEqual({ ok: 1, warning: 0, failed: 2, skipped: 0 });
  expect(aborted).toBe(true);
  expect(JSON.stringify(checks)).not.toContain('hunter2');
});

test('as text it is a line a check, with reason and remedy below what is wrong', async () => {
  const text = diagnosisText(
    await runChecks([publicUrlCheck('http://x.example', null), proxyCheck({})], 1_000),
  );
  const lines = text.split('\n');
  expect(lines[0]).toMatch(/^Diagnosis of .*: 1 failed, 0 warnings, 1 ok, 0 skipped$/);
  expect(lines[1]).toMatch(/^FAILED {2}Public URL: /);
  expect(lines[2]).toMatch(/^ {8}Why: /);
  expect(lines[5]).toMatch(/^ok {6}Proxy and certificates: /);
});

test('the page on the diagnosis has a heading for each check, and its name', () => {
  const page = readFileSync(new URL('../../docs/diagnosis.md', import.meta.url), 'utf8');
  const sections = new Map(
    page.split(/^### /m).map((section) => [anchorOf(section.split('\n')[0] ?? ''), section]),
  );
  const none = async () => null;
  const all = [
    ...installationChecks(
      { publicUrl: 'http://localhost', env: {} } as InstallationDeps,
      null,
      async () => [],
    ),
    tokenCheck({ db: database.db, site: none, now: () => new Date() }),
    scopesCheck(none),
    ...rightsChecks(none),
    emailsCheck(database.db, ''),
  ];
  expect(all.length).toBeGreaterThan(12);
  expect(all.filter(({ name, title }) => !sections.get(anchorOf(title))?.includes(`\`${name}\``))).toEqual(
    [],
  );
});
