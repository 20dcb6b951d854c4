import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { settleAccess } from '../../store/settle.ts';
import { loadReadableAcls } from '../../store/visibility.ts';
import { makeUser } from '../factories.ts';
import { page, smallCompany } from '../oracle/small-company.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const below = 5_000;
const { world } = smallCompany([page('1')]);

let harness: SyncHarness;
beforeAll(async () => {
  // So few points that a run reads what is due and nothing else of content.
  harness = await createSyncHarness({
    world: createSmallWorld(),
    hourlyPoints: 10,
    oauth: { accountId: SMALL.admin },
  });
});
afterAll(() => harness.close());

/** As if so many pages had been synced: some in chains, the others in one broad row. */
async function addPagesBelow(connectionId: string): Promise<void> {
  const { db } = harness.database;
  await sql`
    insert into records (connection_id, external_id, kind, space_id, parent_id, title, seen_run)
    select connection_id, (n + 1000)::text, 'page', space_id,
      case when n <= 100 or n % 2 = 0 then '1' else (n + 900)::text end, 'Below', seen_run
    from records, generate_series(1, ${below}::integer) as n
    where connection_id = ${connectionId} and external_id = '1'`.execute(db);
  await sql`
    insert into record_search (record_id, words)
    select id, '' from records where connection_id = ${connectionId} and title = 'Below'`.execute(db);
  await sql`
    insert into content_access (connection_id, external_id, as_of)
    select connection_id, external_id, now() from records
    where connection_id = ${connectionId} and title = 'Below'`.execute(db);
  await settleAccess(db, connectionId);
}

test('a restriction on a page with 5,000 below it counts for all of them, and none of them is asked for', async () => {
  const { store, counters } = harness.sandbox.context;
  const { db } = harness.database;
  store.replace(world);
  const { connectionId } = harness;
  const userId = await makeUser(db, 'mia@viewer.example');
  await db
    .insertInto('user_accounts')
    .values({ user_id: userId, account_id: SMALL.mia, source: 'grant' })
    .execute();
  const readable = async () => {
    const acls = await loadReadableAcls(db, { userId });
    const { rows } = await sql`select id from records where acl_id = any(${acls}::bigint[])`.execute(db);
    return rows.length;
  };
  await harness.sync();
  await addPagesBelow(connectionId);
  const permissionSync = async () => {
    await db
      .insertInto('permission_due')
      .values({ connection_id: connectionId, kind: 'content', source_id: '1' })
      .execute();
    counters.reset();
    expect(await harness.sync('permissions')).toMatchObject({ state: 'succeeded', indexed: '1' });
    return counters.log().filter(({ path }) => /\/api\/v2\/pages|content\/search|restriction/.test(path));
  };
  expect(await readable()).toBe(below + 1);
  store.setRestriction('1', 'read', { users: [SMALL.admin] });
  expect(await permissionSync()).toHaveLength(2);
  expect(await readable()).toBe(0);
  store.setRestriction('1', 'read', {});
  expect(await permissionSync()).toHaveLength(2);
  expect(await readable()).toBe(below + 1);
}, 60_000);
