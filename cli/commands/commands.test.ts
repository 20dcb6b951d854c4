import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHiddenItems } from '../../server/api/explain.fixture.ts';
import { moveRun } from '../../store/run-state.ts';
import { createTestCli, type TestCli } from '../../test/cli.ts';
import { makeConnection } from '../../test/factories.ts';
import { root } from '../../test/imports.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let cli: TestCli;
let folder: string;
let connectionId: string;
const keys = { admin: '', anna: '' };
/** How the next run ends that is asked for. */
let outcome: 'succeeded' | 'failed' = 'succeeded';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  server = await createTestServer({
    engine: {
      startRun: async ({ runId }) => {
        await moveRun(server.database.db, runId, 'started');
        const message = outcome === 'failed' ? 'Atlassian refuses the token.' : null;
        await moveRun(server.database.db, runId, outcome, { message });
      },
    },
  });
  const { db } = server.database;
  const { admin, anna } = await createHiddenItems(db);
  const actor = { name: '', via: 'session' } as const;
  keys.admin = await server.key({ ...actor, ...admin, role: 'administrator' });
  keys.anna = await server.key({ ...actor, ...anna, role: 'member' }, ['search']);
  connectionId = await makeConnection(db, { name: 'Second wiki', site_url: 'https://second.atlassian.net' });
  await db
    .updateTable('connections')
    .set({ authorized_at: new Date(), configured_at: new Date() })
    .where('id', '=', connectionId)
    .execute();
  await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', state: 'succeeded', finished_at: new Date() })
    .execute();
  cli = await createTestCli(server.app, keys.admin);
});
afterAll(async () => {
  cli.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const sluice: TestCli['sluice'] = (...args) => cli.sluice(...args);
const json = (text: string) => JSON.parse(text) as Record<string, never>;

test('each way to end has a number of its own, and says in words what to do', async () => {
  const cases: [string[], Record<string, string>, number, RegExp][] = [
    [['--help'], {}, 0, /^$/],
    [['no-such-command'], {}, 2, /unknown command/],
    [['search'], {}, 2, /missing required argument/],
    [['records', 'list', '--state', 'odd'], {}, 2, /Must be one of indexed/],
    [['status'], { SLUICE_API_KEY: '' }, 2, /Set SLUICE_API_KEY/],
    [['status'], { SLUICE_URL: 'localhost' }, 2, /no address of a Sluice/],
    [['status', 'Nowhere'], {}, 3, /There is no connection "Nowhere".*"Second wiki"/s],
    [['records', 'show', '999999'], {}, 3, /was not found/],
    [['status'], { SLUICE_API_KEY: 'slc_wrong' }, 4, /unknown or revoked/],
    [['status'], { SLUICE_API_KEY: keys.anna }, 4, /administrators_only/],
    [['status'], { SLUICE_URL: 'http://127.0.0.1:9' }, 6, /No Sluice answers/],
  ];
  for (const [args, env, exit, words] of cases) {
    const ended = await sluice(args, { env });
    expect([args.join(' '), ended.exit]).toEqual([args.join(' '), exit]);
    expect(ended.err).toMatch(words);
    if (exit !== 0) expect(ended.out).toBe('');
  }
});

test('the key comes from the environment, a file or standard input, and is told nowhere', async () => {
  const file = join(folder, 'key');
  writeFileSync(file, `${keys.admin}\n`);
  const none = { SLUICE_API_KEY: '' };
  for (const ended of [
    await sluice(['connections'], { env: { SLUICE_API_KEY: '', ADMIN_API_KEY: keys.admin } }),
    await sluice(['connections'], { env: { ...none, SLUICE_API_KEY_FILE: file } }),
    await sluice(['--api-key-file', file, 'connections'], { env: none }),
    await sluice(['connections', '--api-key-file', '-'], { env: none, stdin: `${keys.admin}\n` }),
  ]) {
    expect([ended.exit, ended.err]).toEqual([0, '']);
    expect(ended.out).toMatch(/^NAME +STATUS +SITE/);
    expect(ended.out).not.toContain(keys.admin);
  }
  const missing = await sluice(['--api-key-file', join(folder, 'none'), 'status'], { env: none });
  expect([missing.exit, missing.err]).toEqual([2, expect.stringContaining('cannot be read (ENOENT)')]);
});

test('--json is what the API answers, and nothing else stands on standard output', async () => {
  const { out, exit } = await sluice(['connections', '--json']);
  const listed = await fetch(`${cli.url}/api/v1/connections`, {
    headers: { authorization: `Bearer ${keys.admin}` },
  });
  expect([exit, json(out)]).toEqual([0, await listed.json()]);
});

test('a connection is meant by name, id or site, and is stopped and started', async () => {
  for (const named of ['second WIKI', connectionId, 'https://second.atlassian.net/']) {
    const { out } = await sluice(['connections', 'disable', named]);
    expect(out).toBe('Second wiki: disabled\n');
  }
  expect((await sluice(['connections', 'enable', 'Second wiki'])).out).toMatch(
    /^Second wiki: (active|paused)/,
  );
  const asked = await sluice(['connections', 'remove', 'Second wiki']);
  expect([asked.exit, asked.err]).toEqual([
    2,
    expect.stringMatching(/This deletes "Second wiki".*Say --yes/),
  ]);
  const spare = await makeConnection(server.database.db, { name: 'Spare' });
  const removed = await sluice(['connections', 'remove', 'Spare', '--yes', '--json']);
  expect([removed.exit, json(removed.out)]).toEqual([0, { id: spare, deleted: true }]);
});

test('a site is connected by an app of its own; the client secret comes from where no other process sees it', async () => {
  const { out, exit } = await sluice(['connect', 'third.atlassian.net', '--client-id', 'a-client'], {
    stdin: 'a-client-secret\n',
  });
  expect(exit).toBe(0);
  expect(out).toMatch(/^third.atlassian.net \([\da-f-]+\) is there: draft/);
  expect(out).toMatch(/Open this in a browser.*\nhttp:\/\/localhost:3000\/connections\/\S+token=/);
  const none = await sluice(['connect', 'fourth.atlassian.net']);
  expect([none.exit, none.err]).toEqual([2, expect.stringContaining('--app <name>')]);
  const unset = ['connect', 'x.atlassian.net', '--client-id', 'x', '--secret-env', 'NOT_THERE'];
  expect((await sluice(unset)).err).toContain('NOT_THERE is not set');
  await sluice(['connections', 'remove', 'third.atlassian.net', '--yes']);
});

test('a sync is followed to its end, whose state is the exit', async () => {
  outcome = 'succeeded';
  const well = await sluice(['sync', 'Second wiki', '--wait', '--json']);
  expect([well.exit, json(well.out)]).toMatchObject([0, { kind: 'incremental', state: 'succeeded' }]);
  expect(well.err).toMatch(/^succeeded: 0 seen\n$/);
  outcome = 'failed';
  const failed = await sluice(['sync', 'Second wiki', '--kind', 'full', '--wait']);
  expect([failed.exit, failed.out]).toEqual([1, expect.stringMatching(/^full failed .*refuses the token/)]);
  outcome = 'succeeded';
  const queued = await sluice(['sync', 'Second wiki', '--kind', 'permissions']);
  expect([queued.exit, queued.out]).toEqual([0, expect.stringMatching(/^Sync [\da-f-]{36} is queued/)]);
  expect((await sluice(['sync', 'Second wiki', '--kind', 'odd'])).exit).toBe(2);
  expect((await sluice(['sync', 'Second wiki', '--cancel'])).exit).toBe(0);
  expect(server.asked).toContain(`cancelRun ${connectionId}`);
});

test('a dry run is one of a full sync, and --wait tells what it would do', async () => {
  outcome = 'succeeded';
  const { exit, out } = await sluice(['sync', 'Second wiki', '--dry-run', '--wait']);
  expect([exit, out]).toEqual([0, expect.stringMatching(/It would take about \d+ min, \d+ requests/)]);
  const report = await sluice(['sync', 'Second wiki', '--dry-run', '--wait', '--json']);
  expect(json(report.out)).toMatchObject({ connectionId, cost: { requests: expect.any(Number) } });
  const refused = await sluice(['sync', 'Second wiki', '--dry-run', '--kind', 'sweep']);
  expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('"full" goes with dryRun')]);
});

