import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveContentAccess } from './content-access.ts';
import { saveLayers } from './layers.ts';
import { saveRecords, touchRecords } from './records.ts';
import { settleBelow } from './settle-below.ts';
import { settleAccess } from './settle.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const known = { state: 'known' as const, principals: ['user:ada' as const] };
const place = (externalId: string, parent: number | null, spaceId = 'S', status = 'current') => ({
  externalId,
  spaceId,
  parentId: parent === null ? null : `${parent}`,
  containerId: null,
  status,
  url: '',
});
const space = fc.constantFrom('S', 'S', 'S', 'S', 'T');
const status = fc.constantFrom('current', 'current', 'current', 'current', 'trashed');
const node = fc.record({
  parent: fc.option(fc.nat(9)),
  restricted: fc.boolean(),
  read: fc.boolean(),
  space,
  status,
});
const change = fc.oneof(
  fc.record({ at: fc.nat(9), moveTo: fc.option(fc.nat(9)), space, status }),
  fc.record({ at: fc.nat(9), restricted: fc.boolean() }),
  fc.record({ at: fc.nat(9), hold: fc.boolean() }),
);

test('settling below what changed gives everything the ACL that settling all of it would give', async () => {
  const { db } = database;
  await fc.assert(
    fc.asyncProperty(
      fc.array(node, { minLength: 1, maxLength: 10 }),
      fc.array(change, { maxLength: 6 }),
      async (nodes, changes) => {
        const connectionId = await makeConnection(db);
        const runId = await makeRun(db, connectionId);
        const layer = (kind: 'product' | 'space', sourceId: string) => ({ kind, sourceId, reading: known });
        await saveLayers(db, connectionId, [layer('product', 'product')], new Date());
        const spaces = ['S', 'T'].map((id) => ({
          externalId: id,
          key: id,
          name: id,
          homepageId: null,
          url: '',
        }));
        const kind = { type: 'global', status: 'current' };
        await saveSpaces(
          db,
          connectionId,
          runId,
          spaces.map((one) => ({ ...one, ...kind })),
        );
        const pages = nodes.map((one, index) =>
          makeRecord(`${index}`, place(`${index}`, one.parent, one.space, one.status)),
        );
        await saveRecords(db, connectionId, runId, pages, new Date());
        const comments = nodes.map((_, index) =>
          makeRecord(`c${index}`, { kind: 'comment', containerId: `${index}`, spaceId: null }),
        );
        await saveRecords(db, connectionId, runId, comments, new Date());
        const access = (index: number, restricted: boolean) => ({
          externalId: `${index}`,
          labels: [],
          restriction: restricted ? known : null,
        });
        const readings = nodes.flatMap(({ read, restricted }, index) =>
          read ? [access(index, restricted)] : [],
        );
        await saveContentAccess(db, connectionId, runId, readings, new Date());
        await settleAccess(db, connectionId);

        const touched = changes.filter(({ at }) => at < nodes.length);
        for (const one of touched) {
          if ('moveTo' in one)
            await touchRecords(
              db,
              connectionId,
              runId,
              [place(`${one.at}`, one.moveTo, one.space, one.status)],
              new Date(Date.now() + 1_000),
            );
          else if ('restricted' in one)
            await saveContentAccess(
              db,
              connectionId,
              runId,
              [access(one.at, one.restricted)],
              new Date(Date.now() + 1_000),
            );
          else if (one.hold)
            await db
              .insertInto('record_holds')
              .values({ connection_id: connectionId, external_id: `${one.at}`, reason: 'asked' })
              .onConflict((conflict) => conflict.doNothing())
              .execute();
        }
        const roots = touched.map(({ at }) => `${at}`);
        await db.transaction().execute((trx) => settleBelow(trx, connectionId, roots));
        const below = await acls(connectionId);
        await settleAccess(db, connectionId);
        expect(below).toEqual(await acls(connectionId));
      },
    ),
    { numRuns: 200 },
  );
});

async function acls(connectionId: string): Promise<Record<string, string | null>> {
  const rows = await database.db
    .selectFrom('records')
    .leftJoin('acls', 'acls.id', 'records.acl_id')
    .select(['external_id', 'layer_ids'])
    .where('records.connection_id', '=', connectionId)
    .orderBy('external_id')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.external_id, row.layer_ids?.join() ?? null]));
}
