import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection, makeRun } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let browser: BrowserSession;
let able: string;
let baker: string;

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  key = await server.key(await server.person('admin@example.com', 'administrator', 'correct horse battery'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
  browser = createBrowserSession(server.app);
  await browser.signIn('admin@example.com', 'correct horse battery');
  able = await makeConnection(db, { name: 'Able' });
  baker = await makeConnection(db, { name: 'Baker <b>' });
  const [first, second] = [await makeRun(db, able), await makeRun(db, baker)];
  const minute = (n: number) => new Date(Date.UTC(2026, 2, 26, 16, n));
  await db
    .insertInto('sync_log')
    .values([
      { run_id: first, at: minute(0), level: 'debug', message: 'Batch 1' },
      { run_id: second, at: minute(1), level: 'info', message: 'Batch 100% done' },
      { run_id: first, at: minute(2), level: 'warning', message: 'Refused', item: '4711', trace_id: 't-1' },
      { run_id: second, at: minute(3), level: 'error', message: 'Broken\nline \u001b[31mred' },
    ])
    .execute();
});
afterAll(() => server.close());

const get = (path: string, by = key) =>
  request(server.app).get(`/api/v1/logs${path}`).set('authorization', `Bearer ${by}`);
const messages = async (query: string): Promise<string[]> =>
  (await get(`?${query}`).expect(200)).body.items.map((line: { message: string }) => line.message);

test('lines of all connections come newest first, and are narrowed by each filter', async () => {
  const all = ['Broken\nline \u001b[31mred', 'Refused', 'Batch 100% done', 'Batch 1'];
  expect(await messages('')).toEqual(all);
  expect(await messages(`connection=${able}`)).toEqual(['Refused', 'Batch 1']);
  expect(await messages('level=warning')).toEqual(all.slice(0, 2));
  expect(await messages('level=error')).toEqual(all.slice(0, 1));
  expect(await messages('level=info')).toEqual(all.slice(0, 3));
  expect(await messages('from=2026-03-26T16:01:00Z&to=2026-03-26T16:03:00Z')).toEqual(all.slice(1, 3));
  expect(await messages('from=2026-03-26T16:03')).toEqual(all.slice(0, 1));
  expect(await messages('q=100%25')).toEqual(['Batch 100% done']);
  expect(await messages('q=t-1')).toEqual(['Refused']);
  expect(await messages(`connection=${baker}&q=t-1`)).toEqual([]);
});

test('each line says whose it is', async () => {
  const [line] = (await get('?level=error').expect(200)).body.items;
  expect(line).toMatchObject({ connection: { id: baker, name: 'Baker <b>' }, run: { kind: 'full' } });
});

test('page by page no line is missed or told twice, many of one moment among them', async () => {
  const { db } = server.database;
  const run = await makeRun(db, await makeConnection(db, { name: 'Many' }));
  await sql`insert into sync_log (run_id, at, level, message)
    select ${run}, timestamptz '2026-01-01 00:00:00.123456Z' + (n / 7) * interval '1 microsecond', 'info', n::text
    from generate_series(1, 60) n`.execute(db);
  const told: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `?to=2026-01-02T00:00:00Z&limit=11${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await get(path).expect(200);
    told.push(...body.items.map((line: { message: string }) => line.message));
    cursor = body.nextCursor;
  }
  expect(told).toEqual(Array.from({ length: 60 }, (_, at) => String(60 - at)));
  await sql`delete from sync_log where run_id = ${run}`.execute(db);
});

test('what cannot be a filter is refused at its field, and a member is refused altogether', async () => {
  for (const [query, field] of [
    ['level=loud', 'level'],
    ['from=yesterday', 'from'],
    ['to=2026-13-45', 'to'],
    ['cursor=bm9uZQ', 'cursor'],
  ]) {
    const { body } = await get(`?${query}`).expect(422);
    expect(Object.keys(body.error.details.fields)).toEqual([field]);
  }
  await get('?connection=nowhere').expect(404);
  for (const path of ['', '.txt', '.ndjson']) await get(path, memberKey).expect(403);
});

test('they are downloaded narrowed as they are shown, a line each, without what a terminal would obey', async () => {
  const { text, headers } = await get('.txt?level=warning').expect(200);
  expect(headers['content-disposition']).toContain('logs.txt');
  expect(text.split('\n')).toEqual([
    expect.stringMatching(
      /^2026-03-26T16:03:00.000Z error {3}\[Baker <b>, full \w{8}\] Broken line {1,2}\[31mred$/,
    ),
    expect.stringMatching(/\[Able, full \w{8}\] Refused \| 4711 \| trace t-1$/),
    '',
  ]);
  const answer = await get('.ndjson?level=error').buffer(true).parse(asText).expect(200);
  expect(JSON.parse(String(answer.body))).toMatchObject({ level: 'error', connection: { id: baker } });
});

test('the page has its filters in the address, and keeps what was entered wrong', async () => {
  const { text } = await browser.get(`/logs?connection=${able}&level=warning`);
  expect(text).toContain('Refused');
  expect(text).not.toContain('Batch 1');
  expect(text).toContain(`/logs.txt?connection=${able}&amp;level=warning`);
  expect((await browser.get('/logs')).text).toContain('Baker &lt;b>');
  const wrong = await browser.get('/logs?from=yesterday');
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('id="from-error"');
  expect(wrong.text).toContain('value="yesterday"');
  expect((await browser.get('/logs?q=nothing-like-this')).text).toContain('No line fits');
});

function asText(res: request.Response, done: (error: Error | null, body: string) => void): void {
  let whole = '';
  const stream = res as unknown as NodeJS.ReadableStream;
  stream.on('data', (part: Buffer) => (whole += part.toString()));
  stream.on('end', () => done(null, whole));
}