test('the status tells of each connection, and --check ends with 1 where somebody is needed', async () => {
  const well = await sluice(['status', 'Second wiki', '--check']);
  expect([well.exit, well.out]).toEqual([0, expect.stringMatching(/^Second wiki .*: \w+\n {2}last sync: /)]);
  await server.database.db
    .updateTable('connections')
    .set({ status: 'needs_reauth', status_message: 'The consent was withdrawn.\u001B[31m' })
    .where('id', '=', connectionId)
    .execute();
  const ill = await sluice(['status', '--check']);
  expect([ill.exit, ill.err]).toEqual([1, 'Something needs somebody.\n']);
  expect(ill.out).toContain('needs_reauth. The consent was withdrawn. [31m');
  expect(ill.out).not.toContain('\u001B');
  await server.database.db
    .updateTable('connections')
    .set({ status: 'active', status_message: null })
    .where('id', '=', connectionId)
    .execute();
});

test('search, records and explanations are for whoever the key or --as names', async () => {
  const own = await sluice(['records', '--json']);
  const annas = await sluice(['records', '--json', '--as', 'anna@example.com']);
  const byKey = await sluice(['records', '--json'], { env: { SLUICE_API_KEY: keys.anna } });
  const idsIn = (text: string) =>
    (JSON.parse(text) as { items: { externalId: string }[] }).items.map(({ externalId }) => externalId);
  expect(idsIn(annas.out)).toEqual(idsIn(byKey.out));
  expect(idsIn(own.out).length).toBeGreaterThan(idsIn(annas.out).length);
  expect(idsIn(annas.out)).not.toContain('102');
  const found = await sluice(['search', 'handbook', '--as', 'anna@example.com']);
  expect([found.exit, found.out]).toEqual([0, expect.stringContaining('Handbook (page')]);
  const hidden = await sluice(['search', 'nothing', 'like', 'it', '--as', 'anna@example.com']);
  expect([hidden.exit, hidden.out]).toEqual([0, 'Nothing is found that you may see.\n']);
  const [visible, not] = [
    await sluice(['explain', '101', '--user', 'anna@example.com']),
    await sluice(['explain', '102', '--user', 'anna@example.com']),
  ];
  expect([visible.exit, not.exit, not.err]).toEqual([0, 1, '']);
  expect(not.out).toContain('NOT visible');
  const id = (JSON.parse(annas.out) as { items: { id: string }[] }).items[0]?.id ?? '';
  expect((await sluice(['records', 'show', id, '--as', 'anna@example.com'])).exit).toBe(0);
});

