import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { noteDue, type NamedTarget } from './audit-targets.ts';

let database: TestDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  connectionId = await makeConnection(database.db);
});

const at = new Date('2026-03-01T10:00:00Z');
const target = (change: Partial<NamedTarget>): NamedTarget => ({
  kind: 'content',
  names: ['Pay'],
  spaces: [],
  at,
  reason: 'Audit log: Content restriction added',
  ...change,
});

async function addPages(count: number, title: string, of = connectionId): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    connection_id: of,
    external_id: `${title}-${n}`,
    kind: 'page' as const,
    title,
  }));
  await database.db.insertInto('records').values(rows).execute();
}

const due = () =>
  database.db
    .selectFrom('permission_due')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .orderBy('source_id')
    .execute();

test('a name that more than 200 things bear is left alone, and 200 are read', async () => {
  await addPages(200, 'Pay');
  await addPages(201, 'Notes');
  const told = await noteDue(database.db, connectionId, [
    target({}),
    target({ names: ['Notes'] }),
    target({ names: ['Nothing'] }),
  ]);
  expect(told).toEqual({ unknown: [2], tooMany: [1] });
  expect(new Set((await due()).map(({ source_id: id }) => id.split('-')[0]))).toEqual(new Set(['Pay']));
  expect(await due()).toHaveLength(200);
});

test('the earliest of several changes counts, and stays when a later one is told', async () => {
  await addPages(1, 'Pay');
  const later = new Date(at.getTime() + 60_000);
  await noteDue(database.db, connectionId, [target({ at: later }), target({})]);
  expect(await due()).toMatchObject([{ since: at }]);
  await noteDue(database.db, connectionId, [target({ at: later })]);
  expect(await due()).toMatchObject([{ since: at }]);
});

test('another connection, a comment, and a title that is only alike stay out of it', async () => {
  await addPages(1, 'Pay', await makeConnection(database.db));
  await addPages(1, 'pay');
  await database.db
    .insertInto('records')
    .values({ connection_id: connectionId, external_id: 'c', kind: 'comment', title: 'Pay' })
    .execute();
  expect(await noteDue(database.db, connectionId, [target({})])).toEqual({ unknown: [0], tooMany: [] });
  expect(await due()).toEqual([]);
});

test('what was asked for ten minutes after the change or later holds it; a minute after may not', async () => {
  await addPages(2, 'Pay');
  const readings = [11, 1].map((minutes, n) => ({
    connection_id: connectionId,
    external_id: `Pay-${n}`,
    as_of: new Date(at.getTime() + minutes * 60_000),
  }));
  await database.db.insertInto('content_access').values(readings).execute();
  await noteDue(database.db, connectionId, [target({})]);
  expect((await due()).map(({ source_id: id }) => id)).toEqual(['Pay-1']);
});

test('a name with what no database can hold is a name that fits nothing', async () => {
  const names = ['\u0000', '\ud800', "'; drop table records; --"];
  expect(await noteDue(database.db, connectionId, [target({ names })])).toMatchObject({ unknown: [0] });
});
