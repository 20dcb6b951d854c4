import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { eventOf } from './runs.ts';

let server: TestServer;
let admin: BrowserSession;
let id: string;

const typed = {
  name: 'Acme wiki',
  siteUrl: 'https://acme.atlassian.net',
  method: 'oauth',
  app: 'typed',
  clientId: 'client-of-acme',
  clientSecret: 'the-client-secret',
};

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
});
afterAll(() => server.close());

const sessionsText = async () =>
  JSON.stringify(await server.database.db.selectFrom('sessions').select('sess').execute());

test('faults stand at their fields, and the form keeps what was typed but no secret', async () => {
  const answer = await admin.post('/connections/new', {
    ...typed,
    name: '',
    siteUrl: 'http://acme.atlassian.net/',
  });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('id="name-error"');
  expect(answer.text).toContain('id="siteUrl-error"');
  expect(answer.text).toContain('value="client-of-acme"');
  expect(answer.text).not.toContain('the-client-secret');
  const later = await admin.get('/connections/new');
  expect(later.text).toContain('value="client-of-acme"');
  expect(later.text).toContain('did not save yet');
  expect(await sessionsText()).not.toContain('the-client-secret');
});

test('a draft keeps its own fields and nothing else', async () => {
  const fields = { name: 'Half', clientSecret: 'sneaked-in', token: 'sneaked-in', other: 'sneaked-in' };
  expect((await admin.post('/connections/new/draft', fields)).status).toBe(204);
  expect((await admin.get('/connections/new')).text).toContain('value="Half"');
  expect(await sessionsText()).not.toContain('sneaked-in');
  await admin.post('/connections/new/draft/discard');
  expect((await admin.get('/connections/new')).text).not.toContain('value="Half"');
});

test('what is saved leads to the next step, and the one after it is locked with its reason', async () => {
  const saved = await admin.post('/connections/new', typed);
  id = /^\/connections\/([^/]+)\/authorize$/.exec(saved.get('location') ?? '')?.[1] ?? '';
  expect(id).not.toBe('');
  const authorize = await admin.get(`/connections/${id}/authorize`);
  expect(authorize.text).toContain('Authorize with Atlassian');
  expect(authorize.text).toContain('aria-current="step"');
  const configure = await admin.get(`/connections/${id}/configure`);
  expect(configure.text).toContain('This step is locked');
  expect((await admin.get('/connections/new')).text).not.toContain('value="Acme wiki"');
  const list = await admin.get('/connections');
  expect(list.text).toContain('Set-up not finished');
  expect(list.text).toContain('1 connection needs you');
});

test('a change of the name alone asks for no secret again', async () => {
  const fields = { ...typed, name: 'Acme', clientSecret: '' };
  const saved = await admin.post(`/connections/${id}/authenticate`, fields);
  expect(saved.status).toBe(303);
  const { text } = await admin.get(`/connections/${id}/authenticate`);
  expect(text).toContain('value="Acme"');
  expect(text).toContain('Leave it empty to keep the stored one');
});

test('settings are checked and stored once it is authorized', async () => {
  await server.database.db
    .updateTable('connections')
    .set({ status: 'active', authorized_at: new Date(), account_id: 'a', account_name: 'Ada' })
    .where('id', '=', id)
    .execute();
  const path = `/connections/${id}/configure`;
  const faulty = await admin.post(path, { strategy: 'scheduled', intervalMinutes: '3' });
  expect(faulty.status).toBe(422);
  expect(faulty.text).toContain('id="intervalMinutes-error"');
  await admin.post(path, { strategy: 'scheduled', intervalMinutes: '30' });
  const { text } = await admin.get(`/connections/${id}`);
  expect(text).toContain('The set-up is complete');
  expect(text).toContain('Every 30 minutes');
  expect(text).toContain('Sync now');
});

