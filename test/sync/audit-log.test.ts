import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createAskedAt } from '../../activities/asked-at.ts';
import { readAuditLog } from '../../activities/audit/read.ts';
import type { SyncContext } from '../../activities/context.ts';
import { createSiteOpener } from '../../activities/open-site.ts';
import { createAtlassianHttp, type AtlassianHttp } from '../../atlassian/http.ts';
import { createExtractor } from '../../extraction/extractor.ts';
import { createLogger } from '../../log.ts';
import { createSmallWorld, SMALL, smallPage } from '../../sandbox/world/small.ts';
import { findConnection } from '../../store/connections.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { startRun } from '../../store/runs.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const world = () => {
  const small = createSmallWorld();
  const second = { ...small.spaces[0]!, id: '1002', key: 'TWO', name: 'Two' };
  return {
    ...small,
    spaces: [...small.spaces, second],
    content: [...small.content, smallPage('3001', { title: 'Top', spaceId: '1002' })],
  };
};

const log = createLogger('silent');
let harness: SyncHarness;
let http: AtlassianHttp;
beforeAll(async () => {
  harness = await createSyncHarness({ world: world() });
  http = createAtlassianHttp({ gatewayUrl: harness.sandbox.url, allowedPrivateHosts: [], log });
});
afterAll(async () => {
  await http.close();
  await harness.close();
});

