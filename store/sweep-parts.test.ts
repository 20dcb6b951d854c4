import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { isSweepDue, rememberFullRun } from './sweep-parts.ts';

let database: TestDatabase;
let connectionId: string;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  connectionId = await makeConnection(database.db);
  runId = await makeRun(database.db, connectionId);
});

const isDue = () => isSweepDue(database.db, connectionId, '24 hours');
/** A part that was listed to its end some hours ago. */
const addPart = (part: string, hours: number) =>
  database.db
    .insertInto('sweep_parts')
    .values({
      connection_id: connectionId,
      part,
      kind: 'pages',
      finished_at: sql<Date>`now() - make_interval(hours => ${hours})`,
    })
    .execute();

test('a sweep is due when a part was not listed to its end for longer than its turn', async () => {
  await addPart('early', 23);
  expect(await isDue()).toBe(false);
  await addPart('late', 25);
  expect(await isDue()).toBe(true);
});

test('the mark of a full run is no part, however old it is', async () => {
  await rememberFullRun(database.db, connectionId, runId);
  await sql`update sweep_parts set finished_at = now() - interval '3 days'`.execute(database.db);
  await addPart('early', 1);
  expect(await isDue()).toBe(false);
});

test('with nothing but the mark of a full run, the last whole reading decides', async () => {
  await sql`
    update sync_runs set kind = 'full', state = 'succeeded', started_at = now() - interval '25 hours'
    where id = ${runId}`.execute(database.db);
  await rememberFullRun(database.db, connectionId, runId);
  expect(await isDue()).toBe(true);
});
