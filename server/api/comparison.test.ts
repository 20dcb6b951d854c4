import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { saveAgreed, saveDisagreement } from '../../store/permission-checks.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { comparisonSchema, disagreementSchema } from './comparison.ts';

let server: TestServer;
let administrator: string;
let member: string;
let connectionId: string;

beforeAll(async () => {
  server = await createTestServer();
  administrator = await server.key(await server.person('admin@example.com', 'administrator'));
  member = await server.key(await server.person('ben@example.com', 'member'), ['search']);
  const { db } = server.database;
  connectionId = await makeConnection(db);
  const pair = { accountId: 'ada', externalId: '1' };
  await saveAgreed(db, connectionId, [{ ...pair, ours: true, theirs: true }]);
  for (const externalId of ['2', '3', '4']) {
    const compared = { accountId: 'ada', externalId, ours: externalId !== '3', theirs: externalId === '3' };
    await db.transaction().execute((trx) => saveDisagreement(trx, connectionId, compared, [], []));
  }
});
afterAll(() => server.close());

const get = (path: string, key: string) =>
  request(server.app).get(`/api/v1/connections/${connectionId}${path}`).set('authorization', `Bearer ${key}`);

test('an administrator reads how far Confluence agrees', async () => {
  const { body } = await get('/comparison', administrator).expect(200);
  expect(comparisonSchema.parse(body)).toMatchObject({
    compared: 4,
    agreed: 1,
    agreement: 0.25,
    open: 3,
    hidden: 2,
  });
});

test('disagreements come page by page, newest first', async () => {
  const first = await get('/disagreements?state=open&limit=2', administrator).expect(200);
  const items = first.body.items.map((item: unknown) => disagreementSchema.parse(item));
  expect(items.map((item: { externalId: string }) => item.externalId)).toEqual(['4', '3']);
  expect(items.map((item: { tooOpen: boolean }) => item.tooOpen)).toEqual([true, false]);
  const cursor = encodeURIComponent(first.body.nextCursor);
  const second = await get(`/disagreements?limit=2&cursor=${cursor}`, administrator).expect(200);
  expect(second.body).toMatchObject({ items: [{ externalId: '2' }], nextCursor: null });
});

test.each(['/comparison', '/disagreements'])('a member may not read %s', async (path) => {
  await get(path, member).expect(403);
});
