import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import type { Actor } from '../actor.ts';

const password = 'a pass phrase for tests';
let server: TestServer;
let admin: Actor;
let key: string;
beforeAll(async () => {
  server = await createTestServer();
  admin = await server.person('ada@example.com', 'administrator', password);
  await server.person('ben@example.com', 'member', password);
  key = await server.key(admin);
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  request(server.app)
    .get(`/api/v1${path}`)
    .set({ authorization: `Bearer ${key}`, ...headers });
const actions = async (query: string) =>
  ((await get(`/audit?${query}`).expect(200)).body.items as { action: string }[]).map(({ action }) => action);

test('entries are found by action, its first part, who, on what, time, and words of the change', async () => {
  const { record } = server.services.audit;
  await record(admin, { action: 'thing.make', target: 'Blue', after: { colour: 'azure' } });
  await record(admin, { action: 'thing.break', target: 'Red 100%', before: { colour: 'crimson' } });
  expect(await actions('action=thing')).toEqual(['thing.break', 'thing.make']);
  expect(await actions('action=thing.make')).toEqual(['thing.make']);
  expect(await actions('action=thin')).toEqual([]);
  expect(await actions('target=100%25')).toEqual(['thing.break']);
  expect(await actions('q=CRIMSON')).toEqual(['thing.break']);
  expect(await actions('actor=ben@&action=thing')).toEqual([]);
  expect(await actions('action=thing&to=2001-01-01')).toEqual([]);
  expect(await actions('action=thing&from=2001-01-01')).toHaveLength(2);
  const refused = await get('/audit?from=yesterday').expect(422);
  expect(refused.body.error.details.fields.from).toContain('2026-01-31');
});

test('the log is downloaded whole, a formula is no formula, and the download is in the log', async () => {
  const targets = Array.from({ length: 1_050 }, (_, n) => `=target ${n}`);
  await server.database.db
    .insertInto('audit_log')
    .values(targets.map((target) => ({ actor: 'x', action: 'many.rows', target })))
    .execute();
  const csv = await get('/audit.csv?action=many').expect(200);
  expect(csv.text.split('\r\n').filter((line) => line.includes("'=target"))).toHaveLength(1_050);
  const lines = await get('/audit.ndjson?action=many')
    .buffer(true)
    .parse((res, done) => {
      let text = '';
      res.on('data', (chunk) => (text += String(chunk)));
      res.on('end', () => done(null, text));
    });
  const entries = String(lines.body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { target: string });
  expect(entries.map(({ target }) => target).sort()).toEqual([...targets].sort());
  expect(await actions('action=audit.export')).toHaveLength(2);
});

test('signing in and being refused are in the log with the address', async () => {
  const browser = createBrowserSession(server.app);
  await browser.signIn('ben@example.com', 'wrong wrong wrong');
  await browser.signIn('ben@example.com', password);
  const { body } = await get('/audit?action=sign_in&target=ben@').expect(200);
  expect(body.items).toEqual([
    expect.objectContaining({
      action: 'sign_in',
      actor: 'ben@example.com',
      address: expect.stringContaining('127.0.0.1'),
    }),
    expect.objectContaining({ action: 'sign_in.refused', before: null, after: null }),
  ]);
  expect(JSON.stringify(body)).not.toContain('wrong');
});

test('reading as somebody else is in the log once a day, and so is asking what somebody sees', async () => {
  for (let n = 0; n < 3; n += 1) {
    await get('/search?q=x', { 'x-sluice-user': 'ben@example.com' }).expect(200);
    await get('/explain?user=ben@example.com&item=https://nowhere.atlassian.net/wiki/x');
  }
  expect(await actions('action=impersonate')).toEqual(['impersonate']);
  expect(await actions('action=explain')).toEqual(['explain.person']);
});

test('the page filters by its address, keeps what was typed when it is refused, and offers the files', async () => {
  const browser = createBrowserSession(server.app);
  await browser.signIn('ada@example.com', password);
  await server.services.audit.record(admin, {
    action: 'page.look',
    target: 'T',
    before: { sync: { cron: 'a' } },
    after: { sync: { cron: 'b' } },
  });
  const { text } = await browser.get('/settings/audit?action=page').expect(200);
  expect(text).toContain('<code>sync.cron</code>');
  expect(text).toContain('/settings/audit.csv?action=page');
  const refused = await browser.get('/settings/audit?from=soon&q=kept').expect(422);
  expect(refused.text).toContain('value="kept"');
  const file = await browser.get('/settings/audit.csv?action=page').expect(200);
  expect(file.headers['content-disposition']).toContain('audit.csv');
});
