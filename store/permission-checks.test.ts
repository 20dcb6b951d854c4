import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../test/factories.ts';
import { saveAccounts, saveGroupMembers, saveGroups } from './accounts.ts';
import { loadAccountPrincipals } from './account-principals.ts';
import { saveContentAccess } from './content-access.ts';
import { saveLayers } from './layers.ts';
import { loadPaths } from './path-layers.ts';
import {
  loadOpenChecks,
  resolveCheck,
  saveAgreed,
  saveDisagreement,
  saveUnanswered,
} from './permission-checks.ts';
import { loadComparisons } from './permission-comparison.ts';
import { listDisagreements } from './permission-disagreements.ts';
import { sampleAccounts, sampleItems } from './permission-samples.ts';
import { saveRecords } from './records.ts';
import { settleAccess } from './settle.ts';
import { saveSpaces } from './spaces.ts';

let database: TestDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const page = (externalId: string, parentId: string | null) => makeRecord(externalId, { parentId });

/** Page 1 with 2 below, restricted to ada; page 3 beside them. */
beforeEach(async () => {
  const { db } = database;
  const now = new Date();
  connectionId = await makeConnection(db);
  const runId = await makeRun(db, connectionId);
  const staff = { state: 'known' as const, principals: ['group:staff' as const] };
  await saveLayers(db, connectionId, [{ kind: 'product', sourceId: 'product', reading: staff }], now);
  const space = { externalId: 'S', key: 'S', name: 'S', type: 'global', status: 'current', url: '' };
  await saveSpaces(db, connectionId, runId, [{ ...space, homepageId: null }]);
  await saveLayers(db, connectionId, [{ kind: 'space', sourceId: 'S', reading: staff }], now);
  await saveRecords(db, connectionId, runId, [page('1', null), page('2', '1'), page('3', null)], now);
  const own = (externalId: string, restricted: boolean) => ({
    externalId,
    labels: [],
    restriction: restricted ? { state: 'known' as const, principals: ['user:ada' as const] } : null,
  });
  const access = [own('1', false), own('2', true), own('3', false)];
  await saveContentAccess(db, connectionId, runId, access, now);
  const account = { accountType: 'atlassian', accountStatus: 'active', guest: false, email: null };
  await saveAccounts(db, connectionId, [{ ...account, accountId: 'ada', displayName: 'Ada' }], now);
  const flags = { opensProduct: new Set(['staff']), administers: new Set<string>() };
  await saveGroups(db, connectionId, [{ groupId: 'staff', name: 'Staff' }], flags);
  await saveGroupMembers(db, connectionId, 'staff', ['ada'], now);
  await settleAccess(db, connectionId);
});

const shown = async () => {
  const { rows } = { rows: await sampleItems(database.db, connectionId, 100) };
  return rows.map(({ externalId }) => externalId).sort();
};
const disagree = (externalId: string, ours: boolean) =>
  database.db
    .transaction()
    .execute((trx) =>
      saveDisagreement(
        trx,
        connectionId,
        { accountId: 'ada', externalId, ours, theirs: !ours },
        [],
        [{ kind: 'content', sourceId: externalId }],
      ),
    );
const comparison = async () => (await loadComparisons(database.db, connectionId)).get(connectionId);

describe('a disagreement', () => {
  test('in which we were too open hides the page and what is below, until it is resolved', async () => {
    const { db } = database;
    expect(await shown()).toEqual(['1', '2', '3']);
    await disagree('1', true);
    expect(await shown()).toEqual(['3']);
    await settleAccess(db, connectionId);
    expect(await shown()).toEqual(['3']);
    expect(await comparison()).toMatchObject({ open: 1, hidden: 1, agreed: 0, compared: 1 });
    const [check] = await loadOpenChecks(db, connectionId, 10);
    await db.transaction().execute((trx) => resolveCheck(trx, connectionId, check!, 'Both say no.'));
    expect(await shown()).toEqual(['1', '2', '3']);
    expect(await comparison()).toMatchObject({ open: 0, hidden: 0, agreed: 0, compared: 1 });
    expect(await listDisagreements(db, connectionId, { state: null, after: null, limit: 9 })).toMatchObject([
      { state: 'resolved', title: 'Title 1', person: 'Ada', resolution: 'Both say no.' },
    ]);
  });

  test('in which we were too closed hides nothing', async () => {
    await disagree('1', false);
    expect(await shown()).toEqual(['1', '2', '3']);
    expect(await comparison()).toMatchObject({ open: 1, hidden: 0 });
  });

  test('is kept once, and asks for what led to it to be read again', async () => {
    await disagree('2', true);
    await disagree('2', true);
    expect(await loadOpenChecks(database.db, connectionId, 10)).toHaveLength(1);
    const due = await database.db
      .selectFrom('permission_due')
      .select(['kind', 'source_id'])
      .where('connection_id', '=', connectionId)
      .execute();
    expect(due).toEqual([{ kind: 'content', source_id: '2' }]);
  });

  test('about one person keeps the page hidden while one about another is open', async () => {
    const { db } = database;
    await disagree('1', true);
    await db
      .transaction()
      .execute((trx) =>
        saveDisagreement(
          trx,
          connectionId,
          { accountId: 'bob', externalId: '1', ours: true, theirs: false },
          [],
          [],
        ),
      );
    const [first, second] = await loadOpenChecks(db, connectionId, 10);
    await db.transaction().execute((trx) => resolveCheck(trx, connectionId, first!, ''));
    expect(await shown()).toEqual(['3']);
    await db.transaction().execute((trx) => resolveCheck(trx, connectionId, second!, ''));
    expect(await shown()).toEqual(['1', '2', '3']);
  });
});

test('the path of an item holds the layers that settling gives it, whether it is held or not', async () => {
  const { db } = database;
  await disagree('1', true);
  const paths = await loadPaths(db, connectionId, ['1', '2', '3', 'absent']);
  const kinds = (id: string) => paths.get(id)?.layers?.map(({ kind, sourceId }) => `${kind} ${sourceId}`);
  expect(kinds('1')).toEqual(['product product', 'space S']);
  expect(kinds('2')).toEqual(['product product', 'space S', 'content 2']);
  expect(paths.get('2')).toMatchObject({ places: ['2', '1'], spaceId: 'S' });
  expect(paths.has('absent')).toBe(false);
});

test('the path of an item below something that is not known is not known', async () => {
  const { db } = database;
  await db.updateTable('records').set({ state: 'pending' }).where('external_id', '=', '1').execute();
  expect((await loadPaths(db, connectionId, ['2'])).get('2')?.layers).toBeNull();
});

test('refusals are told until an answer comes', async () => {
  const { db } = database;
  const pair = { accountId: 'ada', externalId: '1', ours: true };
  await saveUnanswered(db, connectionId, pair, 'No right.');
  await saveUnanswered(db, connectionId, pair, 'Still no right.');
  expect(await comparison()).toMatchObject({ compared: 0, refusal: 'Still no right.' });
  await saveAgreed(db, connectionId, [{ ...pair, theirs: true }]);
  expect(await comparison()).toMatchObject({ compared: 1, agreed: 1, refusal: null });
});

test('people are drawn with what they hold', async () => {
  const { db } = database;
  const drawn = await sampleAccounts(db, connectionId, 10);
  expect(drawn).toEqual(['ada']);
  const held = (await loadAccountPrincipals(db, connectionId, drawn)).get('ada');
  expect(held).toEqual(
    new Set([
      'user:ada',
      'group:staff',
      'class:all-licensed-users',
      'class:authenticated-users',
      'class:anonymous-users',
    ]),
  );
});
