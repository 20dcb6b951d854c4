import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import {
  createAccessChanges,
  groups,
  idsOf,
  layers,
  people,
  principal,
  step,
  type AccessChanges,
} from '../test/access-changes.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { askReadable, isReadable, keptReadable, refreshReadable } from './readable-sets.ts';
import type { Db } from './schema.ts';
import { loadReadableAcls, type ViewerId } from './visibility.ts';

let database: TestDatabase;
let site: Awaited<ReturnType<typeof createSampleSite>>;
let apply: AccessChanges['apply'];
let openAll: AccessChanges['openAll'];
const viewers: ViewerId[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createSampleSite(database.db);
  for (const name of people) viewers.push(await site.person(name));
  for (const group of groups) await site.member('nobody', group);
  for (const name of layers) await site.layer(name, []);
  ({ apply, openAll } = createAccessChanges(site.connectionId, viewers));
});
afterAll(() => database.close());

/** What the kept sets say: of all ACLs, those that a statement with `readable` finds. No record lies outside the spaces. */
async function readable(db: Db, viewer: ViewerId): Promise<string[]> {
  return askReadable(db, viewer, async (kept) => {
    const { rows } = await sql<{ ids: string[]; outside: number }>`
      with ${kept} select (select coalesce(array_agg(id::text order by id), '{}') from acls
        where ${isReadable(sql`acls.id`)}) as ids,
        (select count(*)::int from records r where ${isReadable(sql`r.acl_id`)}
          and space_ids is not null and not coalesce(space_id = any(space_ids), false)) as outside
      from fresh`.execute(db);
    expect(rows[0]?.outside ?? 0).toBe(0);
    return rows[0]?.ids ?? null;
  });
}

/** Whether the viewer's set is good as it is kept. */
async function isFresh(db: Db, viewer: ViewerId): Promise<boolean> {
  const { rows } = await sql`with ${keptReadable(viewer)} select from fresh`.execute(db);
  return rows.length === 1;
}

async function expectEqual(db: Db): Promise<void> {
  for (const viewer of viewers) {
    const judged = await loadReadableAcls(db, viewer);
    expect(await readable(db, viewer)).toEqual([...judged].sort((a, b) => Number(a) - Number(b)));
  }
}

test('whatever changes, a kept set equals what is judged anew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      await openAll(database.db);
      await expectEqual(database.db);
      for (const change of steps) {
        await apply(database.db, change);
        await expectEqual(database.db);
      }
    }),
    { numRuns: 15 },
  );
});

test('in transactions side by side, open, committed and rolled back, each statement reads what is so for it', async () => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ in: fc.nat(2), principals: fc.uniqueArray(principal) }),
      fc.record({ in: fc.nat(2), layers: fc.constant('another') }),
      fc.record({ in: fc.nat(2), read: fc.constant(true) }),
      fc.record({ in: fc.integer({ min: 1, max: 2 }), ends: fc.constantFrom('commit', 'rollback') }),
    ),
    { minLength: 4, maxLength: 16 },
  );
  let serial = 10;
  await fc.assert(
    fc.asyncProperty(moves, fc.boolean(), async (given, repeatable) => {
      await openAll(database.db);
      await expectEqual(database.db);
      // Session 0 commits each statement; 1 and 2 hold transactions. Each has a layer of its own, so none waits.
      const sessions: Db[] = [database.db];
      const open = async (at: number) => {
        sessions[at] = await database.db
          .startTransaction()
          .setIsolationLevel(repeatable ? 'repeatable read' : 'read committed')
          .execute();
      };
      const end = async (at: number, how: string) => {
        const transaction = sessions[at] as Awaited<
          ReturnType<ReturnType<typeof database.db.startTransaction>['execute']>
        >;
        await (how === 'commit' ? transaction.commit() : transaction.rollback()).execute();
      };
      await open(1);
      await open(2);
      try {
        for (const move of given) {
          const db = sessions[move.in] ?? database.db;
          const layer = layers[move.in] ?? '';
          if ('principals' in move) await apply(db, { layer, principals: move.principals, known: true });
          else if ('layers' in move) {
            serial += 1;
            await sql`insert into acls (connection_id, layer_ids)
              select connection_id, array_fill(id, array[${serial}::int]) from acl_layers where source_id = ${layer}`.execute(
              db,
            );
          } else if ('ends' in move) {
            await end(move.in, move.ends);
            await open(move.in);
          } else await expectEqual(db);
        }
      } finally {
        await end(1, 'rollback');
        await end(2, 'commit');
      }
      await expectEqual(database.db);
      await database.db.deleteFrom('acls').execute();
    }),
    { numRuns: 15 },
  );
});

test('what the person loses here or there counts with the next statement, though no layer changed', async () => {
  const { db } = database;
  const viewer = await site.person('dora', ['g0']);
  await apply(db, { layer: 'l0', principals: ['group:g0'], known: true });
  await apply(db, { layer: 'l1', principals: ['user:dora'], known: true });
  await apply(db, { acl: ['l0'] });
  await apply(db, { acl: ['l1'] });
  const seen = async () => (await readable(db, viewer)).length;
  await sql`update atlassian_groups set members_state = 'known' where group_id = 'g0'`.execute(db);
  await sql`update connections set settings = '{}'`.execute(db);
  expect(await seen()).toBe(2);
  await sql`update atlassian_groups set members_state = 'unknown' where group_id = 'g0'`.execute(db);
  expect(await seen()).toBe(1);
  await sql`update atlassian_accounts set account_status = 'inactive' where account_id = 'dora'`.execute(db);
  expect(await seen()).toBe(0);
  await sql`update atlassian_accounts set account_status = 'active' where account_id = 'dora'`.execute(db);
  await sql`update atlassian_groups set members_state = 'known' where group_id = 'g0'`.execute(db);
  expect(await seen()).toBe(2);
  await sql`delete from group_members where account_id = 'dora'`.execute(db);
  expect(await seen()).toBe(1);
  await sql`delete from user_accounts where account_id = 'dora'`.execute(db);
  expect(await seen()).toBe(0);
});

