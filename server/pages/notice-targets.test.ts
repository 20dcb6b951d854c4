import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let admin: BrowserSession;
let page: string;

beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', 'correct horse battery');
  await server.person('max@example.com', 'member', 'correct horse battery');
  admin = createBrowserSession(server.app);
  await admin.signIn('admin@example.com', 'correct horse battery');
  await admin.post('/settings/notifications', {
    name: 'On call',
    url: 'https://hooks.example.com/secret-path',
  });
  const [target] = await targets();
  page = `/settings/notifications/${target?.id}`;
});
afterAll(() => server.close());

const targets = () => server.database.db.selectFrom('notice_targets').select(['id', 'name']).execute();

test('a target is removed after a question, which removes nothing by itself', async () => {
  expect((await admin.get(page)).text).toContain(`href="${page}/remove"`);
  const question = await admin.get(`${page}/remove`);
  expect(question.status).toBe(200);
  expect(question.text).toMatch(/Remove .*On call.*\?/);
  expect(question.text).not.toContain('secret-path');
  expect(await targets()).toHaveLength(1);
  const removed = await admin.post(`${page}/remove`, {});
  expect([removed.status, removed.headers['location']]).toEqual([303, '/settings/notifications']);
  expect(await targets()).toEqual([]);
  expect((await admin.get(`${page}/remove`)).status).toBe(404);
});

test('members are asked nothing, whether the target is there or not', async () => {
  const member = createBrowserSession(server.app);
  await member.signIn('max@example.com', 'correct horse battery');
  expect((await member.get(`${page}/remove`)).status).toBe(403);
  expect((await member.get('/settings/notifications/1/remove')).status).toBe(403);
});