test('records are taken out of the index and into it by hand, as many as there are, with one answer', async () => {
  const { out } = await sluice(['records', '--json', '--type', 'page', '--limit', '200']);
  const { items } = JSON.parse(out) as { items: { id: string; connectionId: string; externalId: string }[] };
  const wiki = items.find(({ externalId }) => externalId === '101');
  const own = items.filter((each) => each.connectionId === wiki?.connectionId && each.externalId < '102');
  const path = join(folder, 'ids');
  writeFileSync(path, own.map(({ id }) => id).join('\n'));
  const by = ['records', 'unindex', wiki?.connectionId ?? ''];
  const one = await sluice([...by, '--ids-file', path, '--json']);
  expect([one.exit, json(one.out)]).toMatchObject([
    0,
    { records: own.length, leftOut: own.length, takenIn: 0 },
  ]);
  expect((await sluice(['search', 'handbook', '--as', 'anna@example.com'])).out).not.toContain(
    'Handbook (page',
  );
  const many = own.map(({ id }) => id).concat(Array.from({ length: 600 }, () => wiki?.id ?? ''));
  writeFileSync(path, many.join(' '));
  const back = await sluice(['records', 'index', wiki?.connectionId ?? '', '--ids-file', path]);
  expect([back.exit, back.out]).toEqual([0, expect.stringMatching(/^\d+ records: 1 taken in, 0 left out/)]);
  expect((await sluice(by)).err).toContain('Say what: --ids');
  expect((await sluice([...by, '--selection', 'None'])).exit).toBe(3);
  expect((await sluice([...by, '--space', 'X', '--subtree', '1'])).exit).toBe(2);
});

test('`sluice` is a program: it runs as the package names it', async () => {
  const child = spawn(process.execPath, [join(root, 'cli/sluice.mjs'), 'connections', '--json'], {
    env: { PATH: process.env['PATH'], SLUICE_URL: cli.url, SLUICE_API_KEY: keys.admin },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise((resolve) => void child.on('close', resolve));
  expect([code, json(out)]).toMatchObject([0, { nextCursor: null }]);
});
