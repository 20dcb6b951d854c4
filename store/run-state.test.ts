import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection } from '../test/factories.ts';
import { moveConnection } from './connection-state.ts';
import {
  endedRunStates,
  moveRun,
  moveRunIfPossible,
  openRunStates,
  runMoves,
  type RunEvent,
} from './run-state.ts';

let database: TestDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  connectionId = await makeConnection(database.db);
});
afterAll(() => database.close());

/** A run in a state, whatever came before. */
async function runIn(state: (typeof openRunStates | typeof endedRunStates)[number]): Promise<string> {
  await database.db.deleteFrom('sync_runs').execute();
  const row = await database.db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'full', state, message: 'before' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}
const stored = (id: string) =>
  database.db.selectFrom('sync_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

test('of every event in every state, the table says whether it happens, and the row follows it', async () => {
  for (const event of Object.keys(runMoves) as RunEvent[]) {
    for (const state of [...openRunStates, ...endedRunStates]) {
      const id = await runIn(state);
      const { from, to } = runMoves[event];
      const may = from.some((one) => one === state);
      expect([event, state, await moveRunIfPossible(database.db, id, event)]).toEqual([event, state, may]);
      expect([event, state, (await stored(id)).state]).toEqual([event, state, may ? to : state]);
    }
  }
});

test('a run that goes on says nothing any more of what it waited for', async () => {
  const id = await runIn('running');
  await moveRun(database.db, id, 'waits', { waitingUntil: new Date(), message: 'The limit.' });
  expect(await stored(id)).toMatchObject({
    state: 'waiting',
    message: 'The limit.',
    waiting_until: expect.any(Date),
  });
  await moveRun(database.db, id, 'progressed');
  expect(await stored(id)).toMatchObject({ state: 'running', message: null, waiting_until: null });
});

test('an end comes once, and keeps its words without secrets', async () => {
  const id = await runIn('running');
  await moveRun(database.db, id, 'failed', { cause: 'x', message: 'Refused: Bearer abcdefghijklmnop.' });
  expect(await moveRunIfPossible(database.db, id, 'cancelled')).toBe(false);
  expect(await stored(id)).toMatchObject({
    state: 'failed',
    cause: 'x',
    message: 'Refused: Bearer [redacted]',
  });
  expect((await stored(id)).finished_at).toBeInstanceOf(Date);
  await expect(moveRun(database.db, id, 'paused')).rejects.toMatchObject({
    code: 'impossible_move',
    message: 'This sync is failed, so it cannot be paused. Look at its state again.',
  });
});

test('a connection tells since when it is what it is, and refuses what cannot be in words', async () => {
  const { db } = database;
  const paused = await moveConnection(db, connectionId, 'paused');
  expect(paused?.after.status).toBe('paused');
  expect(paused?.after.status_since.getTime()).toBeGreaterThan(paused?.before.status_since.getTime() ?? 0);
  await expect(moveConnection(db, connectionId, 'enabled')).rejects.toMatchObject({
    code: 'impossible_move',
    status: 409,
    message: expect.stringMatching(/^".+" is paused, so it cannot be enabled\./),
  });
  const told = { cause: 'revoked', message: 'Gone: refresh_token=abcdefgh1234.' };
  expect((await moveConnection(db, connectionId, 'credential_dead', told))?.after).toMatchObject({
    status: 'needs_reauth',
    status_message: 'Gone: refresh_token=[redacted]',
  });
  expect((await moveConnection(db, connectionId, 'authorized'))?.after.status).toBe('paused');
});

test('of two events at once the later one sees what the earlier one made', async () => {
  const { db } = database;
  const results = await Promise.allSettled([
    moveConnection(db, connectionId, 'resumed'),
    moveConnection(db, connectionId, 'resumed'),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
