import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addBrake, askAdministrator } from '../../store/brakes.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let admin: BrowserSession;
let base: string;
let brakeId: string;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  const connectionId = await makeConnection(db);
  base = `/connections/${connectionId}/runs/removed`;
  const { id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', state: 'succeeded' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const brake = { connectionId, runId, scope: '98', name: 'Legal & <pay>' };
  brakeId = await addBrake(db, brake);
  const facts = { found: 40, total: 100, causes: { not_shown: 40 }, sample: [] };
  await askAdministrator(db, { ...brake, id: brakeId }, facts, '40 of 100 are missing.');
  // What is decided is listed as long as something is held by it.
  await db
    .insertInto('vanished')
    .values({
      connection_id: connectionId,
      external_id: '1',
      evidence: 'unlisted',
      cause: 'not_shown',
      brake_id: brakeId,
    })
    .execute();
});

const state = async () =>
  (
    await server.database.db
      .selectFrom('deletion_brakes')
      .select('state')
      .where('id', '=', brakeId)
      .executeTakeFirstOrThrow()
  ).state;

test('the question stands above the list of what was removed, with its numbers', async () => {
  const { text } = await admin.get(base);
  expect(text).toContain('Legal &amp; &lt;pay>');
  expect(text).toContain('40 records of 100 (40 %)');
  expect(text).toContain('Nothing was removed');
});

test('removing asks once more, for the name', async () => {
  const question = await admin.get(`${base}/${brakeId}/remove`);
  expect(question.text).toContain('Remove 40 records');
  const wrong = await admin.post(`${base}/${brakeId}/remove`, { confirmation: 'Legal' });
  expect([wrong.status, await state()]).toEqual([422, 'asked']);
  expect(wrong.text).toContain('id="confirmation-error"');
  const right = await admin.post(`${base}/${brakeId}/remove`, { confirmation: ' Legal & <pay> ' });
  expect([right.status, right.get('location'), await state()]).toEqual([303, base, 'confirmed']);
  expect((await admin.get(base)).text).toContain('about to be removed');
});

test('keeping is one click, and a second one says that it is decided', async () => {
  expect((await admin.post(`${base}/${brakeId}/keep`)).get('location')).toBe(base);
  expect(await state()).toBe('kept');
  expect((await admin.get(base)).text).toContain('kept hidden');
  await admin.post(`${base}/${brakeId}/keep`);
  expect((await admin.get(base)).text).toContain('It is decided already');
});

test('a list that nothing fits says so, and an unknown question is not there', async () => {
  expect((await admin.get(`${base}?cause=trashed&q=pay`)).text).toContain(
    'Nothing that was removed in the last 90 days fits',
  );
  expect((await admin.get(`${base}/none/remove`)).status).toBe(404);
});
