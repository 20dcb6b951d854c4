import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '../../sandbox/faults.ts';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { everyLayer } from '../oracle/every-layer.ts';
import { page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const calls = {
  'the groups that open the product': '/rest/api/group\\?.*accessType=user',
  'the members of a group': '/membersByGroupId',
  'the restrictions of many': '/content/search',
  'the restriction of one': '/restriction/byOperation/read',
  'the permissions of a space': '/spaces/\\d+/permissions',
  'a folder above': '/folders/',
};
const failures: Record<string, FaultRuleInput['action']> = {
  'is forbidden': { kind: 'status', status: 403, body: { message: 'Forbidden' } },
  'is not found': { kind: 'status', status: 404, body: { message: 'Not found' } },
};
const cases = Object.entries(calls).flatMap(([call, path]) =>
  Object.entries(failures).map(([failure, action]) => ({ call, path, failure, action })),
);

test.each(cases)(
  'nobody is shown more when $call $failure, and the next permission sync heals it',
  async ({ path, action }) => {
    const { faults } = harness.sandbox.context;
    const { connection, differences } = await openCompany(harness, everyLayer());
    await connection.sync();
    faults.add({ match: { path }, action });
    expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
    expect(faults.rules()[0]?.hits).toBeGreaterThan(0);
    expect((await differences()).filter(({ leaked }) => leaked.length > 0)).toEqual([]);
    faults.clear();
    await connection.sync('permissions');
    expect(await differences()).toEqual([]);
    const failures = await harness.database.db.selectFrom('sync_failures').select('external_id').execute();
    // One restriction names a group that does not exist.
    expect(failures.filter(({ external_id: id }) => id !== 'grp-nobody')).toEqual([]);
  },
);

test.each(['truncate', 'status'] as const)(
  'an answer that is broken for a while (%s) is asked for again by the same permission sync',
  async (kind) => {
    const { faults, store } = harness.sandbox.context;
    const { connection, differences } = await openCompany(harness, everyLayer());
    await connection.sync();
    const action = kind === 'truncate' ? { kind } : { kind, status: 500 };
    store.setRestriction(store.snapshot().content[0]!.id, 'read', { users: ['acc-crawler'] });
    faults.add({ match: { path: '/content/search' }, times: 5, action });
    expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded' });
    expect(await differences()).toEqual([]);
  },
);

const { admin, mia } = SMALL;

test('a refused search and a refused restriction hide what they are about, in few requests', async () => {
  const { faults, counters } = harness.sandbox.context;
  const pages = Array.from({ length: 60 }, (_, n) => page(`${n + 1}`));
  const { connection, differences } = await openCompany(harness, smallCompany(pages));
  await connection.sync();
  const refused = { kind: 'status', status: 403, body: {} } as const;
  faults.add({ match: { path: '/content/search|/restriction/' }, action: refused });
  counters.reset();
  await connection.sync('permissions');
  const asked = counters.log().filter(({ path }) => /content\/search|\/restriction\//.test(path));
  expect(asked.length).toBeLessThan(10);
  const shown = (await differences()).flatMap(({ way, hidden }) => (way === 'acls' ? [hidden.length] : []));
  expect(Math.max(...shown)).toBe(60);
  faults.clear();
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
});

test('what the search index does not hold is read by itself', async () => {
  const { faults, store } = harness.sandbox.context;
  const { connection, differences } = await openCompany(
    harness,
    smallCompany([page('1'), page('2', { parentId: '1', read: { users: [mia] } }), page('3')]),
  );
  await connection.sync();
  faults.add({
    match: { path: '/content/search' },
    action: { kind: 'status', status: 200, body: { results: [], start: 0, limit: 100, size: 0, _links: {} } },
  });
  store.setRestriction('3', 'read', { users: [admin] });
  store.setRestriction('2', 'read', {});
  expect(await connection.sync('permissions')).toMatchObject({ state: 'succeeded', indexed: '2' });
  expect(await differences()).toEqual([]);
});

test('a list of restricted people that is longer than an answer is read to its end', async () => {
  const { store } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, smallCompany([page('1'), page('2')]));
  await connection.sync();
  const former = Array.from({ length: 230 }, (_, n) => `acc-former-${n}`);
  store.setRestriction('2', 'read', { users: [admin, ...former, mia] });
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
});

test('a dead credential ends the permission sync, keeps what is known, and asks for little', async () => {
  const { faults, counters } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, smallCompany([page('1'), page('2')]));
  await connection.sync();
  faults.add({ match: {}, action: { kind: 'status', status: 401, body: {} } });
  counters.reset();
  expect(await connection.sync('permissions')).toMatchObject({ state: 'failed', cause: 'token_rejected' });
  expect(counters.log().length).toBeLessThan(20);
  const { status } = await harness.database.db
    .selectFrom('connections')
    .select('status')
    .where('id', '=', connection.connectionId)
    .executeTakeFirstOrThrow();
  expect(status).toBe('needs_reauth');
  faults.clear();
  expect(await differences()).toEqual([]);
});
