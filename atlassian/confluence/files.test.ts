import { statSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { countSpending, unlimitedBudget } from '../budget.ts';
import { apiTokenCredential } from '../credential.ts';
import { everythingOf, sendJson, startServer, type SeenRequest, type TestServer } from '../server.fixture.ts';
import { createConfluenceReader } from './reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const secret = 'canary-api-token';
const media = 'https://api.media.atlassian.com/file/1/binary?token=canary-signature';

type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** Answers by the host that a request is for; the site itself redirects to `to`. */
async function setUp(to: string, hosts: Record<string, Answer>, maxBytes = 1_000_000) {
  const server = await startServer((request, response) => {
    const host = String(request.headers['x-forwarded-host']);
    const answer = hosts[host];
    if (answer !== undefined) answer(request, response);
    else response.writeHead(302, { location: to }).end();
  });
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'ada@acme.example', token: secret });
  const budget = countSpending(unlimitedBudget());
  const waits: number[] = [];
  const pause = async (ms: number) => void waits.push(ms);
  const reader = createConfluenceReader({ http: server.http, credential, budget, pause, random: () => 0.5 });
  const path = join(folder, crypto.randomUUID());
  const file = { containerId: '7', attachmentId: 'att1', version: 3, to: path, maxBytes };
  return { server, budget, waits, path, download: () => reader.downloadFile(file) };
} // prettier-ignore

const sends =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(200, headers).end(body);
const host = 'api.media.atlassian.com';

test('the version that is meant is asked for, and its file is on disk', async () => {
  const { server, budget, path, download } = await setUp(media, { [host]: sends('hello, file') });
  expect(await download()).toBe(11);
  expect(await readFile(path, 'utf8')).toBe('hello, file');
  expect(server.seen.map(({ url }) => url)).toEqual([
    '/wiki/rest/api/content/7/child/attachment/att1/download?version=3',
    '/file/1/binary?token=canary-signature',
  ]);
  expect(budget.takeSpent()).toEqual({ requests: 2, points: 2 });
});

test('a redirect to a foreign host is followed without the credential', async () => {
  for (const foreign of [media, 'https://elsewhere.atlassian.net/file', 'https://api.atlassian.com/file']) {
    const { server, download } = await setUp(foreign, { [new URL(foreign).host]: sends('hello') });
    await download();
    const [first, second] = server.seen;
    expect(first?.headers.authorization).toMatch(/^Basic /);
    expect(second?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(second)).not.toContain(
      Buffer.from(`ada@acme.example:${secret}`).toString('base64'),
    );
  }
});

test('the same site gets the credential that is for it, and the host behind it none', async () => {
  const server = await startServer(({ url, headers }, response) => {
    if (headers['x-forwarded-host'] === host) response.end('hello');
    else {
      const location = url.startsWith('/wiki/rest') ? '/wiki/download/attachments/7/a.txt' : media;
      response.writeHead(302, { location }).end();
    }
  });
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: secret });
  const reader = createConfluenceReader({ http: server.http, credential, budget: unlimitedBudget() });
  const to = join(folder, crypto.randomUUID());
  await reader.downloadFile({ containerId: '7', attachmentId: 'att1', version: 1, to, maxBytes: 100 });
  expect(server.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, true, false]);
});

test.each([
  ['an address without TLS', 'http://files.example.com/a'],
  ['a private address', 'https://10.0.0.1/a'],
  ['this machine', 'https://localhost/a'],
  ['an address in another writing', 'https://2130706433/a'],
  ['a metadata service', 'http://169.254.169.254/latest'],
  ['an address with a password', 'https://user:pass@files.example.com/a'],
  ['another port', 'https://files.example.com:8443/a'],
])('a redirect to %s is refused, and nothing is sent', async (_what, address) => {
  const { server, download } = await setUp(address, {});
  await expect(download()).rejects.toMatchObject({ code: 'refused_url' });
  expect(server.seen).toHaveLength(1);
});

test('a public name that resolves to a private address is refused', async () => {
  const server = await startServer(
    (_request, response) => void response.writeHead(302, { location: 'https://files.example.com/a' }).end(),
    { resolver: (_name, done) => done(null, [{ address: '10.1.2.3', family: 4 }]) },
  );
  open.push(server);
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: 'b' });
  const reader = createConfluenceReader({ http: server.http, credential, budget: unlimitedBudget() });
  const file = { containerId: '7', attachmentId: 'att1', version: 1, to: join(folder, 'x'), maxBytes: 100 };
  await expect(reader.downloadFile(file)).rejects.toMatchObject({ code: 'refused_url' });
});

test('redirects without end are given up', async () => {
  const { server, download } = await setUp(media, {
    [host]: (_request, response) => void response.writeHead(302, { location: media }).end(),
  });
  await expect(download()).rejects.toMatchObject({ code: 'refused_url' });
  expect(server.seen.length).toBeLessThan(10);
});

test('a file above the limit is not read, whether it says so or not', async () => {
  const announced = await setUp(
    media,
    { [host]: sends(Buffer.alloc(5_000), { 'content-length': '5000' }) },
    1_000,
  );
  await expect(announced.download()).rejects.toMatchObject({ code: 'too_large' });
  await expect(stat(announced.path)).rejects.toThrow('ENOENT');
  const endless: Answer = (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64_000)));
    };
    response.on('drain', more).on('error', () => {});
    more();
  };
  const silent = await setUp(media, { [host]: endless }, 300_000);
  await expect(silent.download()).rejects.toMatchObject({ code: 'too_large' });
  expect((await stat(silent.path)).size).toBeLessThanOrEqual(300_000);
});

test('a file of 200 MB passes to disk without standing in memory', async () => {
  const size = 200 * 1024 * 1024;
  const piece = Buffer.alloc(256 * 1024, 'a');
  let most = 0;
  let onDisk = () => 0;
  /** What was sent and is not on disk yet is in memory, here or in the system's buffers. */
  function* pieces() {
    for (let sent = 0; sent < size; sent += piece.length) {
      most = Math.max(most, sent - onDisk());
      yield piece;
    }
  }
  const large: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': String(size) });
    Readable.from(pieces()).pipe(response);
  };
  const { path, download } = await setUp(media, { [host]: large }, 2 * size);
  onDisk = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  expect(await download()).toBe(size);
  expect((await stat(path)).size).toBe(size);
  expect(most).toBeLessThan(size / 4);
});

test('a file that ends early is asked for again by a new address, and not taken', async () => {
  let times = 0;
  const cut: Answer = (_request, response) => {
    times += 1;
    response.writeHead(200, { 'content-length': '100' });
    if (times < 3) response.write('half', () => response.destroy());
    else response.end('a'.repeat(100));
  };
  const { server, waits, download } = await setUp(media, { [host]: cut });
  expect(await download()).toBe(100);
  expect([times, server.seen.length, waits.length]).toEqual([3, 6, 2]);
});

test('an address that has run out is asked for anew; what stays refused is told without its signature', async () => {
  const { server, download } = await setUp(media, {
    [host]: (_request, response) => sendJson(response, 403, { error: 'expired' }),
  });
  const error: unknown = await download().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'forbidden' });
  expect(server.seen).toHaveLength(6);
  expect(everythingOf(error) + server.logged()).not.toMatch(/canary/);
});

test('a refused address says nothing of the credential', async () => {
  const { download } = await setUp(media, { [host]: (_request, response) => sendJson(response, 401, {}) });
  await expect(download()).rejects.toMatchObject({ code: 'forbidden' });
});
