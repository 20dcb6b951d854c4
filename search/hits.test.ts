import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { searchRecords } from './search.ts';
import { marks, snippetHtml } from './snippet.ts';
import type { Hit, SearchQuery } from './types.ts';

let database: TestDatabase;
let viewer: ViewerId;

beforeAll(async () => {
  database = await createTestDatabase();
  const site = await createSampleSite(database.db);
  viewer = await site.person('anna', ['everyone']);
  const far = 'Words before. '.repeat(200);
  await site.record('home', { title: 'Home', kind: 'folder' });
  await site.record('far', {
    title: 'Far',
    text: `${far}Then the résumés of all <script>alert(1)</script> applicants & friends.`,
    parent: 'home',
    author: 'anna',
    labels: ['hiring'],
    modifiedAt: '2026-02-03T04:05:06.789Z',
  });
  await site.record('forged', { text: `${marks.start}not a match${marks.stop} but zebra is` });
  await site.record('tokyo', { title: '案内', text: `${'前置き。'.repeat(100)}東京都庁の近くです` });
  await site.record('docs', { title: 'Docs', text: 'Our documentation lives here.' });
  await site.record('file', { kind: 'attachment', title: 'Q3-report_final.pdf', container: 'far' });
  await site.record('note', {
    kind: 'comment',
    title: '',
    text: 'Agreed with giraffe.',
    container: 'far',
    parent: 'x',
  });
  await site.record('empty', { title: 'Emptiness' });
});
afterAll(() => database.close());

async function only(q: string, more: Partial<SearchQuery> = {}): Promise<Hit> {
  const { hits } = await searchRecords(database.db, viewer, { q, ...more });
  expect([q, hits.length]).toEqual([q, 1]);
  return hits[0] as Hit;
}

test('a hit says what it is, where it is and who wrote it', async () => {
  expect(await only('applicants')).toMatchObject({
    externalId: 'far',
    type: 'page',
    title: 'Far',
    url: 'https://company.atlassian.net/wiki/far',
    breadcrumbs: [{ externalId: 'home', type: 'folder', title: 'Home' }],
    space: { key: 'TEAM', name: 'TEAM space' },
    author: { accountId: 'anna', name: 'Anna Müller' },
    modifiedAt: '2026-02-03T04:05:06.789Z',
    connection: { name: 'Company', status: 'active' },
  });
});

test('a snippet shows the place of the match, marked in the form that the text has, safe as HTML', async () => {
  const html = snippetHtml((await only('resume applicant')).snippet);
  expect(html).toContain('<mark>résumés</mark>');
  expect(html).toContain('<mark>applicants</mark>');
  expect(html).toContain('&#38; friends');
  expect(html.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>]/);
});

test('a text cannot forge marks', async () => {
  expect((await only('zebra')).snippet).toEqual([
    { text: 'not a match but ', mark: false },
    { text: 'zebra', mark: true },
    { text: ' is', mark: false },
  ]);
});

test('beginnings and substrings are marked too', async () => {
  const beginning = await only('document', { prefix: true });
  expect(beginning.snippet.some((segment) => segment.mark && segment.text.startsWith('document'))).toBe(true);
  const substring = await only('都庁');
  expect(substring.snippet.find((segment) => segment.mark)?.text).toBe('都庁');
});

test('an attachment is found by the words of its file name, and leads through its page', async () => {
  for (const q of ['report', 'final pdf', 'Q3-report_final.pdf', 'q3 repo']) {
    expect(await only(q, { prefix: true })).toMatchObject({
      externalId: 'file',
      title: 'Q3-report_final.pdf',
      breadcrumbs: [{ title: 'Home' }, { title: 'Far' }],
    });
  }
});

test('a comment is called after its page, and leads through it', async () => {
  expect(await only('giraffe')).toMatchObject({
    title: 'Comment on Far',
    breadcrumbs: [{ title: 'Home' }, { title: 'Far' }],
  });
});

test('what has no text has an empty snippet', async () => {
  expect((await only('emptiness')).snippet).toEqual([]);
});
