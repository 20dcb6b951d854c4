import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../../log.ts';
import { adoptCheckpoints } from '../../store/checkpoints.ts';
import { saveFailure } from '../../store/failures.ts';
import { moveRun } from '../../store/run-state.ts';
import { loadRun } from '../../store/runs.ts';
import type { SyncKind } from '../../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { makeConnection } from '../../test/factories.ts';
import { closeRun } from './close-run.ts';
import { unbalancedRuns } from './metrics.ts';

let database: TestDatabase;
let connectionId: string;
const logged: string[] = [];
const log = createLogger('info', { write: (line: string) => void logged.push(line) });
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  connectionId = await makeConnection(database.db);
});
afterEach(() => database.db.deleteFrom('connections').execute());

type Counts = Partial<Record<'seen' | 'indexed' | 'unchanged' | 'filtered' | 'failed' | 'deleted', number>>;

/** A run with these counters, ended and looked at. */
async function end(
  kind: SyncKind,
  counts: Counts,
  during?: (runId: string) => Promise<void>,
): Promise<string> {
  const { db } = database;
  const { id } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind, state: 'running', ...counts })
    .returning('id')
    .executeTakeFirstOrThrow();
  await during?.(id);
  await moveRun(db, id, 'succeeded');
  await closeRun(db, { log }, (await loadRun(db, id))!);
  return id;
}
const notices = async () =>
  Object.fromEntries(
    (
      await database.db
        .selectFrom('notices')
        .select(['code', 'message'])
        .where('ended_at', 'is', null)
        .execute()
    ).map(({ code, message }) => [code, message]),
  );
const warnings = async (runId: string) =>
  (
    await database.db
      .selectFrom('sync_log')
      .select('message')
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute()
  ).map(({ message }) => message);
const record = (
  externalId: string,
  change: { seen_run?: string; state?: 'pending' | 'indexed'; space_id?: string } = {},
) =>
  database.db
    .insertInto('records')
    .values({
      connection_id: connectionId,
      external_id: externalId,
      kind: 'page',
      title: `Page ${externalId}`,
      ...change,
    })
    .execute();
