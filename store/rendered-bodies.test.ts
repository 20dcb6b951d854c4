import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveRecords } from './records.ts';
import { saveRenderedBodies } from './rendered-bodies.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function storedPage(text: string) {
  const { db } = database;
  const connectionId = await makeConnection(db, { name: `Site ${Math.random()}` });
  const body = { format: 'storage', raw: '<p>raw</p>', markdown: text, text, cjk: null, rules: 'old' };
  const record = makeRecord('1', { title: 'Charging dock', labels: ['runbook'], body });
  await saveRecords(db, connectionId, await makeRun(db, connectionId), [record], new Date());
  const { id } = await db
    .selectFrom('records')
    .select('id')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const finds = async (config: string, words: string) => {
    const { rows } = await sql<{ found: boolean }>`
      select words @@ phraseto_tsquery(${config}::regconfig, ${words}) as found from record_search where record_id = ${id}`.execute(
      db,
    );
    return rows[0]?.found;
  };
  return { db, id, finds };
}

test('another text is found, the one before is not, and title and labels are found as before', async () => {
  const { db, id, finds } = await storedPage('the gripper is closed');
  const text = 'the payroll is open';
  await saveRenderedBodies(db, 'new', [{ id, markdown: text, text, cjk: null, before: 'old' }]);
  expect(await finds('sluice', 'payroll is open')).toBe(true);
  expect(await finds('sluice', 'gripper')).toBe(false);
  expect(await finds('sluice', 'charging dock')).toBe(true);
  expect(await finds('sluice', 'runbook')).toBe(true);
  // No phrase reaches from one into the other.
  expect(await finds('sluice', 'runbook payroll')).toBe(false);
});

test('a text with more words than a vector holds is cut shorter, and keeps title and labels', async () => {
  const { db, id, finds } = await storedPage('short');
  const text = Array.from({ length: 200_000 }, (_, at) => `w${(at * 7_919).toString(36)}`).join(' ');
  await saveRenderedBodies(db, 'new', [{ id, markdown: '', text, cjk: null, before: 'old' }]);
  expect(await finds('sluice', 'w0')).toBe(true);
  expect(await finds('sluice', 'charging dock')).toBe(true);
});

test('what was written by newer rules meanwhile is left alone', async () => {
  const { db, id, finds } = await storedPage('newest');
  await saveRenderedBodies(db, 'new', [
    { id, markdown: 'older', text: 'older', cjk: null, before: 'as it was read' },
  ]);
  expect(await finds('sluice', 'newest')).toBe(true);
  expect(
    await db.selectFrom('record_bodies').selectAll().where('record_id', '=', id).execute(),
  ).toMatchObject([{ text: 'newest', rules: 'old' }]);
});
