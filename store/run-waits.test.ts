import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { endWait, noteWait, waitForOthers } from './run-waits.ts';
import { countBatch, noCounts, startRun } from './runs.ts';

let database: TestDatabase;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  runId = await makeRun(database.db, await makeConnection(database.db));
  await startRun(database.db, runId);
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const now = () =>
  database.db
    .selectFrom('sync_runs')
    .select(['state', 'message', 'waiting_until'])
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
const progress = () => countBatch(database.db, runId, 'pages', noCounts, { requests: 1, points: 1 });

test('a run whose steps wait while another goes on is running, and waits when that has ended', async () => {
  const { db } = database;
  const until = inMinutes(30);
  await noteWait(db, runId, { step: 'loadTree', until, message: 'The hourly points are used up.' });
  expect(await now()).toMatchObject({ state: 'waiting', waiting_until: until });
  await progress();
  expect(await now()).toMatchObject({ state: 'running', message: null, waiting_until: null });
  await waitForOthers(db, runId);
  expect(await now()).toMatchObject({
    state: 'waiting',
    message: 'The hourly points are used up.',
    waiting_until: until,
  });
});

test('of several that wait, the first to go on is told', async () => {
  const { db } = database;
  await noteWait(db, runId, { step: 'loadTree', until: inMinutes(30), message: 'long' });
  await noteWait(db, runId, { step: 'loadAccess', until: inMinutes(2), message: 'short' });
  await progress();
  await waitForOthers(db, runId);
  expect(await now()).toMatchObject({ state: 'waiting', message: 'short' });
});

test('a step that is taken up again, or whose time has come, keeps nobody waiting', async () => {
  const { db } = database;
  await noteWait(db, runId, { step: 'loadTree', until: inMinutes(30), message: 'long' });
  await noteWait(db, runId, { step: 'loadAccess', until: inMinutes(-1), message: 'over' });
  await endWait(db, runId, 'loadTree');
  await progress();
  await waitForOthers(db, runId);
  expect(await now()).toMatchObject({ state: 'running', message: null });
});
