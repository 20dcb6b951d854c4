import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import request from 'supertest';
import { z } from 'zod';
import { saveFailure, type FailureStage } from '../../store/failures.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { failureSchema } from './schemas.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let id: string;
let runId: string;

beforeAll(async () => {
  server = await createTestServer({ engine: { startRun: async () => {} } });
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
});
afterAll(() => server.close());
beforeEach(async () => {
  id = await makeConnection(db());
  ({ id: runId } = await db()
    .insertInto('sync_runs')
    .values({ connection_id: id, kind: 'full', state: 'succeeded' })
    .returning('id')
    .executeTakeFirstOrThrow());
});
afterEach(() => db().deleteFrom('connections').execute());

const db = () => server.database.db;
const call = (method: 'get' | 'post', path: string, by = key) =>
  request(server.app)[method](`/api/v1/connections/${id}${path}`).set('authorization', `Bearer ${by}`);

async function fail(
  stage: FailureStage,
  externalId: string,
  more: { title?: string; message?: string } = {},
) {
  await saveFailure(db(), id, runId, {
    stage,
    externalId,
    title: more.title ?? `${stage} ${externalId}`,
    message: more.message ?? 'Refused.',
    url: '/wiki/rest/api/content/1/restriction',
    status: 403,
    traceId: `trace-${externalId}`,
  });
}
const dueNow = async () =>
  (
    await sql<{
      external_id: string;
    }>`select external_id from sync_failures where next_retry_at <= now() order by 1`.execute(db())
  ).rows.map((row) => row.external_id);

test('failed items are listed by kind and id in pages, with what follows and where to open them', async () => {
  for (const n of ['1', '2', '3']) await fail('restrictions', n);
  await fail('people', 'g1');
  await db()
    .insertInto('spaces')
    .values({
      connection_id: id,
      external_id: '77',
      key: 'LAW',
      name: 'Legal',
      type: 'global',
      status: 'current',
      url: 'https://x.atlassian.net/wiki/spaces/LAW',
    })
    .execute();
  await fail('spaces', '77');
  const first = (await call('get', '/failures?limit=2').expect(200)).body;
  expect(first.items.map((one: { externalId: string }) => one.externalId)).toEqual(['g1', '1']);
  expect(first.counts).toEqual([
    { stage: 'restrictions', items: 3 },
    { stage: 'people', items: 1 },
    { stage: 'spaces', items: 1 },
  ]);
  const rest = (await call('get', `/failures?cursor=${first.nextCursor}`).expect(200)).body;
  expect(rest.items.map((one: { externalId: string }) => one.externalId)).toEqual(['2', '3', '77']);
  expect(rest.nextCursor).toBeNull();
  expect(rest.items.at(-1)).toMatchObject({
    title: 'Legal',
    url: 'https://x.atlassian.net/wiki/spaces/LAW',
    request: '/wiki/rest/api/content/1/restriction',
    status: 403,
    traceId: 'trace-77',
    attempts: 1,
    meaning: expect.stringContaining('nobody sees anything in it'),
  });
  expect(rest.items[0].url).toMatch(/viewpage\.action\?pageId=2$/);
  expect(first.items[0].url).toBeNull();
  z.array(failureSchema).parse([...first.items, ...rest.items]);
});

test('they are found by stage, words, id and trace id, and a sign of a pattern is only a sign', async () => {
  await fail('restrictions', '1', { title: 'Salaries 100%', message: 'Atlassian answered 403.' });
  await fail('people', '2', { message: 'Gone.' });
  const found = async (query: string) =>
    (await call('get', `/failures?${query}`).expect(200)).body.items.map(
      (one: { externalId: string }) => one.externalId,
    );
  expect(await found('stage=people')).toEqual(['2']);
  expect(await found('q=salaries')).toEqual(['1']);
  expect(await found('q=answered')).toEqual(['1']);
  expect(await found('q=trace-2')).toEqual(['2']);
  expect(await found('q=100%25')).toEqual(['1']);
  expect(await found('q=1_0')).toEqual([]);
});

test('an item that fails again waits twice as long, up to a day', async () => {
  const waits: number[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    ({ id: runId } = await db()
      .insertInto('sync_runs')
      .values({ connection_id: id, kind: 'incremental', state: 'succeeded' })
      .returning('id')
      .executeTakeFirstOrThrow());
    await fail('restrictions', '1');
    // What one run meets twice it has tried once.
    await fail('restrictions', '1');
    const { rows } = await sql<{ minutes: number; attempts: number }>`
      select extract(epoch from next_retry_at - last_at)::integer / 60 as minutes, attempts from sync_failures`.execute(
      db(),
    );
    expect(rows[0]?.attempts).toBe(turn + 1);
    waits.push(Number(rows[0]?.minutes));
  }
  expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1_440, 1_440, 1_440]);
});

test.each([
  ['one', { items: [{ stage: 'restrictions', externalId: '1' }] }, ['1']],
  ['all of a stage', { stage: 'restrictions' }, ['1', '2']],
  ['all', { all: true }, ['1', '2', 'g1']],
])('trying %s again makes it due and starts a sync', async (_which, body, due) => {
  await fail('restrictions', '1');
  await fail('restrictions', '2');
  await fail('people', 'g1');
  expect(await dueNow()).toEqual([]);
  const run = (await call('post', '/failures/retry').send(body).expect(202)).body;
  expect(run).toMatchObject({ kind: 'incremental', state: 'queued', trigger: 'manual' });
  expect(await dueNow()).toEqual(due);
  // A second one while it runs is answered with the same sync.
  expect((await call('post', '/failures/retry').send(body).expect(202)).body.id).toBe(run.id);
});

test('a retry says what is wrong with it', async () => {
  await fail('restrictions', '1');
  for (const body of [{}, { items: [] }, { stage: 'people', all: true }]) {
    const { body: answer } = await call('post', '/failures/retry').send(body).expect(422);
    expect(answer.error.details.fields).toHaveProperty('items');
  }
  const healed = await call('post', '/failures/retry').send({ stage: 'people' }).expect(409);
  expect(healed.body.error.code).toBe('not_failed');
  await db().updateTable('connections').set({ status: 'paused' }).execute();
  expect((await call('post', '/failures/retry').send({ all: true }).expect(409)).body.error.code).toBe(
    'paused',
  );
});

test('members learn nothing of failed items', async () => {
  await fail('restrictions', '1');
  await call('get', '/failures', memberKey).expect(403);
  await call('post', '/failures/retry', memberKey).send({ all: true }).expect(403);
  expect(await dueNow()).toEqual([]);
});
