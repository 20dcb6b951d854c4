import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createLogger } from '../../log.ts';
import { saveRecords } from '../../store/records.ts';
import { saveSpaces } from '../../store/spaces.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection, makeRecord, makeRun } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { createScopePreviewService } from '../services/scope-preview.ts';
import type { ReadSite } from '../services/site-reader.ts';

let server: TestServer;
let admin: BrowserSession;
let id: string;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
});
afterAll(() => server.close());

/** A synced connection with thirty pages in one space, five of them labelled. */
beforeEach(async () => {
  const { db } = server.database;
  await db.deleteFrom('connections').execute();
  id = await makeConnection(db);
  await db.updateTable('connections').set({ authorized_at: new Date() }).where('id', '=', id).execute();
  const runId = await makeRun(db, id);
  const space = { externalId: 'S', key: 'DOCS', name: 'Docs', type: 'global', status: 'current' };
  await saveSpaces(db, id, runId, [{ ...space, homepageId: null, url: '' }]);
  const pages = Array.from({ length: 30 }, (_, n) =>
    makeRecord(String(100 + n), {
      title: n === 7 ? '<b>Hostile</b>' : `Page ${n}`,
      labels: n < 5 ? ['keep'] : [],
      url: `https://test.atlassian.net/wiki/${n}`,
    }),
  );
  await saveRecords(db, id, runId, pages, new Date());
  await sql`update sync_runs set state = 'succeeded', finished_at = now() where id = ${runId}`.execute(db);
});

const path = () => `/connections/${id}/configure`;
const onlyKept = { filtersShown: '1', labels: 'keep', labelsOperator: 'in', 'contentTypes-page': 'on' };
/** The form as it is, with other filters. */
const form = (change: Record<string, string> = onlyKept) => ({
  strategy: 'manual',
  'indexing-pages': 'on',
  'indexing-blogposts': 'on',
  contentTypesOperator: 'in',
  version: '1',
  ...change,
});

test('the form is compared with what is stored, saved from there, or edited on', async () => {
  const page = await admin.post(`${path()}/preview`, form());
  expect(page.status).toBe(200);
  const text = page.text.replaceAll(/\s+/g, ' ');
  expect(text).toContain('Nothing is saved yet');
  expect(text).toContain('25 of 30 records (83 %) would leave the search');
  expect(text).toContain('the filter of labels: 25 records');
  expect(text).toContain('&lt;b>Hostile&lt;/b>');
  expect(text).toContain('Save these settings');
  expect(text).toMatch(/name="labels" value="keep"/);
  const stored = await server.services.connections.get(await administrator(), id);
  expect(stored.settings.filters).toBeUndefined();

  const back = await admin.get(path());
  expect(back.text).toContain('keep');
  expect(back.text).toContain('This is what you entered and did not save yet.');

  const again = await admin.get(`${path()}/preview`);
  expect([again.status, again.headers['location']]).toEqual([303, path()]);
});

test('what cannot be understood leads back to the form, with words', async () => {
  const answer = await admin.post(`${path()}/preview`, form({ ...onlyKept, labels: 'two words?' }));
  expect(answer.status).toBe(303);
  expect((await admin.get(path())).text).toContain('This cannot be compared yet.');
});

test('the API tells the same, by settings, and refuses what is none', async () => {
  const { preview } = server.services.scopePreview;
  const actor = await administrator();
  const told = await preview(actor, id, { filters: { labels: { operator: 'in', values: ['keep'] } } });
  expect(told).toMatchObject({
    complete: true,
    stored: { added: 0, removed: 25, kept: 5, leftOut: 0 },
    kinds: [{ kind: 'page', removed: 25 }],
    removedBy: [{ reason: 'labels', records: 25 }],
    site: { state: 'not_needed' },
    synced: true,
  });
  expect(told.samples.removed).toHaveLength(10);
  expect(told.samples.removed[0]).toMatchObject({ spaceKey: 'DOCS', url: expect.stringContaining('https') });
  await server.database.db.updateTable('connections').set({ status: 'draft' }).execute();
  await expect(preview(actor, id, {})).rejects.toMatchObject({ code: 'not_ready' });
});

test('a member may neither look nor start one', async () => {
  const member = await server.person('max@example.com', 'member');
  await expect(server.services.scopePreview.preview(member, id, {})).rejects.toMatchObject({ status: 403 });
  await expect(server.services.syncs.start(member, id, { kind: 'full', dryRun: true })).rejects.toMatchObject(
    { status: 403 },
  );
});

test('a dry run by the settings that are being edited starts from there, and keeps what was typed', async () => {
  const answer = await admin.post(`${path()}/dry-run`, form());
  expect([answer.status, answer.headers['location']]).toEqual([303, `/connections/${id}/runs?kind=dry_run`]);
  const list = await admin.get(`/connections/${id}/runs?kind=dry_run`);
  expect(list.text).toContain('The dry run has started');
  const run = await server.database.db
    .selectFrom('dry_runs')
    .select(['candidate', 'settings'])
    .executeTakeFirstOrThrow();
  expect(run).toMatchObject({ candidate: true, settings: { filters: { labels: { values: ['keep'] } } } });
  const refused = await admin.post(`/connections/${id}/dry-run`, {});
  expect(refused.status).toBe(303);
  expect((await admin.get(`/connections/${id}/runs?kind=dry_run`)).text).toContain('A dry run (since');
});

test('where there is no time for everything, counts are at least so many, and the page says so', async () => {
  const { db } = server.database;
  await sql`
    insert into records (connection_id, external_id, kind, space_id, state)
    select ${id}, 'x' || n, 'page', (select id from spaces where connection_id = ${id}), 'indexed'
    from generate_series(1, 10001) n`.execute(db);
  const readSite: ReadSite = () => Promise.reject(new Error('The site is not to be asked.'));
  const hurried = createScopePreviewService({ db, readSite, log: createLogger('silent'), patienceMs: -1 });
  const wanted = { filters: { labels: { operator: 'in' as const, values: ['keep'] } } };
  const told = await hurried.preview(await administrator(), id, wanted);
  expect(told).toMatchObject({ complete: false, stored: { kept: 5, removed: 4_995 } });
  expect(told.warning).toMatch(/^At least 4,995 of 5,000/);
  const whole = await server.services.scopePreview.preview(await administrator(), id, wanted);
  expect(whole).toMatchObject({ complete: true, stored: { kept: 5, removed: 10_026 } });
});

async function administrator() {
  const { items } = await server.services.users.list({
    userId: '',
    email: '',
    name: '',
    role: 'administrator',
    via: 'session',
  } as Parameters<typeof server.services.users.list>[0]);
  const admin_ = items.find(({ email }) => email === 'admin@example.com');
  const actor = await server.services.access.activeActor(admin_?.id ?? '', 'session');
  if (actor === null) throw new Error('There is no administrator.');
  return actor;
}
