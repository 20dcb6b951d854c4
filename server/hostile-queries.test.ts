import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../test/browser-session.ts';
import { makeRun } from '../test/factories.ts';
import { routesOf } from '../test/routes.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { createTestServer, type TestServer } from '../test/server.ts';

let server: TestServer;
let key: string;
let browser: BrowserSession;
/** Addresses that are read, with ids of what is there. */
let reads: string[];

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  const admin = await server.person('admin@example.com', 'administrator', 'correct horse battery');
  key = await server.key(admin);
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
  const site = await createSampleSite(db);
  const record = await site.record('1', { title: 'Leave', labels: ['policy'], author: 'ben' });
  await db.updateTable('connections').set({ authorized_at: new Date() }).execute();
  const run = await makeRun(db, site.connectionId);
  const ids: [RegExp, string][] = [
    [/(?<=\/connections\/)0{8}[\d-]+/, site.connectionId],
    [/(?<=\/(?:runs|syncs)\/)0{8}[\d-]+/, run],
    [/(?<=\/records\/)0{8}[\d-]+/, record],
  ];
  reads = routesOf(server.app)
    // Streams go on until they are left.
    .filter(({ method, path }) => method === 'GET' && !/\/live$|\/events$|\/assets\//.test(path))
    .map(({ path }) => ids.reduce((told, [pattern, id]) => told.replace(pattern, id), path));
}, 60_000);
afterAll(() => server.close());

/** Every name by which a list is narrowed, ordered or gone on with, in the pages or the API. */
const names =
  'q connection space type label author audience state reason parent modifiedAfter modifiedBefore sort cursor level user' +
  ' kind outcome list before after from to action named id item url title account group status brake limit archived';
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    "' or '1'='1",
    "'; drop table records; --",
    "') union select api_token from connections --",
    '$1',
    '%',
    '_',
    '\\',
    "{a,b}'::text[]",
    '\0',
    '\ud800',
    '9'.repeat(30),
    '-1',
    '2026-13-45',
    'NaN',
    '[]',
    '"',
  ),
);

async function rowsThere(): Promise<string> {
  const { db } = server.database;
  const count = async (table: 'records' | 'connections' | 'users') =>
    (
      await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<string>().as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  return [await count('records'), await count('connections'), await count('users')].join(' ');
}

test('whatever a list is narrowed by, in the pages or the API, is a value: none fails here or changes anything', async () => {
  expect(reads.length).toBeGreaterThan(60);
  const before = await rowsThere();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...reads),
      fc.dictionary(fc.constantFrom(...names.split(' ')), text, { minKeys: 1, maxKeys: 3 }),
      async (path, query) => {
        const address = `${path}?${new URLSearchParams(query)}`;
        const { status } = path.startsWith('/api/')
          ? await request(server.app).get(address).set('authorization', `Bearer ${key}`)
          : await browser.get(address);
        // 502, 503: the site behind the connection is not there.
        expect([address, status === 500]).toEqual([address, false]);
      },
    ),
    { numRuns: 400 },
  );
  expect(await rowsThere()).toBe(before);
}, 120_000);
