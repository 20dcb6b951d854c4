import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { canSee } from '../permissions/can-see.ts';
import { principalsOf } from '../permissions/principals.ts';
import type { Layer, Principal } from '../permissions/types.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts, saveGroupMembers, saveGroups } from './accounts.ts';
import { saveLayers } from './layers.ts';
import { loadReadableAcls } from './visibility.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const groupIds = ['g0', 'g1', 'g2'];
const principal = fc.constantFrom<Principal>(
  'user:ada',
  'user:bob',
  ...groupIds.map((id): Principal => `group:${id}`),
  'class:all-licensed-users',
  'class:guests',
  'class:authenticated-users',
  'class:anonymous-users',
  'class:all-product-admins',
  'class:jsm-project-admins',
);

const world = fc.record({
  active: fc.boolean(),
  guest: fc.boolean(),
  groups: fc.tuple(
    ...groupIds.map((id) =>
      fc.record({
        id: fc.constant(id),
        member: fc.boolean(),
        known: fc.boolean(),
        opensProduct: fc.boolean(),
        administers: fc.boolean(),
      }),
    ),
  ),
  layers: fc.array(fc.record({ known: fc.boolean(), principals: fc.uniqueArray(principal) }), {
    minLength: 1,
    maxLength: 5,
  }),
  acls: fc.array(fc.uniqueArray(fc.nat(4), { maxLength: 4 }), { maxLength: 6 }),
});

test('the SQL finds exactly the ACLs that the pure decision admits', async () => {
  const { db } = database;
  await fc.assert(
    fc.asyncProperty(world, async ({ active, guest, groups, layers, acls }) => {
      const connectionId = await makeConnection(db);
      const email = `${connectionId}@example.com`;
      const userId = await makeUser(db, email);
      await saveAccounts(
        db,
        connectionId,
        [
          {
            accountId: 'ada',
            displayName: 'Ada',
            email,
            accountType: 'atlassian',
            accountStatus: active ? 'active' : 'inactive',
            guest,
          },
        ],
        new Date(),
      );
      const access = (key: 'opensProduct' | 'administers') =>
        new Set(groups.filter((group) => group[key]).map((group) => group.id));
      await saveGroups(
        db,
        connectionId,
        groups.map((group) => ({ groupId: group.id, name: group.id })),
        {
          opensProduct: access('opensProduct'),
          administers: access('administers'),
        },
      );
      for (const group of groups) {
        await saveGroupMembers(db, connectionId, group.id, group.member ? ['ada'] : [], new Date());
        // A list that was known and then could not be read: its members stay stored, and count for nothing.
        if (!group.known) await saveGroupMembers(db, connectionId, group.id, null, new Date());
      }
      const ids = await saveLayers(
        db,
        connectionId,
        layers.map((layer, index) => ({
          kind: 'content' as const,
          sourceId: String(index),
          reading: layer.known
            ? { state: 'known' as const, principals: layer.principals }
            : { state: 'unknown' as const, reason: 'x', principals: [] as [] },
        })),
        new Date(),
      );
      const held = principalsOf({
        accountId: 'ada',
        active,
        guest,
        groups: groups.filter((one) => one.member && one.known),
      });
      const expected: string[] = [];
      for (const acl of new Set(
        acls.map((parts) => JSON.stringify(parts.filter((part) => part < layers.length))),
      )) {
        const parts = JSON.parse(acl) as number[];
        const layerIds = parts.map((part) => ids.get(String(part)) ?? '');
        const { rows } = await sql<{ id: string }>`insert into acls (connection_id, layer_ids)
          values (${connectionId}, ${layerIds}::bigint[]) returning id`.execute(db);
        const pure = parts.map((part): Layer => ({
          id: String(part),
          kind: 'content',
          sourceId: String(part),
          state: layers[part]?.known === true ? 'known' : 'unknown',
          principals: layers[part]?.principals ?? [],
        }));
        if (canSee(held, pure)) expected.push(rows[0]?.id ?? '');
      }
      expect((await loadReadableAcls(db, { userId })).sort()).toEqual(expected.sort());
    }),
    { numRuns: 60 },
  );
});