test('where somebody else saved meanwhile, what was entered stays and is stored by the next try', async () => {
  const path = `/connections/${id}/configure`;
  const version = /name="version" value="(\d+)"/;
  const looked = version.exec((await admin.get(path)).text)?.[1] ?? '';
  await admin.post(path, { strategy: 'scheduled', intervalMinutes: '45', version: looked });
  const late = await admin.post(path, { strategy: 'scheduled', intervalMinutes: '90', version: looked });
  expect(late.status).toBe(422);
  expect(late.text).toContain('changed meanwhile by somebody else');
  expect(late.text).toContain('value="90"');
  expect((await admin.get(`/connections/${id}`)).text).toContain('Every 45 minutes');
  const now = version.exec(late.text)?.[1] ?? '';
  await admin.post(path, { strategy: 'scheduled', intervalMinutes: '30', version: now });
  expect((await admin.get(`/connections/${id}`)).text).toContain('Every 30 minutes');
});

test('a sync starts once; the page, its stream and its runs tell of it', async () => {
  expect((await admin.get(`/connections/${id}`)).text).toContain(`action="/connections/${id}/sync"`);
  await admin.post(`/connections/${id}/sync`, { kind: 'full' });
  await admin.post(`/connections/${id}/sync`, { kind: 'full' });
  expect(server.asked.filter((line) => line.startsWith('startRun'))).toHaveLength(1);
  const { text } = await admin.get(`/connections/${id}`);
  expect(text).toContain('is under way');
  expect(text).toContain('http-equiv="refresh"');
  const runId = /sse-connect="\/runs\/([^/]+)\/live"/.exec(text)?.[1] ?? '';
  await server.database.db
    .updateTable('sync_runs')
    .set({ state: 'failed', message: '<i>No answer</i>', finished_at: new Date() })
    .where('id', '=', runId)
    .execute();
  const stream = await admin.get(`/runs/${runId}/live`);
  expect(stream.get('content-type')).toContain('text/event-stream');
  expect(stream.text).toContain('event: progress\n');
  expect(stream.text).toContain('&lt;i>No answer&lt;/i>');
  expect(stream.text).toMatch(/event: finished\n/);
  expect((await admin.get(`/connections/${id}/runs`)).text).toContain(`/runs/${runId}`);
  expect((await admin.get(`/runs/${runId}?level=error`)).text).toContain('No line fits');
});

test('disconnecting wants the name, says what goes, and then all of it is gone', async () => {
  const asked = await admin.get(`/connections/${id}/disconnect`);
  expect(asked.text).toContain('1 run with');
  const wrong = await admin.post(`/connections/${id}/disconnect`, { confirmation: 'acme' });
  expect(wrong.status).toBe(422);
  await admin.post(`/connections/${id}/disconnect`, { confirmation: 'Acme' });
  expect((await admin.get(`/connections/${id}`)).status).toBe(404);
  expect((await admin.get('/connections')).text).toContain('No connection yet');
});

test('a deletion that goes on shows how far it is, and then that it is over', async () => {
  const { db } = server.database;
  const row = {
    name: 'Large',
    product: 'confluence',
    deployment: 'cloud',
    site_url: 'https://large.atlassian.net',
  } as const;
  const { id: large } = await db
    .insertInto('connections')
    .values({ ...row, auth_method: 'api_token', status: 'active' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`
    insert into permission_due (connection_id, kind, source_id, reason)
    select ${large}, 'content', 'x' || n, 'test' from generate_series(1, 20000) n`.execute(db);
  const path = `/connections/${large}/disconnect`;
  const posted = await admin.post(path, { confirmation: 'Large' });
  expect(posted.headers['location']).toBe(path);
  expect(server.asked).toContain(`startDisconnection ${large}`);
  const page = await admin.get(path);
  expect(page.text).toContain('0 of 20,000 rows are deleted');
  expect(page.text).toContain('http-equiv="refresh"');
  expect((await admin.get(`/connections/${large}`)).text).toContain('It is being deleted');
  await db.deleteFrom('connections').where('id', '=', large).execute();
  const over = await admin.get(path);
  expect(over.headers['location']).toBe('/connections');
  expect((await admin.get('/connections')).text).toContain('Large is disconnected');
  expect((await admin.get(path)).status).toBe(404);
});

test('data of an event never ends it early, whatever its line breaks', () => {
  expect(eventOf('progress', 'a\nb\r\nc\rd')).toBe('event: progress\ndata: a\ndata: b\ndata: c\ndata: d\n\n');
});