async function space(key: string): Promise<string> {
  const row = await database.db
    .insertInto('spaces')
    .values({
      connection_id: connectionId,
      external_id: `id-${key}`,
      key,
      name: `Space ${key}`,
      type: 'global',
      status: 'current',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

test('books that balance are nothing to tell', async () => {
  await record('1');
  const id = await end('incremental', { seen: 10, indexed: 4, unchanged: 3, filtered: 2, failed: 1 });
  expect(await warnings(id)).toEqual([]);
  expect(await notices()).toEqual({});
});

test.each<[string, SyncKind, Counts, RegExp]>([
  [
    'what was seen and is nowhere',
    'incremental',
    { seen: 12, indexed: 4 },
    /8 items were seen and not accounted for/,
  ],
  [
    'what was written and never seen',
    'sweep',
    { seen: 1, indexed: 4 },
    /3 items were accounted for and not seen/,
  ],
  [
    'what was deleted and not removed',
    'incremental',
    { seen: 2, deleted: 2 },
    /0 records were removed, and 2 counted as deleted/,
  ],
])('%s is told in the log, to administrators and by a metric', async (_what, kind, counts, words) => {
  await record('1');
  const before = (await unbalancedRuns.get()).values[0]?.value ?? 0;
  const id = await end(kind, counts);
  expect(await warnings(id)).toEqual([expect.stringMatching(words)]);
  expect((await notices())['counters_unbalanced']).toMatch(words);
  expect((await unbalancedRuns.get()).values[0]?.value).toBe(before + 1);
  expect(logged.some((line) => words.test(line))).toBe(true);
  await end('full', { seen: 1, unchanged: 1 });
  expect(await notices()).toEqual({});
});

test('a record that a full run stored and did not count is found', async () => {
  const id = await end('full', { seen: 1, indexed: 1 }, async (runId) => {
    await record('1', { seen_run: runId });
    await record('2', { seen_run: runId });
  });
  expect(await warnings(id)).toEqual([expect.stringContaining('1 record was stored and not counted')]);
});

test('what an unfinished run had read is counted apart, and hides nothing that this one did not count', async () => {
  const { db } = database;
  const fromRun = await end('full', { seen: 2, indexed: 2 }, async (runId) => {
    await record('1', { seen_run: runId });
    await record('2', { seen_run: runId });
  });
  const goOn = (stored: string[]) =>
    end('full', { seen: 1, indexed: 1 }, async (toRun) => {
      expect(await adoptCheckpoints(db, { connectionId, fromRun, toRun, anew: ['restrictions'] })).toBe(2);
      for (const id of stored) await record(id, { seen_run: toRun });
    });
  expect(await warnings(await goOn(['3']))).toEqual([]);
  await db.updateTable('records').set({ seen_run: fromRun }).where('external_id', 'in', ['1', '2']).execute();
  await db.updateTable('records').set({ seen_run: null }).where('external_id', '=', '3').execute();
  const last = await goOn(['4', '5']);
  expect(await warnings(last)).toEqual([expect.stringContaining('1 record was stored and not counted')]);
  const stages = await db
    .selectFrom('sync_stages')
    .select(['stage', 'done'])
    .where('run_id', '=', last)
    .execute();
  expect(stages).toEqual([{ stage: 'read before', done: '2' }]);
});

test('nothing where there was something is a warning until there is something again', async () => {
  await record('1');
  await end('full', { seen: 1, indexed: 1 });
  expect(await notices()).toEqual({});
  await database.db.updateTable('records').set({ state: 'pending' }).execute();
  const id = await end('incremental', {});
  expect(await warnings(id)).toEqual([
    expect.stringMatching(/shows nothing to .* any more, where it showed pages before/),
  ]);
  expect(Object.keys(await notices())).toEqual(['nothing_found']);
  // A run of the other lane says nothing about it.
  await end('permissions', {});
  expect(Object.keys(await notices())).toEqual(['nothing_found']);
  await database.db.updateTable('records').set({ state: 'indexed' }).execute();
  await end('sweep', {});
  expect(await notices()).toEqual({});
});

test('a first sync that finds no space, or nothing in them, says which', async () => {
  await end('full', {});
  expect((await notices())['nothing_found']).toMatch(/shows no space in scope/);
  await space('A');
  await end('full', {});
  expect((await notices())['nothing_found']).toMatch(/shows nothing in the space in scope/);
});

test('a space that shows nothing any more is named, until it shows again; one that was left out on purpose is not', async () => {
  const { db } = database;
  const [a, b, c] = [await space('A'), await space('B'), await space('C')];
  await record('1', { space_id: a });
  await record('2', { space_id: b, state: 'pending' });
  await record('3', { space_id: c, state: 'pending' });
  const vanished = { connection_id: connectionId, evidence: 'space' as const };
  await db
    .insertInto('vanished')
    .values({ ...vanished, external_id: '2' })
    .execute();
  await db
    .insertInto('vanished')
    .values({ ...vanished, external_id: '3', cause: 'out_of_scope' })
    .execute();
  const id = await end('incremental', {});
  expect(await warnings(id)).toEqual([
    expect.stringContaining('A space that was read before shows nothing any more: Space B (B, 1 hidden)'),
  ]);
  expect(Object.keys(await notices())).toEqual(['scope_shrank']);
  await db.deleteFrom('vanished').execute();
  await db.updateTable('records').set({ state: 'indexed' }).execute();
  await end('incremental', {});
  expect(await notices()).toEqual({});
});

test('a space that was removed is told once, by the run that removed it', async () => {
  await record('1');
  const removal = {
    connection_id: connectionId,
    external_id: '9',
    kind: 'page',
    title: 'x',
    url: '',
    space_key: 'OLD',
    cause: 'space_gone' as const,
  };
  const id = await end('sweep', { seen: 1, deleted: 1 }, async (runId) => {
    await database.db
      .insertInto('removals')
      .values({ ...removal, run_id: runId })
      .execute();
  });
  expect(await warnings(id)).toEqual([expect.stringContaining('OLD (OLD, 1 removed)')]);
  expect(await notices()).toEqual({});
  expect(await warnings(await end('incremental', {}))).toEqual([]);
});

test('whose permissions could not be read is told in each run, and to administrators when it fails again', async () => {
  await record('1');
  const fail = (runId: string) =>
    saveFailure(database.db, connectionId, runId, {
      stage: 'restrictions',
      externalId: '1',
      title: 'Salaries',
      message: 'Refused.',
      url: null,
      status: 403,
      traceId: null,
    });
  const first = await end('permissions', {}, fail);
  expect(await warnings(first)).toEqual([expect.stringContaining('1 restriction (Salaries)')]);
  expect(await notices()).toEqual({});
  await end('permissions', {}, fail);
  expect(Object.keys(await notices())).toEqual(['permissions_unread']);
  await database.db.deleteFrom('sync_failures').execute();
  await end('permissions', {});
  expect(await notices()).toEqual({});
});
