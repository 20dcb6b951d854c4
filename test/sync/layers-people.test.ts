import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import type { Person, Principal, World } from '../../sandbox/world/types.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { openWorld } from './open-world.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, mia, users, team } = SMALL;
const email = (name: string) => `${name}@acme.example`;
const general = '/rest/api/search\\?.*type%3Duser';
const dedicated = '/rest/api/search/user';

/** A space for these and the crawler, with page 2001, and page 2002 for a team alone. */
function site(permitted: Principal[], change: Partial<World> = {}, more: Partial<Person>[] = []): World {
  const read = { users: [admin], groups: [team] };
  const base = createSmallWorld({
    content: [
      smallPage('2001'),
      smallPage('2002', { restrictions: { read, update: { users: [], groups: [] } } }),
    ],
    ...change,
  });
  const principals: Principal[] = [{ type: 'user', id: admin }, ...permitted];
  const permissions = principals.map((principal, n) => ({
    id: `${n + 1}`,
    principal,
    operation: 'read',
    target: 'space',
  }));
  const people = base.people.map((person) => ({ ...person, emailVisible: true }));
  return {
    ...base,
    spaces: [{ ...base.spaces[0]!, permissions }],
    people: [...people, ...more.map((one) => ({ ...people[1]!, ...one }))],
  };
}

const everyone: Principal = { type: 'class', id: 'authenticated-users' };
const licensed: Principal = { type: 'group', id: users };

/** Messages of the last run's warnings. */
async function warnings(connectionId: string): Promise<string[]> {
  const rows = await harness.database.db
    .selectFrom('sync_log')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_log.run_id')
    .select('sync_log.message as message')
    .where('connection_id', '=', connectionId)
    .where('level', '=', 'warning')
    .execute();
  return rows.map(({ message }) => message);
}

test('a guest whom an access class alone admits, in no group, sees the space', async () => {
  const { sees } = await openWorld(harness, site([everyone]));
  expect(await sees(email('guest'))).toEqual(['2001']);
  expect(await sees(email('mia'))).toEqual(['2001', '2002']);
});

test('a guest who is closed sees nothing after the next sync, though people are listed once a day', async () => {
  const { store, counters } = harness.sandbox.context;
  const listings = () =>
    counters
      .log()
      .filter(({ path, query }) => /type(%3D|=)user/.test(query) || path.endsWith('/search/user'));
  counters.reset();
  const { connection, sees } = await openWorld(harness, site([everyone]));
  expect(await sees(email('guest'))).toEqual(['2001']);
  expect(listings()).toHaveLength(1);
  store.changePerson(SMALL.guest, { status: 'closed' });
  counters.reset();
  await connection.sync();
  expect(await sees(email('guest'))).toEqual([]);
  expect(listings()).toEqual([]);
});

test('a second account with the same email, in no group, makes that email prove nobody', async () => {
  const twin = { accountId: 'acc-twin', email: email('MIA') };
  const { sees } = await openWorld(harness, site([licensed], {}, [twin]));
  expect(await sees(email('mia'))).toEqual([]);
  expect(await sees(email('noah'))).toEqual(['2001']);
});

test.each([403, 404, 410])(
  'a site that lists no people (%d) is synced all the same, and shows nobody more',
  async (status) => {
    const { connection, sees } = await openWorld(harness, site([everyone]), { sync: false });
    for (const path of [general, dedicated])
      harness.sandbox.context.faults.add({ match: { path }, action: { kind: 'status', status, body: {} } });
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    expect(await sees(email('guest'))).toEqual([]);
    expect(await sees(email('mia'))).toEqual(['2001', '2002']);
    expect((await warnings(connection.connectionId)).join()).toMatch(
      /people of the site could not be listed/,
    );
  },
);

test('a site with more people than it lists says so', async () => {
  const { connection } = await openWorld(harness, site([everyone]), { sync: false });
  const { faults } = harness.sandbox.context;
  faults.add({ match: { path: general }, action: { kind: 'status', status: 400, body: {} } });
  faults.add({
    match: { path: dedicated },
    action: { kind: 'rewrite', pattern: '"totalSize":\\d+', replacement: '"totalSize":10400' },
  });
  await connection.sync();
  expect((await warnings(connection.connectionId)).join()).toMatch(/people at most/);
});