/** A connection that has been read whole, and one reading of the audit log after another. */
async function open() {
  const { database, sandbox, key } = harness;
  const { db } = database;
  sandbox.context.store.replace(world());
  const { connectionId, sync } = await harness.connect({ world: world() });
  await sync();
  const connection = await findConnection(db, connectionId);
  if (connection === undefined) throw new Error('The connection is gone.');
  const opener = createSiteOpener({ db, http, cipher: createCipher(keyProviderFromKey(key)) });
  const lines = (runId: string) =>
    db.selectFrom('sync_log').select(['level', 'message']).where('run_id', '=', runId).execute();
  return {
    store: sandbox.context.store,
    /** Reads the log in a run of its own; what its log was told. */
    async read() {
      const { id: runId } = await db
        .insertInto('sync_runs')
        .values({ connection_id: connectionId, kind: 'permissions' })
        .returning('id')
        .executeTakeFirstOrThrow();
      await startRun(db, runId);
      const site = await opener(connection, new AbortController().signal);
      const askedAt = await createAskedAt(db);
      const context: SyncContext = {
        connectionId,
        runId,
        db,
        log,
        connection,
        askedAt,
        extractor: createExtractor(),
        ...site,
        checkpointReached() {},
      };
      await readAuditLog(context);
      await site.close();
      await db.updateTable('sync_runs').set({ state: 'succeeded' }).where('id', '=', runId).execute();
      return lines(runId);
    },
    /** What is due since the last look. */
    async due() {
      const rows = await db
        .deleteFrom('permission_due')
        .returningAll()
        .where('connection_id', '=', connectionId)
        .execute();
      return rows
        .map(({ kind, source_id: id, since }) => ({ kind, id, since }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    stored: () =>
      db
        .selectFrom('confluence_audit')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .orderBy('id')
        .execute(),
    state: () =>
      db
        .selectFrom('permission_freshness')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .executeTakeFirstOrThrow(),
  };
}

let site: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  harness.sandbox.context.faults.clear();
  site = await open();
});

const dueIds = async () => (await site.due()).map(({ kind, id }) => `${kind} ${id}`);

test('a restriction makes its page due, from the moment when it was made, and only once', async () => {
  await site.read();
  site.store.setRestriction('2002', 'read', { users: [SMALL.mia] });
  await site.read();
  const at = new Date(site.store.audit().at(-1)!.creationDate);
  expect(await site.due()).toEqual([{ kind: 'content', id: '2002', since: at }]);
  await site.read();
  expect(await site.due()).toEqual([]);
  expect(await site.stored()).toMatchObject([
    { at, summary: 'Content restriction added', object: 'Mia', object_type: 'User', author_id: SMALL.admin },
  ]);
});

test('of two pages with one title the one in the named space is due; where no space is named, both are', async () => {
  site.store.setRestriction('3001', 'read', { users: [SMALL.mia] });
  await site.read();
  expect(await dueIds()).toEqual(['content 3001']);
  site.store.addAudit({
    summary: 'Content restriction removed',
    affectedObject: { name: 'Top', objectType: 'Page' },
  });
  await site.read();
  expect(await dueIds()).toEqual(['content 2001', 'content 3001']);
  site.store.addAudit({
    summary: 'Content restriction removed',
    affectedObject: { name: 'Top', objectType: 'Page' },
    associatedObjects: [{ name: 'A space where no page of this title is', objectType: 'Space' }],
  });
  await site.read();
  expect(await dueIds()).toEqual(['content 2001', 'content 3001']);
});

test('a page that was renamed since is due by the title that is stored, or by a record of the new one', async () => {
  site.store.setRestriction('2003', 'read', { users: [SMALL.mia] });
  site.store.updateContent('2003', { title: 'Renamed' });
  await site.read();
  expect(await dueIds()).toEqual(['content 2003']);
  // Now the other way round: the stored title is the later one.
  site.store.setBehaviour({ auditLog: { titles: true } });
  site.store.setRestriction('2002', 'read', { users: [SMALL.mia] });
  site.store.updateContent('2002', { title: 'Leaf' });
  await site.read();
  expect(await dueIds()).toEqual(['content 2002', 'content 2003']);
});

test('members, spaces, groups and people are due where they changed', async () => {
  site.store.addMember(SMALL.team, SMALL.noah);
  site.store.setSpacePermissions('1002', []);
  site.store.deactivatePerson(SMALL.mia);
  await site.read();
  expect(await dueIds()).toEqual(['space 1002', `account ${SMALL.mia}`, 'group grp-team']);
  site.store.changeSite({ anonymousAccess: true });
  await site.read();
  expect(await dueIds()).toEqual(['product product']);
});

test('what has been read since the change is not due', async () => {
  const anHourAgo = Date.now() - 3_600_000;
  site.store.addAudit({
    summary: 'Content restriction added',
    creationDate: anHourAgo,
    affectedObject: { name: 'Middle', objectType: 'Page' },
  });
  await site.read();
  expect(await dueIds()).toEqual([]);
  expect(await site.stored()).toHaveLength(1);
});

test('names that fit nothing, or too much, are told to the run and left to the regular re-reading', async () => {
  await site.read();
  site.store.addAudit({
    summary: 'Content restriction added',
    affectedObject: { name: 'Nowhere', objectType: 'Page' },
  });
  expect(await site.read()).toEqual([
    {
      level: 'info',
      message:
        'Names in the audit log that fit nothing stored here, so what they mean is read in its turn: 1 ("Nowhere").',
    },
  ]);
  expect(await dueIds()).toEqual([]);
});

test('two equal records of one moment are two, however often they are read', async () => {
  const record = { summary: 'User added to group', creationDate: Date.now() };
  site.store.addAudit(record);
  site.store.addAudit(record);
  await site.read();
  await site.read();
  expect(await site.stored()).toHaveLength(2);
});

test('a record that appears up to an hour after the time that it bears is still found', async () => {
  await site.read();
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
  site.store.addAudit({ summary: 'Late', creationDate: minutesAgo(55) });
  site.store.addAudit({ summary: 'Too late', creationDate: minutesAgo(65) });
  await site.read();
  expect((await site.stored()).map(({ summary }) => summary)).toEqual(['Late']);
});

test('a change that is told late is due all the same', async () => {
  site.store.setBehaviour({ auditLog: { lagSeconds: 1_800 } });
  site.store.setRestriction('2002', 'read', { users: [SMALL.mia] });
  await site.read();
  expect(await dueIds()).toEqual([]);
  site.store.setBehaviour({ auditLog: {} });
  await site.read();
  expect(await dueIds()).toEqual(['content 2002']);
});

test('where the log may not be read the run is told once, with the remedy, and does not fail', async () => {
  site.store.setBehaviour({ auditLog: { refused: true } });
  const told = await site.read();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('Confluence Administrator'),
  });
  expect(await site.state()).toMatchObject({ audit_state: 'refused', audit_high_water: null });
  expect(await site.read()).toEqual([]);
  site.store.setBehaviour({ auditLog: {} });
  expect(await site.read()).toEqual([
    { level: 'info', message: "Confluence's audit log can be read again." },
  ]);
  expect(await site.state()).toMatchObject({ audit_state: 'readable', audit_message: null });
});

test('a missing scope is told apart from a missing permission', async () => {
  harness.sandbox.context.faults.add({
    match: { path: '/rest/api/audit' },
    action: {
      kind: 'status',
      status: 401,
      body: { code: 401, message: 'Unauthorized; scope does not match' },
    },
  });
  await site.read();
  expect((await site.state()).audit_message).toMatch(/scope read:audit-log:confluence.*reauthenticate/s);
});

test('more news than one small answer holds is read to its end', async () => {
  await site.read();
  for (let n = 0; n < 250; n += 1) site.store.addAudit({ summary: `Change ${n}` });
  await site.read();
  expect(new Set((await site.stored()).map(({ summary }) => summary)).size).toBe(250);
  expect(await site.stored()).toHaveLength(250);
});
