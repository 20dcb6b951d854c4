import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { updateConnection } from '../../store/connections.ts';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let admin: BrowserSession;
let member: BrowserSession;
let id: string;
let path: string;
let number = 0;

beforeAll(async () => {
  server = await createTestServer();
  const password = 'correct horse battery';
  await server.person('admin@example.com', 'administrator', password);
  await server.person('ben@example.com', 'member', password);
  admin = createBrowserSession(server.app);
  member = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', password);
  await member.signIn('ben@example.com', password);
});
afterAll(() => server.close());
beforeEach(async () => {
  const { db } = server.database;
  id = await makeConnection(db, { name: `Site ${(number += 1)}` });
  await updateConnection(db, id, { authorized_at: new Date(), configured_at: new Date() });
  path = `/connections/${id}/content`;
});

async function stored() {
  const row = await server.database.db
    .selectFrom('connections')
    .select(['settings', 'settings_version'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { content: row.settings.content, version: String(row.settings_version) };
}

test('what is saved comes back, starts a sync, and leaves the other settings alone', async () => {
  const { db } = server.database;
  await updateConnection(db, id, { settings: JSON.stringify({ sync: { strategy: 'manual' } }) });
  const answer = await admin.post(path, {
    tables: 'html',
    'macro-0-name': 'Toc',
    'macro-0-handling': 'drop',
  });
  expect([answer.status, answer.headers['location']]).toEqual([303, path]);
  expect(await stored()).toMatchObject({ content: { tables: 'html', macros: { byName: { toc: 'drop' } } } });
  const { settings } = await db
    .selectFrom('connections')
    .select('settings')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(settings.sync).toMatchObject({ strategy: 'manual' });
  expect(server.asked).toContain(`startRun ${id}`);
  const { text } = await admin.get(path);
  expect(text).toContain('A sync has started: it renders what is stored anew.');
  expect(text).toMatch(/<option value="html" selected/);
});

test('names of fields alone start no sync', async () => {
  await admin.post(path, { 'field-0-name': 'owner', 'field-0-from': 'creator' });
  expect((await stored()).content).toEqual({ fields: { owner: { from: 'creator' } } });
  expect(server.asked).not.toContain(`startRun ${id}`);
});

test('a fault keeps what was typed, names the input, and stores nothing', async () => {
  const answer = await admin.post(path, { 'field-0-name': '1st', 'field-0-from': 'title', largest: '7' });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('href="#field-0-name"');
  expect(answer.text).toContain('value="1st"');
  expect(answer.text).toMatch(/id="largest"[^>]*value="7"/);
  expect((await stored()).content).toBeUndefined();
});

test('who looked at other settings than those that are stored now is told, and then saves', async () => {
  const { version } = await stored();
  await updateConnection(server.database.db, id, {
    settings: JSON.stringify({ content: { tables: 'text' } }),
  });
  const told = await admin.post(path, { version, tables: 'html' });
  expect(told.status).toBe(422);
  expect(told.text).toContain('changed meanwhile by somebody else');
  expect((await stored()).content).toEqual({ tables: 'text' });
  const again = /name="version" value="(\d+)"/.exec(told.text)?.[1] ?? '';
  await admin.post(path, { version: again, tables: 'html' });
  expect((await stored()).content).toEqual({ tables: 'html' });
});

test('a preview stores nothing, and needs a page', async () => {
  const answer = await admin.post(`${path}/preview`, { tables: 'html' });
  expect([answer.status, answer.text.includes('href="#item"')]).toEqual([422, true]);
  expect(answer.text).toMatch(/<option value="html" selected/);
  expect((await stored()).content).toBeUndefined();
});

test('rules that another version stored are shown as the defaults, and take no other setting along', async () => {
  const settings = { content: { tables: 'later' }, deletions: { askAbovePercent: 7 } };
  await updateConnection(server.database.db, id, { settings: JSON.stringify(settings) });
  expect((await admin.get(path)).text).toMatch(/<option value="markdown" selected/);
  expect((await admin.get(`/connections/${id}/configure`)).text).toMatch(
    /id="askAbovePercent"[^>]*value="7"/,
  );
});

test('a member neither sees nor changes them', async () => {
  const answers = await Promise.all([
    member.get(path),
    member.post(path, { tables: 'html' }),
    member.post(`${path}/preview`, { item: '1' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect((await stored()).content).toBeUndefined();
});

test('before a connection is authorized, the page says what comes first', async () => {
  await updateConnection(server.database.db, id, { authorized_at: null, configured_at: null });
  const { text } = await admin.get(path);
  expect(text).toContain('Go to Authorize');
  expect(text).not.toContain('name="tables"');
});
