import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import { makeFailuresDue, type FailureStage } from '../../store/failures.ts';
import { everyLayer } from '../oracle/every-layer.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type HarnessConnection, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const forbidden: FaultRuleInput['action'] = { kind: 'status', status: 403, body: { message: 'Forbidden' } };
const empty = { results: [], start: 0, limit: 100, size: 0, _links: {} };

/** What makes things of a stage fail in a full sync, and the requests that would heal them. */
const ways: { stage: FailureStage; faults: FaultRuleInput[]; path: string }[] = [
  {
    stage: 'restrictions',
    faults: [
      { match: { path: '/content/search' }, action: { kind: 'status', status: 200, body: empty } },
      { match: { path: '/restriction/byOperation/read' }, action: forbidden },
    ],
    path: '/content/search|/restriction/byOperation/read',
  },
  { stage: 'folders', faults: [{ match: { path: '/folders/' }, action: forbidden }], path: '/folders/' },
  {
    stage: 'spaces',
    faults: [{ match: { path: '/spaces/\\d+/permissions' }, action: forbidden }],
    path: '/spaces/\\d+/permissions',
  },
  {
    stage: 'people',
    faults: [{ match: { path: '/membersByGroupId' }, action: forbidden }],
    path: '/membersByGroupId',
  },
];

const failed = ({ connectionId }: HarnessConnection, stage: string) =>
  harness.database.db
    .selectFrom('sync_failures')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('stage', '=', stage)
    // One restriction names a group that does not exist.
    .where('external_id', '<>', 'grp-nobody')
    .orderBy('external_id')
    .execute();
const openNotices = async () =>
  (
    await harness.database.db.selectFrom('notices').select('code').where('ended_at', 'is', null).execute()
  ).map(({ code }) => code);

test.each(ways)(
  'failed $stage are left alone before their time, tried again by the sync after it, and gone once they were read',
  async ({ stage, faults: rules, path }) => {
    const { db } = harness.database;
    const { faults, counters } = harness.sandbox.context;
    const { connection, differences, leaks } = await openCompany(harness, everyLayer());
    const { connectionId } = connection;
    for (const rule of rules) faults.add(rule);
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    const first = await failed(connection, stage);
    expect(first.length).toBeGreaterThan(0);
    expect(first.every((one) => one.attempts === 1 && one.next_retry_at! > new Date())).toBe(true);
    expect(await openNotices()).not.toContain('permissions_unread');

    counters.reset();
    await connection.sync('incremental');
    const aboutIt = (one: { path: string; query: string }) =>
      new RegExp(path).test(one.path) && !/type\+%3D\+comment/.test(one.query);
    expect(counters.log().filter(aboutIt)).toEqual([]);
    expect(await failed(connection, stage)).toHaveLength(first.length);

    await makeFailuresDue(db, connectionId, { stage });
    expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
    const second = await failed(connection, stage);
    expect(second.map(({ external_id: id, attempts }) => [id, attempts])).toEqual(
      first.map(({ external_id: id }) => [id, 2]),
    );
    expect(await openNotices()).toContain('permissions_unread');
    expect(await leaks()).toEqual([]);

    faults.clear();
    await makeFailuresDue(db, connectionId, 'all');
    expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
    expect(await failed(connection, stage)).toEqual([]);
    expect(await leaks()).toEqual([]);
    // A space that opens waits until everything in it has been read since.
    if (stage === 'spaces') await connection.sync('permissions');
    expect(await differences()).toEqual([]);
  },
);

test('a search that is refused when failed restrictions are tried again forgets none of them, and ends no run', async () => {
  const { db } = harness.database;
  const { faults } = harness.sandbox.context;
  const { connection } = await openCompany(harness, everyLayer());
  for (const rule of ways[0]!.faults) faults.add(rule);
  await connection.sync();
  const before = await failed(connection, 'restrictions');
  faults.clear();
  faults.add({ match: { path: '/content/search' }, action: forbidden });
  await makeFailuresDue(db, connection.connectionId, 'all');
  expect(await connection.sync('incremental')).toMatchObject({ state: 'succeeded' });
  expect((await failed(connection, 'restrictions')).map(({ external_id: id }) => id)).toEqual(
    before.map(({ external_id: id }) => id),
  );
});

test.each<[FailureStage, RegExp]>([
  ['spaces', /space-role-mode/],
  ['restrictions', /content\/search|restriction\/byOperation\/read/],
])('failed %s are not healed by a sync that could not ask for each of them', async (stage, refused) => {
  const { faults } = harness.sandbox.context;
  const { connection } = await openCompany(harness, everyLayer());
  for (const rule of ways.find((way) => way.stage === stage)!.faults) faults.add(rule);
  await connection.sync();
  const before = (await failed(connection, stage)).map(({ external_id: id }) => id);
  expect(before.length).toBeGreaterThan(1);
  faults.clear();
  faults.add({ match: { path: refused.source }, action: forbidden });
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
  expect((await failed(connection, stage)).map(({ external_id: id }) => id)).toEqual(before);
  if (stage === 'spaces') {
    expect(await connection.sync('full')).toMatchObject({ state: 'succeeded' });
    expect((await failed(connection, stage)).map(({ external_id: id }) => id)).toEqual(before);
  }
  faults.clear();
  await connection.sync('permissions');
  expect(await failed(connection, stage)).toEqual([]);
});
