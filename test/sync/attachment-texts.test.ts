import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { docx } from '../../sandbox/world/files/office.ts';
import { sampleEndings } from '../../sandbox/world/files/sample.ts';
import { SMALL } from '../../sandbox/world/small.ts';
import { searchRecords } from '../../search/search.ts';
import { makeFailuresDue } from '../../store/failures.ts';
import type { Connection } from '../../store/schema.ts';
import { base64, openPage, sample, wordOf, worldOfFiles, type File } from './attachment-world.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { addViewer } from './viewer.ts';

let harness: SyncHarness;
let viewers: Map<string, string>;
beforeAll(async () => {
  harness = await createSyncHarness({ world: worldOfFiles() });
  await addViewer(harness, SMALL.mia);
  await addViewer(harness, SMALL.noah);
  const accounts = await harness.database.db.selectFrom('user_accounts').selectAll().execute();
  viewers = new Map(accounts.map((row) => [row.account_id, row.user_id]));
});
afterEach(() => harness.sandbox.context.faults.clear());
afterAll(() => harness.close());

/** Titles of what somebody finds by a word. */
async function finds(who: string, q: string): Promise<string[]> {
  const page = await searchRecords(harness.database.db, { userId: viewers.get(who) ?? '' }, { q, limit: 50 });
  return page.hits.map(({ title }) => title).sort();
}

/** Downloads that were asked for since the last look, by attachment. */
function downloads(): string[] {
  const { counters } = harness.sandbox.context;
  const asked = counters.log().flatMap(({ path }) => /attachment\/(att\d+)\/download/.exec(path)?.[1] ?? []);
  counters.reset();
  return asked.sort();
}

async function known(externalId: string) {
  return harness.database.db
    .selectFrom('attachment_texts as t')
    .innerJoin('records as r', 'r.id', 't.record_id')
    .select(['t.state', 't.code', 't.kind', 't.version', 't.truncated'])
    .where('r.external_id', '=', externalId)
    .executeTakeFirstOrThrow();
}

const failures = () =>
  harness.database.db.selectFrom('sync_failures').selectAll().where('stage', '=', 'files').execute();

async function use(settings: Connection['settings']): Promise<void> {
  await harness.database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', harness.connectionId)
    .execute();
}

let added = 400;
/** Attaches a file to the open page; what became of it after an incremental run. */
async function attach(file: File): Promise<string> {
  const id = `att${(added += 1)}`;
  harness.sandbox.context.store.addAttachment({ ...file, id, containerId: openPage });
  return id;
}

test('a word in a file is found by who may see its page, and by nobody else', async () => {
  expect(await harness.sync()).toMatchObject({ state: 'succeeded', failed: '0' });
  for (const ending of sampleEndings) {
    const word = wordOf(ending);
    expect([word, await finds(SMALL.mia, word)]).toEqual([word, [`closed.${ending}`, `open.${ending}`]]);
    expect([word, await finds(SMALL.noah, word)]).toEqual([word, [`open.${ending}`]]);
  }
});

test('a hit is shown with its page, and with the words around the one that was found', async () => {
  const { hits } = await searchRecords(
    harness.database.db,
    { userId: viewers.get(SMALL.mia) ?? '' },
    { q: wordOf('docx') },
  );
  const closed = hits.find(({ title }) => title === 'closed.docx');
  expect(closed?.breadcrumbs.map(({ title }) => title)).toEqual(['Top', 'Leaf']);
  expect(closed?.snippet.map(({ text }) => text).join('')).toContain('was drained in May');
});

test('images and archives are not downloaded', async () => {
  expect(downloads()).toHaveLength(2 * sampleEndings.length);
  expect(await known('att300')).toMatchObject({ state: 'none', code: 'unsupported' });
  expect(await known('att301')).toMatchObject({ state: 'none', code: 'unsupported' });
});

test('what has been read is not read again, by whatever run', async () => {
  await harness.sync('incremental');
  await harness.sync('full');
  expect(downloads()).toEqual([]);
  expect(await finds(SMALL.noah, wordOf('pdf'))).toEqual(['open.pdf']);
});

