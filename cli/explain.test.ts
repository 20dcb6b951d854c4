import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHiddenItems, wiki } from '../server/api/explain.fixture.ts';
import { createTestServer, type TestServer } from '../test/server.ts';
import { root } from '../test/imports.ts';
import { renderExplanation, type Explanation } from './explain/render.ts';

let server: TestServer;
let listener: Server;
let url: string;
const keys = { admin: '', anna: '' };

beforeAll(async () => {
  server = await createTestServer();
  const { admin, anna } = await createHiddenItems(server.database.db);
  const actor = { name: '', via: 'session' } as const;
  keys.admin = await server.key({ ...actor, ...admin, role: 'administrator' });
  keys.anna = await server.key({ ...actor, ...anna, role: 'member' }, ['search']);
  listener = createServer(server.app);
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});
afterAll(async () => {
  listener.closeAllConnections();
  listener.close();
  await server.close();
});

/** The command as somebody types it. */
function explain(
  args: string[],
  env: Record<string, string> = { SLUICE_API_KEY: keys.admin, SLUICE_URL: url },
) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [join(root, 'cli/explain.ts'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('it ends with 0 where the person may see the page, with 1 where not, and tells each layer', async () => {
  const seen = await explain(['--user', 'anna@example.com', '--item', '101']);
  expect([seen.code, seen.err]).toEqual([0, '']);
  expect(seen.out).toMatch(
    /^Handbook \(TEAM space\)\nhttps:\/\/company\S+\nvisible to anna@example.com: Every layer/,
  );
  const hidden = await explain(['--user', 'anna@example.com', '--item', `${wiki}/spaces/TEAM/pages/102`]);
  expect([hidden.code, hidden.err]).toEqual([1, '']);
  expect(hidden.out).toMatch(/^Product access +admits +through the group everyone/m);
  expect(hidden.out).toMatch(
    /^Restriction: Salary bands +refuses +admits group:leadership \(members could not/m,
  );
  const absent = await explain(['--item', `${wiki}/spaces/TEAM/pages/120`]);
  expect([absent.code, absent.out.split('\n')[0]]).toEqual([
    1,
    'NOT visible: Nothing like this is stored here.',
  ]);
  expect(absent.out).toContain('Atlassian answered 500');
});

test('with the key of a member it tells no more than that person may know', async () => {
  const env = { ADMIN_API_KEY: keys.anna, SLUICE_URL: `${url}/` };
  const [hidden, none] = await Promise.all([
    explain(['--item', `${wiki}/spaces/TEAM/pages/102`], env),
    explain(['--item', `${wiki}/spaces/TEAM/pages/999`], env),
  ]);
  expect(hidden).toEqual(none);
  expect(hidden.code).toBe(1);
  expect(hidden.out).toContain('It can be that:');
});

test('--json gives the answer of the API', async () => {
  const { code, out } = await explain(['--item', '101', '--json']);
  const answer = JSON.parse(out) as Explanation;
  expect([code, answer.visible, answer.items[0]?.record.externalId]).toEqual([0, true, '101']);
});

test('what could not be asked ends with 2, in words', async () => {
  const good = { SLUICE_API_KEY: keys.admin, SLUICE_URL: url };
  for (const [args, env, words] of [
    [['--item', '101'], { SLUICE_URL: url }, /Set SLUICE_API_KEY/],
    [['--item', '101'], { ...good, SLUICE_API_KEY: 'slc_wrong' }, /key/],
    [['--item', '101'], { ...good, SLUICE_URL: 'http://127.0.0.1:1' }, /ECONNREFUSED|bad port/],
    [['--item', '101', '--user', 'nobody@example.com'], good, /no user of Sluice with the email/],
    [[], good, /required option '--item/],
  ] as [string[], Record<string, string>, RegExp][]) {
    const { code, out, err } = await explain(args, env);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(words);
  }
});

test('a title cannot steer the terminal', async () => {
  const answer = JSON.parse((await explain(['--item', '101', '--json'])).out) as Explanation;
  const [item] = answer.items;
  const steering = ['\u001B', '\u202E', '\u0007'];
  const title = steering.join('Handbook');
  const text = renderExplanation({ ...answer, items: [{ ...item!, record: { ...item!.record, title } }] });
  expect(steering.filter((one) => text.includes(one))).toEqual([]);
});
