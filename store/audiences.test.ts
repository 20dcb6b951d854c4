import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { belongsTo } from '../permissions/audience.ts';
import { principalsOf } from '../permissions/principals.ts';
import type { Layer, Principal } from '../permissions/types.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeUser } from '../test/factories.ts';
import { saveAccounts, saveGroupMembers, saveGroups } from './accounts.ts';
import { audienceAcls, listAudienceNames } from './audiences.ts';
import { saveLayers } from './layers.ts';
import type { ViewerId } from './viewer-accounts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const groupIds = ['g0', 'g1', 'g2'];
const people = ['ada', 'bob', 'cem'];
const principal = fc.constantFrom<Principal>(
  'user:ada',
  ...groupIds.map((id): Principal => `group:${id}`),
  'class:all-licensed-users',
  'class:guests',
  'class:authenticated-users',
  'class:anonymous-users',
  'class:all-product-admins',
);
const world = fc.record({
  people: fc.tuple(
    ...people.map((id) =>
      fc.record({
        id: fc.constant(id),
        status: fc.constantFrom('active', 'active', 'active', 'inactive', 'unknown'),
        guest: fc.boolean(),
        groups: fc.uniqueArray(fc.constantFrom(...groupIds)),
      }),
    ),
  ),
  groups: fc.tuple(
    ...groupIds.map((id) =>
      fc.record({
        id: fc.constant(id),
        known: fc.constantFrom(true, true, true, false),
        opensProduct: fc.boolean(),
        administers: fc.boolean(),
      }),
    ),
  ),
  layers: fc.array(
    fc.record({ known: fc.constantFrom(true, true, true, false), principals: fc.uniqueArray(principal) }),
    { minLength: 1, maxLength: 4 },
  ),
  acls: fc.array(fc.uniqueArray(fc.nat(3), { maxLength: 3 }), { maxLength: 6 }),
  audience: fc.uniqueArray(fc.constantFrom(...groupIds), { minLength: 1 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Stores a drawn world; the ids of its ACLs in order. */
async function store(connectionId: string, drawn: World): Promise<{ layers: Layer[][]; ids: string[] }> {
  const { db } = database;
  const now = new Date();
  const accounts = drawn.people.map(({ id, status, guest }) => ({
    accountId: id,
    displayName: id,
    email: null,
    accountType: 'atlassian',
    accountStatus: status,
    guest,
  }));
  await saveAccounts(db, connectionId, accounts, now);
  const having = (key: 'opensProduct' | 'administers') =>
    new Set(drawn.groups.filter((group) => group[key]).map((group) => group.id));
  await saveGroups(
    db,
    connectionId,
    drawn.groups.map(({ id }) => ({ groupId: id, name: id })),
    { opensProduct: having('opensProduct'), administers: having('administers') },
  );
  for (const { id, known } of drawn.groups) {
    const members = drawn.people.filter((person) => person.groups.includes(id)).map((person) => person.id);
    await saveGroupMembers(db, connectionId, id, members, now);
    if (!known) await saveGroupMembers(db, connectionId, id, null, now);
  }
  const stored: Layer[] = [];
  for (const [index, { known, principals }] of drawn.layers.entries()) {
    const kind = index === 0 ? 'product' : index === 1 ? 'space' : 'content';
    const layer = { kind, sourceId: String(index), reading: { state: 'known', principals } } as const;
    const id = (await saveLayers(db, connectionId, [layer], now)).get(layer.sourceId) ?? '';
    const state = known ? 'known' : 'unknown';
    // What is not known admits nobody, even where something of an earlier reading still stands beside it.
    await db.updateTable('acl_layers').set({ state }).where('id', '=', id).execute();
    stored.push({ id, kind, sourceId: layer.sourceId, state, principals });
  }
  const acls = [
    ...new Map(drawn.acls.map((acl) => [acl.filter((at) => at < stored.length).join(), acl])).values(),
  ];
  const of = acls.map((acl) => acl.flatMap((at) => stored[at] ?? []));
  const ids: string[] = [];
  for (const each of of) {
    const { rows } = await sql<{ id: string }>`insert into acls (connection_id, layer_ids)
      values (${connectionId}, ${each.map((layer) => layer.id)}::bigint[]) returning id`.execute(db);
    ids.push(rows[0]?.id ?? '');
  }
  return { layers: of, ids };
}

async function setAudiences(connectionId: string, audiences: Record<string, string[]>): Promise<void> {
  await database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ permissions: { audiences } }) })
    .where('id', '=', connectionId)
    .execute();
}