test('a new name alone costs no download and loses no word', async () => {
  const { store } = harness.sandbox.context;
  store.attachment('att100')!.title = 'renamed.pdf';
  await harness.sync('full');
  expect(downloads()).toEqual([]);
  expect(await finds(SMALL.noah, wordOf('pdf'))).toEqual(['renamed.pdf']);
  expect(await finds(SMALL.noah, 'renamed')).toEqual(['renamed.pdf']);
});

test('a new version is read, and the words of the old one are forgotten', async () => {
  const { store } = harness.sandbox.context;
  store.updateAttachment('att101', { data: base64(docx(['A freshet came.'])) });
  await harness.sync('incremental');
  expect(downloads()).toEqual(['att101']);
  expect(await finds(SMALL.noah, 'freshet')).toEqual(['open.docx']);
  expect(await finds(SMALL.noah, wordOf('docx'))).toEqual([]);
  expect(await known('att101')).toMatchObject({ state: 'done', kind: 'docx', version: 2 });
});

test('an empty file and one above the limit have no text, which is no failure', async () => {
  const empty = await attach({ title: 'empty.txt', mediaType: 'text/plain', data: base64('') });
  const large = await attach({
    title: 'large.csv',
    mediaType: 'text/csv',
    data: { size: 200 * 1024 * 1024 },
  });
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(downloads()).toEqual([empty]);
  expect(await known(empty)).toMatchObject({ state: 'none', code: 'empty' });
  expect(await known(large)).toMatchObject({ state: 'none', code: 'too_large' });
  expect(await finds(SMALL.noah, 'large')).toEqual(['large.csv']);
});

test('two files of one name are two', async () => {
  const first = await attach(sample('txt', 'twin', ['the elder isthmus']));
  const second = await attach(sample('txt', 'twin', ['the younger isthmus']));
  await harness.sync('incremental');
  expect(downloads()).toEqual([first, second]);
  expect(await finds(SMALL.noah, 'isthmus')).toEqual(['twin.txt', 'twin.txt']);
  expect(await finds(SMALL.noah, 'elder isthmus')).toEqual(['twin.txt']);
});

test('a file that is not as long as it is listed is a failed item, and read when it is', async () => {
  const { faults } = harness.sandbox.context;
  const id = await attach(sample('txt', 'short', ['the whole archipelago']));
  faults.add({ match: { path: '/file/', host: 'media' }, action: { kind: 'truncate' } });
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '1' });
  expect(await known(id)).toMatchObject({ state: 'failed', code: 'wrong_length' });
  expect(await finds(SMALL.noah, 'archipelago')).toEqual([]);
  const [failure] = await failures();
  expect(failure).toMatchObject({ external_id: id, message: expect.stringMatching(/has 10 bytes, and Confluence lists 21/) });

  faults.clear();
  await makeFailuresDue(harness.database.db, harness.connectionId, { stage: 'files' });
  await harness.sync('incremental');
  expect(await finds(SMALL.noah, 'archipelago')).toEqual(['short.txt']);
  expect(await failures()).toEqual([]);
}); // prettier-ignore

test('a broken file is a failed item that nothing tries again but a new version', async () => {
  const { store } = harness.sandbox.context;
  const broken = docx(['a delta']).subarray(0, 300);
  const id = await attach({ title: 'broken.docx', mediaType: 'application/zip', data: base64(broken) });
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '1' });
  expect(await known(id)).toMatchObject({ state: 'failed', code: 'broken' });
  expect(await failures()).toMatchObject([{ external_id: id, next_retry_at: null }]);
  downloads();
  await harness.sync('full');
  expect(downloads()).toEqual([]);
  expect(await failures()).toHaveLength(1);

  store.updateAttachment(id, { data: base64(docx(['a delta'])) });
  expect(await harness.sync('incremental')).toMatchObject({ failed: '0' });
  expect(await finds(SMALL.noah, 'delta')).toEqual(['broken.docx']);
  expect(await failures()).toEqual([]);
});

test('a download that fails is tried again later, and keeps no other from being read', async () => {
  const { faults } = harness.sandbox.context;
  const id = await attach(sample('txt', 'first', ['the first lagoon']));
  await attach(sample('txt', 'second', ['the second lagoon']));
  faults.add({ match: { path: `${id}/download` }, action: { kind: 'status', status: 404, body: {} } });
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded', failed: '1' });
  expect(await finds(SMALL.noah, 'lagoon')).toEqual(['second.txt']);
  const [failure] = await failures();
  expect(failure).toMatchObject({ external_id: id, status: 404 });
  expect(failure!.next_retry_at!.getTime()).toBeGreaterThan(Date.now());
  faults.clear();
  await makeFailuresDue(harness.database.db, harness.connectionId, 'all');
  await harness.sync('incremental');
  expect(await finds(SMALL.noah, 'lagoon')).toEqual(['first.txt', 'second.txt']);
});

