import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { page, smallCompany } from '../oracle/small-company.ts';
import { openCompany } from './company.ts';
import { createSyncHarness, type RunKind, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
});
afterAll(() => harness.close());

const { admin, users, space: spaceId } = SMALL;
const view = { operation: 'read', target: 'space' };
const closed = [{ principal: { type: 'user' as const, id: admin }, ...view }];
const open = [...closed, { principal: { type: 'group' as const, id: users }, ...view }];
const company = smallCompany([page('1'), page('2', { parentId: '1' }), page('3')]);

test.each<RunKind>(['permissions', 'full'])(
  'a page that was restricted before its space was opened is shown at no moment of a %s sync',
  async (kind) => {
    const { store, faults } = harness.sandbox.context;
    const { connection, differences } = await openCompany(harness, company);
    store.setSpacePermissions(spaceId, closed);
    await connection.sync();
    expect(await differences()).toEqual([]);
    store.setRestriction('1', 'read', { users: [admin] });
    store.setSpacePermissions(spaceId, open);
    // The space is read, the restrictions are not.
    faults.add({ match: { path: '/content/search' }, action: { kind: 'barrier', name: 'late' } });
    const run = await connection.start(kind);
    await faults.barriers.whenHeld('late');
    await spaceIsRead(connection.connectionId);
    expect((await differences()).filter(({ leaked }) => leaked.length > 0)).toEqual([]);
    faults.clear();
    faults.barriers.releaseAll();
    expect(await connection.ended(run)).toMatchObject({ state: 'succeeded' });
    expect(await differences()).toEqual([]);
  },
);

test('a space that shuts shuts at once, and one that waits to open shuts too', async () => {
  const { store, faults } = harness.sandbox.context;
  const { connection, differences } = await openCompany(harness, company);
  await connection.sync();
  store.setSpacePermissions(spaceId, closed);
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
  store.setSpacePermissions(spaceId, open);
  faults.add({ match: { path: '/content/search' }, action: { kind: 'barrier', name: 'late' } });
  const run = await connection.start('permissions');
  await faults.barriers.whenHeld('late');
  store.setSpacePermissions(spaceId, []);
  faults.clear();
  faults.barriers.releaseAll();
  await connection.ended(run);
  await connection.sync('permissions');
  expect(await differences()).toEqual([]);
});

/** Until the reading of the space that opens is stored. */
async function spaceIsRead(connectionId: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const layer = await harness.database.db
      .selectFrom('acl_layers')
      .select(['opening', 'principals'])
      .where('connection_id', '=', connectionId)
      .where('kind', '=', 'space')
      .executeTakeFirstOrThrow();
    if (layer.opening !== null || layer.principals.length > 1) return;
    await sleep(25);
  }
  throw new Error('The space was not read.');
}
