import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { openNotice } from '../../store/notices.ts';
import { makeConnection } from '../../test/factories.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

const password = 'a long password';
const secretWords = 'The consent of the secret project ended.';
let server: TestServer;
let connectionId: string;
beforeAll(async () => {
  server = await createTestServer();
  await server.person('admin@example.com', 'administrator', password);
  await server.person('member@example.com', 'member', password);
  const { db } = server.database;
  connectionId = await makeConnection(db);
  await db.updateTable('connections').set({ status: 'needs_reauth', auth_method: 'oauth' }).execute();
  await openNotice(db, { connectionId, code: 'needs_reauth', severity: 'error', message: secretWords });
});
afterAll(() => server.close());

async function pageOf(email: string, path: string): Promise<string> {
  const agent = request.agent(server.app);
  const form = await agent.get('/sign-in');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
  await agent.post('/sign-in').type('form').send({ _csrf: csrf, email, password }).expect(303);
  return (await agent.get(path).set('accept', 'text/html').expect(200)).text;
}

test.each(['/', '/connections', '/profile', '/settings/notifications'])(
  'an administrator sees on %s what needs doing, with the one click that does it',
  async (path) => {
    const text = await pageOf('admin@example.com', path);
    expect(text).toContain(secretWords);
    expect(text).toContain(`action="/connections/${connectionId}/authorize"`);
    expect(text).toContain(`value="/connections/${connectionId}"`);
  },
);

test.each(['/', '/profile'])('a member sees nothing of it on %s', async (path) => {
  const text = await pageOf('member@example.com', path);
  expect(text).not.toContain(secretWords);
  expect(text).not.toContain(connectionId);
  expect(text).not.toMatch(/aria-label="Notices"/);
});
