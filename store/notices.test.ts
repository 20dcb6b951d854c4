import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { closeNotice, openNotice } from './notices.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db
    .insertInto('notice_targets')
    .values({ name: 'On call', url: 'https://hooks.example/1', secret: Buffer.from('x') })
    .execute();
});
afterAll(() => database.close());

const events = async () =>
  (await database.db.selectFrom('notice_deliveries').select('event').orderBy('created_at').execute()).map(
    (row) => row.event,
  );

test('a notice is sent when it begins and when it ends, not when it is told again', async () => {
  const { db } = database;
  const connectionId = await makeConnection(db);
  const notice = { connectionId, code: 'needs_reauth' as const, severity: 'error' as const };
  await openNotice(db, { ...notice, message: 'Reauthenticate.' });
  await openNotice(db, { ...notice, message: 'Reauthenticate now.' });
  expect(await events()).toEqual(['notice.opened']);
  const open = await db.selectFrom('notices').selectAll().execute();
  expect(open.map((row) => row.message)).toEqual(['Reauthenticate now.']);

  await closeNotice(db, notice);
  await closeNotice(db, notice);
  expect(await events()).toEqual(['notice.opened', 'notice.closed']);
});

test('a notice of no connection is one notice, too', async () => {
  const { db } = database;
  const notice = {
    connectionId: null,
    code: 'engine_away' as const,
    severity: 'warning' as const,
    message: 'Away.',
  };
  await openNotice(db, notice);
  await openNotice(db, notice);
  const rows = await db.selectFrom('notices').selectAll().where('code', '=', 'engine_away').execute();
  expect(rows).toHaveLength(1);
});
