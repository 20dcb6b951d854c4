import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { addBrake, askAdministrator } from '../../store/brakes.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { brakeSchema, removalSchema } from './removals.ts';

let server: TestServer;
let key: string;
let memberKey: string;
let id: string;
let brakeId: string;
const started: string[] = [];

beforeAll(async () => {
  server = await createTestServer({ engine: { startRun: async ({ kind }) => void started.push(kind) } });
  key = await server.key(await server.person('admin@example.com', 'administrator'));
  memberKey = await server.key(await server.person('max@example.com'), ['search']);
});
afterAll(() => server.close());
beforeEach(async () => {
  started.length = 0;
  id = await makeConnection(db());
  const { id: runId } = await db()
    .insertInto('sync_runs')
    .values({ connection_id: id, kind: 'full', state: 'succeeded' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db()
    .insertInto('removals')
    .values(
      (['trashed', 'not_shown', 'trashed'] as const).map((cause, n) => ({
        connection_id: id,
        external_id: String(n),
        kind: 'page',
        title: `100 % of ${cause} ${n}`,
        url: 'https://x.atlassian.net/wiki/x',
        space_key: 'LAW',
        cause,
        run_id: runId,
      })),
    )
    .execute();
  const brake = { connectionId: id, runId, scope: '98', name: 'Legal' };
  brakeId = await addBrake(db(), brake);
  const sample = [{ externalId: '7', kind: 'page', title: 'Seven', url: '', cause: 'not_shown' as const }];
  const facts = { found: 40, total: 100, causes: { not_shown: 40 }, sample };
  await askAdministrator(db(), { ...brake, id: brakeId }, facts, '40 of 100 are missing.');
});
afterEach(() => db().deleteFrom('connections').execute());

const db = () => server.database.db;
const call = (method: 'get' | 'post', path: string, by = key) =>
  request(server.app)[method](`/api/v1/connections/${id}${path}`).set('authorization', `Bearer ${by}`);
const status = async () =>
  (await db().selectFrom('connections').select('status').where('id', '=', id).executeTakeFirstOrThrow())
    .status;

test('what was removed is listed newest first in pages, by cause and by title, with the reason in words', async () => {
  const first = (await call('get', '/removals?limit=2').expect(200)).body;
  expect(
    z
      .array(removalSchema)
      .parse(first.items)
      .map(({ externalId }) => externalId),
  ).toEqual(['2', '1']);
  expect(first.items[1].reason).toMatch(
    /^Confluence does not show it to .* any more: its access was taken away/,
  );
  const rest = (await call('get', `/removals?cursor=${first.nextCursor}`).expect(200)).body;
  expect(rest.items.map((one: { externalId: string }) => one.externalId)).toEqual(['0']);
  const only = (await call('get', '/removals?cause=trashed&q=100%20%25').expect(200)).body;
  expect(only.items.map((one: { externalId: string }) => one.externalId)).toEqual(['2', '0']);
  expect((await call('get', '/removals?q=1_0').expect(200)).body.items).toEqual([]);
  const { body } = await call('get', '/removals?cause=eaten').expect(422);
  expect(body.error.details.fields).toHaveProperty('cause');
});

test('what waits for a decision is told with numbers, reasons and some of it', async () => {
  const { body } = await call('get', '/brakes').expect(200);
  const [brake] = z.array(brakeSchema).parse(body.items);
  expect(brake).toMatchObject({
    scope: 'space',
    spaceId: '98',
    name: 'Legal',
    found: 40,
    total: 100,
    state: 'asked',
  });
  expect(brake?.causes).toEqual([{ cause: 'not_shown', records: 40, reason: expect.any(String) }]);
  expect(brake?.sample).toHaveLength(1);
  expect(await status()).toBe('attention');
});

test('removing starts a sync that does it, gives the connection its state back, and is in the audit log', async () => {
  const { body } = await call('post', `/brakes/${brakeId}`).send({ decision: 'remove' }).expect(200);
  expect(body.brake).toMatchObject({ state: 'confirmed' });
  expect(body.run).toMatchObject({ kind: 'incremental', state: 'queued' });
  expect(started).toEqual(['incremental']);
  expect(await status()).toBe('active');
  const audit = await db().selectFrom('audit_log').select(['action', 'actor']).execute();
  expect(audit).toContainEqual(expect.objectContaining({ action: 'removal.remove' }));
  expect(
    (await call('post', `/brakes/${brakeId}`).send({ decision: 'keep' }).expect(409)).body.error.code,
  ).toBe('brake_decided');
});

test('while a sync is on, what is to be removed waits for its end', async () => {
  await db().insertInto('sync_runs').values({ connection_id: id, kind: 'sweep', state: 'running' }).execute();
  const { body } = await call('post', `/brakes/${brakeId}`).send({ decision: 'remove' }).expect(200);
  expect(body).toMatchObject({ run: null, brake: { state: 'confirmed' } });
});

test('what is kept starts nothing, and can be removed later', async () => {
  const { body } = await call('post', `/brakes/${brakeId}`).send({ decision: 'keep' }).expect(200);
  expect(body).toMatchObject({ run: null, brake: { state: 'kept' } });
  expect([started, await status()]).toEqual([[], 'active']);
  await call('post', `/brakes/${brakeId}`).send({ decision: 'remove' }).expect(200);
  expect(started).toEqual(['incremental']);
});

test('members, and whoever asks for what is not there, learn nothing', async () => {
  for (const path of ['/removals', '/brakes']) await call('get', path, memberKey).expect(403);
  await call('post', `/brakes/${brakeId}`, memberKey).send({ decision: 'keep' }).expect(403);
  await call('post', `/brakes/${id}`).send({ decision: 'keep' }).expect(404);
  await call('post', '/brakes/none').send({ decision: 'keep' }).expect(404);
  await call('post', `/brakes/${brakeId}`).send({ decision: 'burn' }).expect(422);
  expect(await status()).toBe('attention');
});