test.each(['inactive', 'closed'] as const)(
  'an account that is %s sees nothing, whatever groups it is in',
  async (status) => {
    const { connection, sees } = await openWorld(harness, site([licensed]));
    expect(await sees(email('mia'))).toEqual(['2001', '2002']);
    harness.sandbox.context.store.changePerson(mia, { status });
    await connection.sync();
    expect(await sees(email('mia'))).toEqual([]);
  },
);

test('an account that the site answers for no more sees nothing', async () => {
  const { connection, sees } = await openWorld(harness, site([licensed]));
  harness.sandbox.context.faults.add({
    match: { path: '/users-bulk' },
    action: { kind: 'rewrite', pattern: '"acc-mia"', replacement: '"acc-nobody"' },
  });
  await connection.sync();
  expect(await sees(email('mia'))).toEqual([]);
});

test('an app in a group that opens everything is nobody, and leaves its email to the person who has it', async () => {
  const app = { accountId: 'acc-app', type: 'app' as const, email: email('robot') };
  const same = { accountId: 'acc-other-app', type: 'app' as const, email: email('mia') };
  const world = site([licensed, { type: 'user', id: 'acc-app' }], {}, [app, same]);
  for (const group of world.groups) group.members.push('acc-app', 'acc-other-app');
  const { sees } = await openWorld(harness, world);
  expect(await sees(email('robot'))).toEqual([]);
  expect(await sees(email('mia'))).toEqual(['2001', '2002']);
});

test('a guest in a group that opens the product stays a guest', async () => {
  const world = site([{ type: 'class', id: 'all-licensed-users' }]);
  world.groups[0]!.members.push(SMALL.guest);
  const { sees } = await openWorld(harness, world);
  expect([await sees(email('guest')), await sees(email('noah'))]).toEqual([[], ['2001']]);
});

test('a group that opens a space and is deleted opens nothing; another of its name opens nothing; its own new name changes nothing', async () => {
  const { connection, sees } = await openWorld(harness, site([{ type: 'group', id: team }]));
  const { store } = harness.sandbox.context;
  store.renameGroup(team, 'Crew');
  store.addGroup({ id: 'grp-usurper', name: 'grp-team', members: [SMALL.noah] });
  await connection.sync();
  expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([['2001', '2002'], []]);
  store.removeGroup(team);
  store.addGroup({ id: 'grp-crew', name: 'Crew', members: [mia, SMALL.noah] });
  await connection.sync();
  expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([[], []]);
});

test('members of a group who cannot be read are nobody in it, and the group that is read again is as before', async () => {
  const { connection, sees } = await openWorld(harness, site([licensed]));
  const rule = harness.sandbox.context.faults.add({
    match: { path: `/group/${team}/membersByGroupId` },
    action: { kind: 'status', status: 403, body: {} },
  });
  await connection.sync();
  expect(await sees(email('mia'))).toEqual(['2001']);
  harness.sandbox.context.faults.remove(rule.id);
  await connection.sync();
  expect(await sees(email('mia'))).toEqual(['2001', '2002']);
});

test.each([403, 404])(
  'where the site tells nothing of accounts (%d) everybody is nobody, until it tells again',
  async (status) => {
    const { connection, sees } = await openWorld(harness, site([licensed]));
    const rule = harness.sandbox.context.faults.add({
      match: { path: '/users-bulk' },
      action: { kind: 'status', status, body: {} },
    });
    expect(await connection.sync()).toMatchObject({ state: 'succeeded' });
    expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([[], []]);
    expect((await warnings(connection.connectionId)).join()).toMatch(/accounts could not be read/);
    harness.sandbox.context.faults.remove(rule.id);
    await connection.sync();
    expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([['2001', '2002'], ['2001']]);
  },
);

test('one account id that the site does not take costs nobody else anything', async () => {
  const { connection, sees } = await openWorld(harness, site([licensed]));
  harness.sandbox.context.faults.add({
    match: { path: '/users-bulk' },
    times: 2,
    action: { kind: 'status', status: 400, body: {} },
  });
  await connection.sync();
  expect([await sees(email('mia')), await sees(email('noah'))]).toEqual([['2001', '2002'], ['2001']]);
});
