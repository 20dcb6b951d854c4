import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { sql, type KyselyPlugin } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRun } from '../test/factories.ts';
import { addBrake, settleBrake } from './brakes.ts';
import { holdBack, loadShares, stillHeld } from './brake-shares.ts';
import { removeSettled } from './removals.ts';
import { noteSpacesVanished } from './vanished.ts';
import { vanishedToWeigh } from './vanished-read.ts';

jest.setTimeout(60_000);

/** A space of 20,000 pages, each with a comment, that is gone as a whole. */
const pages = 20_000;
const asOf = new Date('2026-03-01T10:00:00Z');

let database: TestDatabase;
let connectionId: string;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  connectionId = await makeConnection(db);
  runId = await makeRun(db, connectionId);
  await sql`
    with layer as (
      insert into acl_layers (connection_id, kind, source_id, state) values (${connectionId}, 'space', 'S', 'known')
      returning id),
    space as (
      insert into spaces (connection_id, external_id, key, name, type, status, layer_id)
      select ${connectionId}, 'S', 'S', 'Space', 'global', 'archived', id from layer returning id)
    insert into records (connection_id, external_id, kind, space_id, container_id, title, url, status, version, digest, synced_at)
    select ${connectionId}, made.id, made.kind, space.id, made.page, 'Title ' || made.id, '', 'current', 1, made.id,
      ${asOf}::timestamptz - interval '1 hour'
    from space, generate_series(1, ${pages}) n,
      lateral (values (n::text, 'page', null), ('c' || n, 'comment', n::text)) as made (id, kind, page)`.execute(
    db,
  );
  await sql`analyze records`.execute(db);
});
afterAll(() => database.close());

/** The most rows that a statement has given to this process. */
function watched(): { plugin: KyselyPlugin; most: () => number } {
  let most = 0;
  return {
    plugin: {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        most = Math.max(most, result.rows.length, Number(result.numAffectedRows ?? 0n));
        return result;
      },
    },
    most: () => most,
  };
}

const count = async (where = sql`true`) =>
  Number(
    (
      await sql<{ n: string }>`
        select count(*) as n from records r where connection_id = ${connectionId} and ${where}`.execute(
        database.db,
      )
    ).rows[0]?.n,
  );

test('a large space that is gone is hidden, weighed and removed in batches', async () => {
  const watch = watched();
  const db = database.db.withPlugin(watch.plugin);
  await noteSpacesVanished(db, { connectionId, runId }, ['S'], asOf);
  expect(await count(sql`state = 'pending'`)).toBe(pages);
  expect(watch.most()).toBe(5_000);

  let weighed = 0;
  for (let after = ''; ;) {
    const rows = await vanishedToWeigh(db, connectionId, {
      since: asOf,
      everything: false,
      after,
      limit: 1_000,
    });
    const last = rows.at(-1);
    if (last === undefined) break;
    weighed += rows.length;
    after = last.externalId;
  }
  expect(weighed).toBe(pages);
  await sql`update vanished set cause = 'space_archived', asked_at = ${asOf}`.execute(database.db);
  const scope = { since: asOf, leftOut: [] };
  expect(await loadShares(db, connectionId, scope)).toEqual({
    connection: { found: 2 * pages, total: 2 * pages },
    spaces: [{ externalId: 'S', found: 2 * pages, unexplained: 0, total: 2 * pages }],
  });

  const brake = { connectionId, runId, scope: 'connection', name: 'Whole' };
  const brakeId = await addBrake(db, brake);
  const held = await holdBack(db, connectionId, { ...scope, brakeId, space: null });
  expect(held).toMatchObject({ found: 2 * pages, causes: { space_archived: pages, container_gone: pages } });
  expect(held.sample).toHaveLength(20);
  expect(await stillHeld(db, connectionId, { id: brakeId, scope: 'connection' })).toEqual({
    found: 2 * pages,
    total: 2 * pages,
  });
  await settleBrake(db, { id: brakeId, connection_id: connectionId, scope: 'connection' }, 'confirmed', null);

  const target = { connectionId, runId };
  for (let left = 2 * pages; left > 0;) {
    const { records, places } = await removeSettled(db, target, { ...scope, limit: 500 });
    expect([records, places.length]).toEqual([1_000, 500]);
    left -= records;
  }
  expect([await count(), await removeSettled(db, target, { ...scope, limit: 500 })]).toEqual([
    0,
    { records: 0, places: [] },
  ]);
});
