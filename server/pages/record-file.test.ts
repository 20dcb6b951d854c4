import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createBrowserSession, type BrowserSession } from '../../test/browser-session.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let member: BrowserSession;
let site: Awaited<ReturnType<typeof createSampleSite>>;
const password = 'correct horse battery';

beforeAll(async () => {
  server = await createTestServer();
  const { db } = server.database;
  site = await createSampleSite(db);
  const { userId } = await server.person('max@example.com', 'member', password);
  await site.person('anna', ['everyone']);
  await db.updateTable('user_accounts').set({ user_id: userId }).where('account_id', '=', 'anna').execute();
  await site.record('guide', { title: 'Guide' });
  member = createBrowserSession(server.app);
  await member.signIn('max@example.com', password);
});
afterAll(() => server.close());

/** An attachment with what is known of its text; its page as the member sees it. */
async function pageOf(text: string, known: { state: 'due' | 'done' | 'failed' | 'none'; code?: string; message?: string; truncated?: boolean }) {
  const id = await site.record(crypto.randomUUID(), { kind: 'attachment', container: 'guide', title: 'plan.pdf', text });
  const connection_id = site.connectionId;
  await server.database.db
    .insertInto('attachment_texts')
    .values({ record_id: id, connection_id, version: 1, ...known })
    .execute();
  return (await member.get(`/records/${id}`).expect(200)).text;
} // prettier-ignore

test('the page of an attachment names its page, and says that there is more in it than is searched', async () => {
  const page = await pageOf('the quick fox', { state: 'done', truncated: true });
  expect(page).toMatch(/<ol class="crumbs"[^]*Guide[^]*<\/ol>/);
  expect(page).toContain('The file is longer than what is searched of it.');
});

test('it says why there is no text, and what to do', async () => {
  expect(await pageOf('', { state: 'due' })).toContain('The next sync reads it.');
  const message = 'The file is protected by a password.';
  const locked = await pageOf('', { state: 'none', code: 'encrypted', message });
  expect(locked).toContain(`${message} Attach it without a password`);
  const broken = await pageOf('', { state: 'failed', code: 'broken', message: 'The file is <damaged>.' });
  expect(broken).toContain('Its text could not be read');
  expect(broken).toContain('The file is &lt;damaged>. Open it in Atlassian.');
});
