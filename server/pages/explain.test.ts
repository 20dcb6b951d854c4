import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';
import { createHiddenItems, unseen, wiki } from '../api/explain.fixture.ts';
import { hashPassword } from '../passwords.ts';

let server: TestServer;
let admin: BrowserSession;
let anna: BrowserSession;
let ids: Record<string, string>;

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  const found = await createHiddenItems(db);
  ids = found.ids;
  const password = 'correct horse battery';
  await db
    .updateTable('users')
    .set({ password_hash: await hashPassword(password) })
    .execute();
  [admin, anna] = [createBrowserSession(server.app), createBrowserSession(server.app)];
  await admin.signIn(found.admin.email, password);
  await anna.signIn(found.anna.email, password);
});
afterAll(() => server.close());

const ask = (who: BrowserSession, item: string, user?: string) =>
  who.get(`/explain?${new URLSearchParams({ item, ...(user === undefined ? {} : { user }) })}`);

/** A page without what differs in any two: what was typed, tokens, nonces. */
function bare({ text }: { text: string }): string {
  return text.replaceAll(/<input[^>]*>/g, '').replaceAll(/nonce="[^"]*"/g, '');
}

test('a stranger is sent to sign in, and back to the question', async () => {
  const { status, headers } = await request(server.app).get('/explain?item=101');
  expect([status, headers['location']]).toEqual([303, '/sign-in?returnTo=%2Fexplain%3Fitem%3D101']);
});

test('to a member every page about what is hidden is the same, and so is every header that is not of the moment', async () => {
  const pages = [];
  for (const address of Object.values(unseen)) {
    const answer = await ask(anna, address, 'ada@example.com').expect(200);
    const { 'cache-control': cache, 'content-type': type } = answer.headers as Record<string, string>;
    pages.push([bare(answer), cache, type, Object.keys(answer.headers).join()].join('\n'));
  }
  expect(new Set(pages).size).toBe(1);
  expect(pages[0]).toContain('Who you are in Atlassian');
  expect(pages[0]).toContain('no-store');
  expect(pages[0]).not.toMatch(/Salary|cleo|leadership|Elsewhere|Email of the person/);
});

test('the record of a member says why it is seen, and an administrator may ask about anybody', async () => {
  const own = await anna.get(`/records/${ids['112']}?user=ada@example.com`).expect(200);
  expect(own.text).toContain('Why you see it');
  expect(own.text).not.toContain('ada@example.com');
  await anna.get(`/records/${ids['102']}`).expect(404);
  const asked = await admin.get(`/records/${ids['102']}?user=anna@example.com`).expect(200);
  expect(asked.text).toContain('anna@example.com');
  expect(asked.text).toContain('Refuses');
});

test('an administrator is told all; while searching as somebody, no more than that person', async () => {
  const hidden = `${wiki}/spaces/TEAM/pages/102`;
  const told = await ask(admin, hidden, 'anna@example.com').expect(200);
  expect(told.text).toContain('Salary bands');
  expect(told.text).toContain('It admits');
  const several = await ask(admin, 'Salary bands', 'anna@example.com').expect(200);
  expect(several.text).toContain(`href="/records/${ids['102']}?user=anna%40example.com#access"`);
  await admin.post('/search-as', { email: 'anna@example.com' });
  const through = await ask(admin, hidden, 'ada@example.com').expect(200);
  expect(through.text).toContain('There is nothing here that you may see');
  expect(through.text).not.toContain('Salary bands');
  const record = await admin.get(`/records/${ids['112']}`).expect(200);
  expect(record.text).toContain('Why this person sees it');
  await admin.post('/search-as/stop');
});

test('a question that cannot be asked comes back with what is wrong', async () => {
  for (const [item, user, words] of [
    ['', undefined, 'Give the address, the id or the title'],
    ['101', 'nobody', 'Must be the email of a user of Sluice'],
    ['101', 'nobody@example.com', 'There is no user of Sluice with the email nobody@example.com'],
  ] as const) {
    const answer = await ask(admin, item, user).expect(422);
    expect(answer.text).toContain(words);
  }
  expect((await admin.get('/explain').expect(200)).text).not.toContain('error-summary');
});
