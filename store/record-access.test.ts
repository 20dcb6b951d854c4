import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Principal } from '../permissions/types.ts';
import { searchRecords } from '../search/search.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { loadObstacles } from './explain-item.ts';
import { loadRecordAccesses } from './record-access.ts';
import { listRecords } from './records-read.ts';
import { settleAccess } from './settle.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const principal = fc.constantFrom<Principal>(
  'user:ada',
  'user:bob',
  'group:staff',
  'group:lost',
  'class:all-licensed-users',
  'class:authenticated-users',
  'class:guests',
);
const reading = fc.option(fc.uniqueArray(principal, { maxLength: 3 }), { nil: 'unknown' as const, freq: 6 });
/** Most places admit, or nobody would ever see anything. */
const admitting = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Principal[]>(['group:staff', 'user:bob']) },
  { weight: 1, arbitrary: reading },
);
const rarely = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const world = fc.record({
  status: rarely('active', 'disabled', 'draft', 'disconnecting'),
  product: admitting,
  space: admitting,
  opensProduct: fc.boolean(),
  lostKnown: fc.boolean(),
  guest: fc.boolean(),
  pages: fc.array(
    fc.record({
      parent: fc.oneof(fc.constant(-1), fc.integer({ min: -1, max: 6 })),
      restriction: fc.option(reading, { nil: 'none' as const, freq: 2 }),
      read: rarely(true, false),
      held: rarely(false, true),
      status: rarely('current', 'archived'),
      elsewhere: rarely(false, true),
      state: rarely<'indexed' | 'pending' | 'filtered' | 'failed' | 'manual'>(
        'indexed',
        'pending',
        'filtered',
        'failed',
        'manual',
      ),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** A site as a sync writes it, settled. Records by the number of their page; each has a comment, `c` before the number. */
async function build(given: World) {
  const { db } = database;
  await sql`delete from users`.execute(db);
  await sql`delete from connections`.execute(db);
  const site = await createSampleSite(db);
  const { connectionId } = site;
  const layerOf = async (kind: string, sourceId: string, read: Principal[] | 'unknown') => {
    const { rows } = await sql<{ id: string }>`
      insert into acl_layers (connection_id, kind, source_id, state, principals, reason)
      values (${connectionId}, ${kind}, ${sourceId}, ${read === 'unknown' ? 'unknown' : 'known'},
        ${read === 'unknown' ? [] : read}::text[], ${read === 'unknown' ? 'Atlassian answered 403' : null})
      on conflict (connection_id, kind, source_id) do update
      set state = excluded.state, principals = excluded.principals, reason = excluded.reason returning id`.execute(
      db,
    );
    return rows[0]?.id ?? '';
  };
  await layerOf('product', 'product', given.product);
  const spaceId = await site.space('TEAM');
  await sql`update spaces set layer_id = ${await layerOf('space', 'space-TEAM', given.space)} where id = ${spaceId}`.execute(
    db,
  );
  await sql`update spaces set layer_id = ${await layerOf('space', 'space-OPS', ['group:staff'])}
    where id = ${await site.space('OPS')}`.execute(db);
  const ada = await site.person('ada', ['staff', 'lost']);
  await sql`update atlassian_accounts set guest = ${given.guest}`.execute(db);
  await sql`update atlassian_groups set opens_product = ${given.opensProduct} where group_id = 'staff'`.execute(
    db,
  );
  await sql`update atlassian_groups set members_state = ${given.lostKnown ? 'known' : 'unknown'} where group_id = 'lost'`.execute(
    db,
  );
  const ids = new Map<string, string>();
  for (const [index, page] of given.pages.entries()) {
    const name = String(index);
    const parent = page.parent === -1 ? {} : { parent: String(page.parent) };
    ids.set(name, await site.record(name, { text: 'zebra', layers: null, state: page.state, ...parent }));
    await sql`update records set status = ${page.status},
        space_id = ${page.elsewhere ? await site.space('OPS') : spaceId}
      where connection_id = ${connectionId} and external_id = ${name}`.execute(db);
    const comment = { kind: 'comment' as const, title: '', container: name, text: 'zebra', layers: null };
    ids.set(`c${name}`, await site.record(`c${name}`, comment));
    if (page.read) {
      const layerId = page.restriction === 'none' ? null : await layerOf('content', name, page.restriction);
      await sql`insert into content_access (connection_id, external_id, layer_id)
        values (${connectionId}, ${name}, ${layerId})`.execute(db);
    }
    if (page.held)
      await sql`insert into record_holds (connection_id, external_id, reason)
        values (${connectionId}, ${name}, 'They disagree.')`.execute(db);
  }
  await settleAccess(db, connectionId);
  await sql`update connections set status = ${given.status} where id = ${connectionId}`.execute(db);
  return { connectionId, viewer: ada, ids };
}

test('the verdict is that of search and of records, and the layer that it names truly refuses', async () => {
  const { db } = database;
  let [seen, refused, obstructed] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const { viewer, ids } = await build(given);
      const all = [...ids.values()];
      const accesses = await loadRecordAccesses(db, all, viewer);
      const obstacles = await loadObstacles(db, all);
      const found = await searchRecords(db, viewer, { q: 'zebra', limit: 50 });
      const listed = await listRecords(db, {
        viewer,
        everything: false,
        conditions: [],
        after: null,
        limit: 50,
      });
      const visible = all.filter((id) => accesses.get(id)?.visible);
      expect(visible.toSorted()).toEqual(found.hits.map((hit) => hit.id).toSorted());
      expect(visible.toSorted()).toEqual(listed.rows.map((row) => row.id).toSorted());
      expect(accesses.size).toBe(all.length);
      const named: { id: string; held: string[] }[] = [];
      for (const id of all) {
        const access = accesses.get(id);
        if (access === undefined) throw new Error(`Nothing is told of record ${id}.`);
        const refusing = access.layers.filter((layer) => !layer.admitted);
        const hiding = (obstacles.get(id) ?? []).filter((obstacle) => obstacle.hides);
        // Whatever is hidden has a cause that can be named, and what is seen has none.
        expect([id, access.visible]).toEqual([
          id,
          refusing.length === 0 && hiding.length === 0 && access.layers.length > 0,
        ]);
        expect(hiding.map(({ code }) => code)).not.toContain('not_settled');
        const held = [...(access.holdings?.principals ?? [])];
        for (const { layer } of refusing) named.push({ id: layer.id, held });
        if (access.visible) seen += 1;
        else if (hiding.length > 0) obstructed += 1;
        else refused += 1;
      }
      const { rows } = await sql<{ id: string }>`
        select l.id from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as n (id bigint, held jsonb)
        join acl_layers l on l.id = n.id
        where l.state = 'known' and exists (select from jsonb_array_elements_text(n.held) h where h = any(l.principals))`.execute(
        db,
      );
      expect(rows).toEqual([]);
    }),
    { numRuns: 60 },
  );
  // The worlds are not all alike.
  expect(Math.min(seen, refused, obstructed)).toBeGreaterThan(10);
}, 120_000);