test('where every download is refused no file is blamed: the rest of the run goes on, and the next one reads them', async () => {
  const { faults } = harness.sandbox.context;
  for (let n = 0; n < 30; n += 1) await attach(sample('txt', `away${n}`, ['the moraine']));
  faults.add({ match: { path: '/download' }, action: { kind: 'status', status: 404, body: {} } });
  downloads();
  const run = await harness.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(downloads().length).toBeLessThan(30);
  expect(await failures()).toEqual([]);
  faults.clear();
  await harness.sync('incremental');
  expect(await finds(SMALL.noah, 'moraine')).toHaveLength(30);
});

test('a credential that may list files and not download them reads everything else, and says so once', async () => {
  const { faults } = harness.sandbox.context;
  for (let n = 0; n < 8; n += 1) await attach(sample('txt', `unread${n}`, ['the estuary']));
  const body = { code: 401, message: 'Unauthorized; scope does not match' };
  faults.add({ match: { path: '/download' }, action: { kind: 'status', status: 401, body } });
  const run = await harness.sync('incremental');
  expect(run).toMatchObject({ state: 'succeeded', failed: '0' });
  const lines = await harness.database.db
    .selectFrom('sync_log')
    .select('message')
    .where('run_id', '=', run.id)
    .where('level', '=', 'warning')
    .execute();
  expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining('lacks a scope')]);
  faults.clear();
  await harness.sync('incremental');
  expect(await finds(SMALL.noah, 'estuary')).toHaveLength(8);
});

test('rules that leave a text out take it away, and give it back when they let it in', async () => {
  downloads();
  await use({ content: { attachments: { byType: [{ types: ['.odt'], handling: 'link' }] } } });
  await harness.sync('incremental');
  expect(await finds(SMALL.mia, wordOf('odt'))).toEqual([]);
  expect(await finds(SMALL.mia, wordOf('rtf'))).toHaveLength(2);
  expect(await finds(SMALL.mia, 'open.odt')).toContain('open.odt');
  expect(await known('att104')).toMatchObject({ state: 'none', code: 'rule' });
  expect(downloads()).toEqual([]);
  await use({});
  await harness.sync('incremental');
  expect(await finds(SMALL.mia, wordOf('odt'))).toHaveLength(2);
  expect(downloads()).toEqual(['att104', 'att204']);
});

test('a file that is left out whole is not found by its name either, and all of it comes back', async () => {
  downloads();
  await use({ content: { attachments: { byType: [{ types: ['.rtf'], handling: 'skip' }] } } });
  await harness.sync('incremental');
  expect(await finds(SMALL.mia, wordOf('rtf'))).toEqual([]);
  expect(await finds(SMALL.mia, 'open.rtf')).not.toContain('open.rtf');
  expect(downloads()).toEqual([]);
  await use({});
  await harness.sync('incremental');
  await harness.sync('incremental');
  expect(await finds(SMALL.mia, wordOf('rtf'))).toHaveLength(2);
  expect(downloads()).toEqual(['att107', 'att207']);
});

test('nothing of a file is downloaded whose attachment is in the trash', async () => {
  const { store } = harness.sandbox.context;
  const id = await attach(sample('txt', 'trashed', ['the fen']));
  store.setAttachmentStatus(id, 'trashed');
  await harness.sync('incremental');
  expect(downloads()).toEqual([]);
  expect(await finds(SMALL.noah, 'fen')).toEqual([]);
});

test('a restriction on the page takes the words of its files with it', async () => {
  const { store } = harness.sandbox.context;
  expect(await finds(SMALL.noah, wordOf('html'))).toEqual(['open.html']);
  store.setRestriction(openPage, 'read', { users: [SMALL.mia, SMALL.admin], groups: [] });
  await harness.sync('permissions');
  expect(await finds(SMALL.noah, wordOf('html'))).toEqual([]);
  expect(await finds(SMALL.mia, wordOf('html'))).toHaveLength(2);
});