async function found(...given: Parameters<typeof audienceAcls>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${audienceAcls(...given)} acl`.execute(
    database.db,
  );
  return rows.map((row) => row.id).sort();
}

test('the SQL finds exactly the ACLs that the pure rule gives to an audience', async () => {
  let belonging = 0;
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const connectionId = await makeConnection(database.db);
      const { layers, ids } = await store(connectionId, drawn);
      await setAudiences(connectionId, { [connectionId]: drawn.audience });
      const heldBy = (id: string) => {
        const person = drawn.people.find((one) => one.id === id);
        const groups = drawn.groups.filter((one) => one.known && person?.groups.includes(one.id) === true);
        return principalsOf({
          accountId: id,
          active: person?.status === 'active',
          guest: person?.guest === true,
          groups,
        });
      };
      const groups = drawn.groups
        .filter(({ id }) => drawn.audience.includes(id))
        .map(({ id, known }) => ({
          id,
          known,
          members: drawn.people
            .filter((person) => person.groups.includes(id) && person.status !== 'inactive')
            .map((person) => heldBy(person.id)),
        }));
      const expected = ids.filter((_id, at) => belongsTo(groups, layers[at] ?? null)).sort();
      belonging += expected.length;
      expect(await found([connectionId.toUpperCase()])).toEqual(expected);
    }),
    { numRuns: 150 },
  );
  expect(belonging).toBeGreaterThan(20);
});

/** Two audiences, `Legal` of g0 (ada) and `Board` of g1 (bob), each with an ACL of its own. */
async function twoAudiences() {
  const { db } = database;
  await db.deleteFrom('connections').execute();
  const connectionId = await makeConnection(db);
  const drawn: World = {
    people: [
      { id: 'ada', status: 'active', guest: false, groups: ['g0'] },
      { id: 'bob', status: 'active', guest: false, groups: ['g1'] },
      { id: 'cem', status: 'active', guest: false, groups: [] },
    ],
    groups: groupIds.map((id) => ({ id, known: true, opensProduct: true, administers: false })),
    layers: [
      { known: true, principals: groupIds.map((id): Principal => `group:${id}`) },
      { known: true, principals: ['group:g0'] },
      { known: true, principals: ['group:g1'] },
    ],
    acls: [
      [0, 1],
      [0, 2],
    ],
    audience: ['g0'],
  };
  const { ids } = await store(connectionId, drawn);
  await setAudiences(connectionId, { Legal: ['g0'], Board: ['g1'] });
  const person = async (account: string, role: 'administrator' | 'member' = 'member'): Promise<ViewerId> => {
    const userId = await makeUser(db, `${account}-${connectionId}@example.com`, { role });
    await sql`delete from user_accounts where account_id = ${account}`.execute(db);
    await sql`insert into user_accounts (user_id, account_id, source) values (${userId}, ${account}, 'grant')`.execute(
      db,
    );
    return { userId };
  };
  return { connectionId, person, legal: ids[0] ?? '', board: ids[1] ?? '' };
}

test('a member finds by an audience of his or her own, and another is as if it did not exist', async () => {
  const { person, legal, board } = await twoAudiences();
  const ada = await person('ada');
  expect(await listAudienceNames(database.db, ada)).toEqual(['Legal']);
  expect(await found(['legal'], { viewer: ada })).toEqual([legal]);
  expect(await found(['board'], { viewer: ada })).toEqual([]);
  expect(await found(['board'])).toContain(board);
  expect(await listAudienceNames(database.db, await person('cem'))).toEqual([]);
});

test('an administrator knows every audience', async () => {
  const { person, board } = await twoAudiences();
  const administrator = await person('cem', 'administrator');
  expect(await listAudienceNames(database.db, administrator)).toEqual(
    expect.arrayContaining(['Board', 'Legal']),
  );
  expect(await found(['Board'], { viewer: administrator })).toContain(board);
});

test('a person who leaves the group leaves the audience', async () => {
  const { connectionId, person } = await twoAudiences();
  const ada = await person('ada');
  await saveGroupMembers(database.db, connectionId, 'g0', [], new Date());
  expect(await listAudienceNames(database.db, ada)).toEqual([]);
  expect(await found(['legal'], { viewer: ada })).toEqual([]);
});
