import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { addDiscussionDue, clearDiscussionDue, loadDiscussionDue } from './discussion-due.ts';

let database: TestDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  connectionId = await makeConnection(database.db);
});
afterAll(() => database.close());

const ids = async () => (await loadDiscussionDue(database.db, connectionId, '', 10)).map(({ id }) => id);
const settledMs = 10 * 60_000;

test('what was found is due no more; where nothing was found, it is asked for once more after a while', async () => {
  const { db } = database;
  await addDiscussionDue(db, connectionId, ['1', '2', '3']);
  const readAt = new Date(Date.now() + 1_000);
  await clearDiscussionDue(db, connectionId, ['1', '2'], { found: ['1'], readAt, settledMs });
  expect(await ids()).toEqual(['2', '3']);
  const later = new Date(Date.now() + settledMs + 1_000);
  await clearDiscussionDue(db, connectionId, ['2'], { found: [], readAt: later, settledMs });
  expect(await ids()).toEqual(['3']);
});

test('what came back again while it was read stays due', async () => {
  const { db } = database;
  const readAt = new Date();
  await addDiscussionDue(db, connectionId, ['4']);
  await clearDiscussionDue(db, connectionId, ['4'], {
    found: ['4'],
    readAt: new Date(readAt.getTime() - 5_000),
    settledMs,
  });
  expect(await ids()).toContain('4');
});
