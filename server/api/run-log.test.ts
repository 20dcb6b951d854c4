import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { logRun } from '../../store/runs.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let runId: string;

beforeAll(async () => {
  server = await createTestServer({});
  const { db } = server.database;
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
  const connectionId = await makeConnection(db);
  ({ id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full' })
    .returning('id')
    .executeTakeFirstOrThrow());
  await logRun(db, runId, [
    { level: 'debug', message: 'Batch 1' },
    { level: 'info', message: '3 items were not in the index yet.' },
    {
      level: 'warning',
      message: 'Refused: Bearer abcdefghijklmnop',
      item: '4711',
      status: 403,
      traceId: 't-1',
      url: '/wiki/x?email=ada@example.org',
    },
    { level: 'error', message: '=HYPERLINK("x")' },
  ]);
});
afterAll(() => server.close());

const get = (path: string, by = key) =>
  request(server.app).get(`/api/v1/syncs/${runId}${path}`).set('authorization', `Bearer ${by}`);
const levels = async (query: string) =>
  (await get(`/log?${query}`).expect(200)).body.items.map((line: { level: string }) => line.level);

test('a log is narrowed to a level and what is worse, and to words, items and trace ids', async () => {
  expect(await levels('')).toEqual(['debug', 'info', 'warning', 'error']);
  expect(await levels('level=debug')).toEqual(['debug', 'info', 'warning', 'error']);
  expect(await levels('level=warning')).toEqual(['warning', 'error']);
  expect(await levels('q=INDEX')).toEqual(['info']);
  expect(await levels('q=4711')).toEqual(['warning']);
  expect(await levels('q=t-1&level=warning')).toEqual(['warning']);
  expect(await levels('q=t-1&level=error')).toEqual([]);
  const { body } = await get('/log?level=loud').expect(422);
  expect(Object.keys(body.error.details.fields)).toEqual(['level']);
});

test('what is a secret by its form is gone when a line is written', async () => {
  const [line] = (await get('/log?level=warning').expect(200)).body.items;
  expect(line).toMatchObject({ message: 'Refused: Bearer [redacted]', url: '/wiki/x?email=[redacted]' });
});

test('the log is downloaded as lines of JSON, more than fit in one reading, in their order', async () => {
  const { db } = server.database;
  const run = await db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
  const { id: long } = await db
    .insertInto('sync_runs')
    .values({ connection_id: run.connection_id, kind: 'permissions' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await logRun(
    db,
    long,
    Array.from(
      { length: 2_500 },
      (_, n) => ({ level: n % 2 === 0 ? 'info' : 'debug', message: `Line ${n}` }) as const,
    ),
  );
  const answer = await request(server.app)
    .get(`/api/v1/syncs/${long}/log.ndjson?level=info`)
    .set('authorization', `Bearer ${key}`)
    .buffer(true)
    .parse((res, done) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => done(null, Buffer.concat(parts).toString('utf8')));
    })
    .expect(200);
  expect(answer.headers['content-type']).toMatch(/^application\/x-ndjson/);
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="sync-${long.slice(0, 8)}.ndjson"`,
  );
  const lines = String(answer.body).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(
    Array.from({ length: 1_250 }, (_, n) => `Line ${2 * n}`),
  );
});

test('as a CSV no cell is a formula', async () => {
  const { text, headers } = await get('/log.csv').expect(200);
  expect(headers['content-type']).toMatch(/^text\/csv/);
  const lines = text.replace('\uFEFF', '').trimEnd().split('\r\n');
  expect(lines[0]).toBe('at,level,message,item,url,status,traceId');
  expect(lines).toHaveLength(5);
  expect(lines[4]).toContain(`"'=HYPERLINK(""x"")"`);
});

test('members and strangers get no log', async () => {
  for (const path of ['/log', '/log.csv', '/log.ndjson']) await get(path, memberKey).expect(403);
  await request(server.app)
    .get('/api/v1/syncs/00000000-0000-4000-8000-000000000000/log.csv')
    .set('authorization', `Bearer ${key}`)
    .expect(404);
});
