import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { saveFailure } from '../../store/failures.ts';
import { openNotice } from '../../store/notices.ts';
import { logRun } from '../../store/runs.ts';

let server: TestServer;
let admin: BrowserSession;
let member: BrowserSession;
let id: string;
let runId: string;

beforeAll(async () => {
  server = await createTestServer({ engine: { startRun: async () => {} } });
  const { db } = server.database;
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  await server.person('max@example.com', 'member', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
  member = createBrowserSession(server.app);
  await member.signIn('max@example.com', 'correct horse battery');
  id = await makeConnection(db, { name: 'Acme' });
  await db.updateTable('connections').set({ authorized_at: new Date(), configured_at: new Date() }).execute();
  ({ id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: id, kind: 'full', state: 'succeeded', finished_at: new Date() })
    .returning('id')
    .executeTakeFirstOrThrow());
});
afterAll(() => server.close());

const base = () => `/connections/${id}`;
const fail = (externalId: string, title: string) =>
  saveFailure(server.database.db, id, runId, {
    stage: 'restrictions',
    externalId,
    title,
    message: 'Atlassian answered 403.',
    url: '/wiki/rest/api/content/1/restriction',
    status: 403,
    traceId: 't-1',
  });

test('a page without failed items says so; with some, each can be tried again, alone, by kind or all', async () => {
  expect((await admin.get(`${base()}/runs/failures`)).text).toContain('Nothing has failed');
  await fail('1', '<b>Salaries</b>');
  await fail('2', 'Plans');
  const { text } = await admin.get(`${base()}/runs/failures?stage=restrictions`);
  expect(text).toContain('2 items could not be read');
  expect(text).toContain('&lt;b>Salaries');
  expect(text).toContain('so nobody sees it or what is below it');
  expect(text).toContain('Try restrictions again');
  expect((await admin.get(`${base()}/runs/failures?q=Plans`)).text).not.toContain('Salaries');

  const tried = await admin.post(`${base()}/runs/failures/retry`, { item: '1', of: 'restrictions' });
  expect(tried.get('location')).toBe(`${base()}/runs/failures`);
  expect((await admin.get(`${base()}/runs/failures`)).text).toContain('A sync has started that tries them');
  await admin.post(`${base()}/runs/failures/retry`, { all: 'true' });
  expect((await admin.get(`${base()}/runs/failures`)).text).toContain(
    'the sync that is under way tries them',
  );
  const due = await server.database.db
    .selectFrom('sync_failures')
    .select('external_id')
    .where('next_retry_at', '<=', new Date(Date.now() + 1_000))
    .execute();
  expect(due).toHaveLength(2);
});

test('the overview tells what holds, leads to what failed, and pauses and resumes', async () => {
  await openNotice(server.database.db, {
    connectionId: id,
    code: 'scope_shrank',
    severity: 'warning',
    message: 'A space that was read before shows nothing any more: Legal.',
  });
  const { text } = await admin.get(base());
  expect(text).toContain('shows nothing any more: Legal');
  expect(text).toContain(`${base()}/runs/removed`);
  expect(text).toContain(`${base()}/runs/failures`);
  expect(text).toContain(`${base()}/sync"`);
  await admin.post(`${base()}/pause`);
  const paused = (await admin.get(base())).text;
  expect(paused).toContain('Permissions are still read');
  expect(paused).toContain('Resume');
  expect(paused).not.toContain('Sync now');
  await admin.post(`${base()}/resume`);
  expect((await admin.get(base())).text).not.toContain('Permissions are still read');
});

test('the history is narrowed by kind and state, and a log to what it says, also as a file', async () => {
  expect((await admin.get(`${base()}/runs?kind=full&state=succeeded`)).text).toContain(`/runs/${runId}`);
  expect((await admin.get(`${base()}/runs?kind=full&state=failed`)).text).toContain('No run fits');
  expect((await admin.get(`${base()}/runs?kind=constructor`)).status).toBe(200);
  await logRun(server.database.db, runId, [
    { level: 'info', message: 'All is well.' },
    { level: 'warning', message: 'Something is not.' },
  ]);
  const log = (await admin.get(`/runs/${runId}?level=warning`)).text;
  expect(log).toContain('Something is not.');
  expect(log).not.toContain('All is well.');
  const file = await admin.get(`/runs/${runId}/log.csv?q=well`);
  expect(file.get('content-disposition')).toContain('attachment');
  expect(file.text).toContain('All is well.');
  expect(file.text).not.toContain('Something is not.');
});

test('members see none of it', async () => {
  for (const path of [
    base(),
    `${base()}/runs`,
    `${base()}/runs/failures`,
    `/runs/${runId}`,
    `/runs/${runId}/log.csv`,
  ]) {
    expect([path, (await member.get(path)).status]).toEqual([path, 403]);
  }
  expect((await member.post(`${base()}/runs/failures/retry`, { all: 'true' })).status).toBe(403);
});
