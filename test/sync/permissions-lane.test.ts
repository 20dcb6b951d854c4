import { afterAll, beforeEach, beforeAll, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { loadFreshness } from '../../store/permission-freshness.ts';
import { scheduleId, syncWorkflowId } from '../../temporal/names.ts';
import { reconcileRuns } from '../../temporal/reconcile.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';

const world = createSmallWorld();

let harness: SyncHarness;
let connection: HarnessConnection;
beforeAll(async () => {
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { faults, store } = harness.sandbox.context;
  faults.clear();
  await harness.database.db.deleteFrom('connections').execute();
  store.replace(structuredClone(world));
  connection = await harness.connect({ world });
});

const db = () => harness.database.db;
const hold = (path: string) => {
  const { faults } = harness.sandbox.context;
  faults.add({ match: { path }, times: 1, action: { kind: 'barrier', name: path } });
  return faults.barriers.whenHeld(path);
};
const schedule = () =>
  harness.temporal.client.schedule.getHandle(scheduleId(connection.connectionId, 'permissions'));

async function settings(change: object): Promise<void> {
  await db()
    .updateTable('connections')
    .set({ settings: JSON.stringify(change) })
    .execute();
  await harness.engine.applySchedule(connection.connectionId);
}

test('permissions have a clock of their own, which follows the settings and goes on where content is synced by hand', async () => {
  await settings({});
  expect((await schedule().describe()).spec.intervals).toMatchObject([{ every: 15 * 60_000 }]);
  await settings({ sync: { strategy: 'manual' }, permissions: { intervalMinutes: 5 } });
  expect((await schedule().describe()).spec.intervals).toMatchObject([{ every: 5 * 60_000 }]);
  await db().updateTable('connections').set({ status: 'disabled' }).execute();
  await harness.engine.applySchedule(connection.connectionId);
  await expect(schedule().describe()).rejects.toThrow(ScheduleNotFoundError);
});

test('a scheduled permission sync waits for a first sync of content, and then runs', async () => {
  await settings({ sync: { strategy: 'manual' } });
  const kinds = async () => (await db().selectFrom('sync_runs').select(['kind', 'trigger']).execute()) ?? [];
  await schedule().trigger();
  await connection.sync();
  expect(await kinds()).toEqual([{ kind: 'full', trigger: 'manual' }]);
  await schedule().trigger();
  // Stored before its workflow starts: its end is waited for in the database.
  const scheduled = () =>
    db()
      .selectFrom('sync_runs')
      .select(['state', 'trigger', 'indexed'])
      .where('kind', '=', 'permissions')
      .where('finished_at', 'is not', null)
      .execute();
  for (let look = 0; look < 300 && (await scheduled()).length === 0; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await scheduled()).toContainEqual({ state: 'succeeded', trigger: 'schedule', indexed: '0' });
});

test('cancelling stops both lanes, and each may start again at once', async () => {
  await connection.sync();
  const held = [hold('/footer-comments'), hold('accessType=user&')];
  const permissions = await connection.start('permissions');
  await held[1];
  const full = await connection.start('full');
  await held[0];
  await harness.engine.cancelRun(connection.connectionId);
  expect(await connection.ended(full)).toMatchObject({ state: 'cancelled' });
  expect(await connection.ended(permissions)).toMatchObject({ state: 'cancelled' });
  harness.sandbox.context.faults.clear();
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
});

test('a connection that is disconnected while its permissions are read leaves nothing behind', async () => {
  await settings({});
  await connection.sync();
  const held = hold('/content/search');
  await connection.start('permissions');
  await held;
  await harness.engine.cancelRun(connection.connectionId);
  await harness.engine.removeSchedule(connection.connectionId);
  await db().deleteFrom('connections').execute();
  harness.sandbox.context.faults.clear();
  const { client } = harness.temporal;
  await client.workflow.getHandle(syncWorkflowId(connection.connectionId, 'permissions')).result();
  await expect(schedule().describe()).rejects.toThrow(ScheduleNotFoundError);
  for (const table of ['acl_layers', 'content_access', 'records', 'permission_readings', 'acls'] as const)
    expect(await db().selectFrom(table).selectAll().execute()).toEqual([]);
});

test('a permission run without a workflow is ended, one with a workflow is not', async () => {
  await connection.sync();
  const held = hold('/content/search');
  const alive = await connection.start('permissions');
  await held;
  await db()
    .insertInto('sync_runs')
    .values({ connection_id: connection.connectionId, kind: 'full' })
    .execute();
  const later = new Date(Date.now() + 120_000);
  expect(await reconcileRuns(harness.temporal.client, db(), later)).toBe(1);
  harness.sandbox.context.faults.clear();
  expect(await connection.ended(alive)).toMatchObject({ state: 'succeeded' });
});

test('changes are told with how long they were in force: at most, or exactly where the audit log named them', async () => {
  const { store } = harness.sandbox.context;
  const { connectionId } = connection;
  await connection.sync();
  const refused = { kind: 'status', status: 403, body: {} } as const;
  harness.sandbox.context.faults.add({ match: { path: '/rest/api/audit' }, action: refused });
  expect(await loadFreshness(db(), connectionId)).toMatchObject({ promisedSeconds: null, updatedAt: null });
  const [first, second] = store.snapshot().content.filter(({ status }) => status === 'current');
  store.setRestriction(first!.id, 'read', { users: [SMALL.admin] });
  store.setRestriction(second!.id, 'read', { users: [SMALL.admin] });
  const minuteAgo = new Date(Date.now() - 60_000);
  await db()
    .updateTable('content_access')
    .set({ read_at: new Date(Date.now() - 600_000) })
    .execute();
  await db()
    .insertInto('permission_due')
    .values({ connection_id: connectionId, kind: 'content', source_id: second!.id, since: minuteAgo })
    .execute();
  await connection.sync('permissions');
  const changes = await db()
    .selectFrom('permission_changes')
    .select(['kind', 'source_id', 'change', 'found_by', 'exact', 'lag_seconds'])
    .where('kind', '=', 'content')
    .orderBy('lag_seconds')
    .execute();
  const change = { kind: 'content', change: 'added' };
  expect(changes).toMatchObject([
    { ...change, source_id: second!.id, found_by: 'audit', exact: true },
    { ...change, source_id: first!.id, found_by: 'rolling', exact: false },
  ]);
  expect(changes[0]!.lag_seconds).toBeGreaterThanOrEqual(60);
  expect(changes[0]!.lag_seconds).toBeLessThan(120);
  expect(changes[1]!.lag_seconds).toBeGreaterThanOrEqual(600);
  expect(await db().selectFrom('permission_due').selectAll().execute()).toEqual([]);
  expect(await loadFreshness(db(), connectionId)).toMatchObject({
    promisedSeconds: expect.any(Number),
    changes: { count: 2 },
    exactChanges: { count: 1, p50Seconds: changes[0]!.lag_seconds },
  });
});

test('permission syncs that found nothing are forgotten after a week, others are kept', async () => {
  await connection.sync();
  for (const indexed of [0, 1]) {
    await connection.sync('permissions');
    await db()
      .updateTable('sync_runs')
      .set({ indexed, finished_at: new Date(Date.now() - 8 * 86_400_000) })
      .where('kind', '=', 'permissions')
      .where('finished_at', '>', new Date(Date.now() - 86_400_000))
      .execute();
  }
  await connection.sync('permissions');
  const runs = await db()
    .selectFrom('sync_runs')
    .select('indexed')
    .where('kind', '=', 'permissions')
    .orderBy('created_at')
    .execute();
  expect(runs).toEqual([{ indexed: '1' }, { indexed: '0' }]);
});
