import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createSmallWorld, SMALL } from '../../sandbox/world/small.ts';
import { audienceAcls } from '../../store/audiences.ts';
import { findActingUser } from '../../store/group-roles.ts';
import { makeUser } from '../factories.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const { mia, noah } = SMALL;
let harness: SyncHarness;
let groupId: string;
let users: { mia: string; noah: string };

/** A group of the site that no layer names: only the settings make it matter. */
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld() });
  const { db } = harness.database;
  groupId = harness.sandbox.context.store.addGroup({
    id: 'ops-group',
    name: 'operations',
    members: [mia],
  }).id;
  users = { mia: await makeUser(db, 'm@example.com'), noah: await makeUser(db, 'n@example.com') };
  await db
    .insertInto('user_accounts')
    .values([
      { user_id: users.mia, account_id: mia, source: 'grant' },
      { user_id: users.noah, account_id: noah, source: 'grant' },
    ])
    .execute();
  await db
    .updateTable('connections')
    .set({
      settings: JSON.stringify({
        permissions: {
          groupRoles: { [groupId]: 'administrator' },
          audiences: { Staff: [SMALL.users], Nobody: [groupId] },
        },
      }),
    })
    .execute();
}, 60_000);
afterAll(() => harness.close());

const roleOf = async (name: 'mia' | 'noah') => (await findActingUser(harness.database.db, users[name]))?.role;
const audience = async (name: string) => {
  const { rows } = await sql`select id from ${audienceAcls([name])} acl`.execute(harness.database.db);
  return rows.length;
};

test('a role by group follows the membership from sync to sync, whichever kind reads it', async () => {
  const { store } = harness.sandbox.context;
  expect(await roleOf('mia')).toBe('member');
  expect((await harness.sync('full')).state).toBe('succeeded');
  expect([await roleOf('mia'), await roleOf('noah')]).toEqual(['administrator', 'member']);
  expect(await audience('staff')).toBeGreaterThan(0);
  expect(await audience('nobody')).toBe(0);

  store.addMember(groupId, noah);
  store.removeMember(groupId, mia);
  expect((await harness.sync('permissions')).state).toBe('succeeded');
  expect([await roleOf('mia'), await roleOf('noah')]).toEqual(['member', 'administrator']);

  store.removeGroup(groupId);
  expect((await harness.sync('full')).state).toBe('succeeded');
  expect([await roleOf('mia'), await roleOf('noah')]).toEqual(['member', 'member']);
  expect(await audience('staff')).toBeGreaterThan(0);
}, 120_000);
