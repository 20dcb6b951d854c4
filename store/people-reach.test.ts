import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { listAccounts } from './people-accounts.ts';
import { countMissing, countReach } from './people-reach.ts';
import { loadReadableAcls } from './visibility.ts';

let database: TestDatabase;
let connectionId: string;
const people: Record<string, { userId: string }> = {};
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const site = await createSampleSite(db);
  connectionId = site.connectionId;
  await site.layer('space-a', ['group:everyone', 'user:dora']);
  await site.layer('own', ['group:leads', 'user:ana']);
  await site.layer('dark', 'unknown');
  await site.record('1');
  await site.record('2', { layers: ['product', 'space-a'] });
  await site.record('3', { layers: ['product', 'space-a'] });
  await site.record('4', { layers: ['product', 'space-a', 'own'] });
  // What admitted somebody once, and could not be read since.
  const stale = { principals: ['group:everyone'] };
  await db.updateTable('acl_layers').set(stale).where('source_id', '=', 'dark').execute();
  await site.record('5', { layers: ['product', 'dark'] });
  await site.record('6', { layers: null });
  await site.record('7', { state: 'failed' });
  people['ana'] = await site.person('ana', ['everyone']);
  people['ben'] = await site.person('ben', ['everyone', 'leads']);
  people['cem'] = await site.person('cem', ['everyone']);
  people['dora'] = await site.person('dora', []);
  people['eve'] = await site.person('eve', ['everyone']);
  await db
    .updateTable('atlassian_groups')
    .set({ members_state: 'unknown' })
    .where('group_id', '=', 'leads')
    .execute();
  await db
    .updateTable('atlassian_accounts')
    .set({ account_status: 'closed' })
    .where('account_id', '=', 'eve')
    .execute();
});
afterAll(() => database.close());

test('an account’s count is what a user who is that account finds', async () => {
  const { db } = database;
  const keys = Object.keys(people).map((accountId) => ({ connectionId, accountId }));
  const counted = await countReach(db, keys, 5_000);
  expect(Object.fromEntries((counted ?? []).map((row) => [row.accountId, Number(row.records)]))).toEqual({
    ana: 4,
    ben: 3,
    cem: 3,
    dora: 0,
    eve: 0,
  });
  for (const [accountId, viewer] of Object.entries(people)) {
    const acls = await loadReadableAcls(db, viewer);
    const { rows } = await sql<{ n: string }>`
      select count(*) as n from records where state = 'indexed' and acl_id = any(${acls}::bigint[])`.execute(
      db,
    );
    expect([accountId, rows[0]?.n]).toEqual([
      accountId,
      counted?.find((row) => row.accountId === accountId)?.records,
    ]);
  }
});

test('what cannot be counted in time is said not to be counted, and keeps its last count', async () => {
  const { db } = database;
  const blocked = await database.pool.connect();
  try {
    await blocked.query('begin; lock table records in access exclusive mode');
    expect(await countReach(db, [{ connectionId, accountId: 'cem' }], 50)).toBeNull();
  } finally {
    await blocked.query('rollback');
    blocked.release();
  }
});

test('accounts are listed by what they miss once that is counted, and pages go on where the last one ended', async () => {
  const { db } = database;
  await db.deleteFrom('user_accounts').execute();
  await db.deleteFrom('account_reach').execute();
  // Of an app nobody misses anything, whatever was counted for it.
  await db
    .updateTable('atlassian_accounts')
    .set({ account_type: 'app' })
    .where('account_id', '=', 'eve')
    .execute();
  await db
    .insertInto('account_reach')
    .values({ connection_id: connectionId, account_id: 'eve', records: 9 })
    .execute();
  const filter = { connectionId, state: 'unmatched' as const, q: '' };
  expect(await countMissing(db, filter, 5_000)).toBe(0);
  const seen: string[] = [];
  let after = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(db, {
      ...filter,
      sort: 'records',
      after,
      limit: 2,
    });
    seen.push(...rows.map((row) => `${row.account_id} ${row.records} ${row.reason}`));
    if (rows.length < 2) break;
    after = rows[1]?.place ?? null;
  }
  expect(seen).toEqual([
    'ana 4 email_hidden',
    'ben 3 email_hidden',
    'cem 3 email_hidden',
    'dora 0 email_hidden',
    'eve 9 account_inactive',
  ]);
});