test('the spaces of what stays readable stay known while other layers change and records move', async () => {
  const { db } = database;
  const viewer = await site.person('emil');
  await db.deleteFrom('acls').execute();
  await apply(db, { layer: 'l0', principals: ['user:emil'], known: true });
  await apply(db, { acl: ['l0'] });
  await apply(db, { acl: ['l1'] });
  await apply(db, { placed: 0, space: 7, record: 1 });
  const spaces = async () => {
    await readable(db, viewer);
    const row = await db
      .selectFrom('readable_sets')
      .select('space_ids')
      .where('user_id', '=', viewer.userId)
      .executeTakeFirst();
    return row?.space_ids;
  };
  expect(await spaces()).toEqual(['7']);
  await apply(db, { layer: 'l1', principals: ['user:emil', 'user:ada'], known: true });
  expect(await spaces()).toEqual(['7']);
  await apply(db, { placed: 1, space: 8, record: 2 });
  expect([...((await spaces()) ?? [])].sort()).toEqual(['7', '8']);
  await sql`update records set space_id = 9 where external_id = 'r1'`.execute(db);
  expect(await spaces()).toEqual(expect.arrayContaining(['8', '9']));
  await apply(db, { placed: 0, space: null, record: 3 });
  expect(await spaces()).toBe(null);
});

test('readings that find what is stored, other people and other words keep a set good', async () => {
  const { db } = database;
  const viewer = viewers[0] as ViewerId;
  await refreshReadable(db, viewer);
  await sql`update acl_layers set read_at = now(), principals = principals, reason = 'x'`.execute(db);
  await sql`update acls set layer_ids = layer_ids`.execute(db);
  await sql`insert into group_members values (${site.connectionId}, 'g0', 'carl')`.execute(db);
  await sql`update users set name = 'Another' where id = ${viewer.userId}`.execute(db);
  expect(await isFresh(db, viewer)).toBe(true);
  await apply(db, { layer: 'l0', principals: ['user:zoe'], known: true });
  expect(await isFresh(db, viewer)).toBe(false);
});

test('an open change leaves a set good for others, and its commit ends that', async () => {
  const { db } = database;
  const viewer = viewers[0] as ViewerId;
  const transaction = await db.startTransaction().execute();
  await apply(transaction, { layer: 'l1', principals: ['user:yan'], known: true });
  await refreshReadable(db, viewer);
  expect([await isFresh(db, viewer), await isFresh(transaction, viewer)]).toEqual([true, false]);
  // Nothing is kept by a transaction that changed something itself.
  expect(await refreshReadable(transaction, viewer)).toBe(false);
  await transaction.commit().execute();
  expect(await isFresh(db, viewer)).toBe(false);
});

test('sets older than the changes that were cleared away, or of another cluster, are not good', async () => {
  const { db } = database;
  const viewer = viewers[0] as ViewerId;
  await refreshReadable(db, viewer);
  // Each thousandth change clears away, unless a transaction of another test is as old: then the next does.
  for (let left = Infinity, thousands = 20; left > 1 && thousands < 200; thousands += 1) {
    await sql`select setval('access_changes_id_seq', ${thousands * 1_000 - 1}::bigint)`.execute(db);
    await apply(db, { layer: 'l2', principals: ['user:ada', `user:n${thousands}`], known: true });
    const { rows } = await sql<{ left: number }>`select count(*)::int as left from access_changes
      where id < ${thousands * 1_000 - 10_000}`.execute(db);
    left = rows[0]?.left ?? 0;
  }
  expect(await isFresh(db, viewer)).toBe(false);
  await expectEqual(db);
  expect(await isFresh(db, viewer)).toBe(true);
  await sql`update access_horizon set cluster = 1`.execute(db);
  expect(await isFresh(db, viewer)).toBe(false);
  await expectEqual(db);
  expect(await isFresh(db, viewer)).toBe(true);
});

test('after a truncation nothing kept before it is good', async () => {
  const { db } = database;
  const viewer = viewers[0] as ViewerId;
  await sql`insert into acls (connection_id, layer_ids) values (${site.connectionId}, ${idsOf(['l2'])})`.execute(
    db,
  );
  await expectEqual(db);
  await sql`truncate acls`.execute(db);
  expect(await isFresh(db, viewer)).toBe(false);
  await expectEqual(db);
});

test('a user who is gone leaves no set behind', async () => {
  const { db } = database;
  const viewer = await site.person('gone');
  await expectEqual(db);
  expect(await refreshReadable(db, viewer)).toBe(true);
  await sql`delete from users where id = ${viewer.userId}`.execute(db);
  expect(await readable(db, viewer)).toEqual([]);
  const { rows } = await sql`select from readable_sets where user_id = ${viewer.userId}`.execute(db);
  expect(rows).toEqual([]);
});
