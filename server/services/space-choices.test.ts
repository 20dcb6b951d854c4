import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConfluenceReader, ConfluenceSpace } from '../../atlassian/confluence/types.ts';
import { findConnection } from '../../store/connections.ts';
import type { Connection } from '../../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { createSampleSite } from '../../test/sample-site.ts';
import type { ReadSite } from './site-reader.ts';
import { createSpaceChoices } from './space-choices.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionId } = await createSampleSite(database.db);
  const found = await findConnection(database.db, connectionId);
  if (found === undefined) throw new Error('There is no connection.');
  connection = found;
});
afterAll(() => database.close());

const space = (id: string, key: string, name = key): ConfluenceSpace => ({
  id,
  key,
  name,
  type: 'global',
  status: 'current',
  homepageId: null,
  webPath: '',
});

/** A site of these spaces, a batch each; what was asked of it is noted. */
function siteOf(batches: ConfluenceSpace[][], before: Promise<void> = Promise.resolve()) {
  const asked: string[] = [];
  const reader = {
    async listSpaces({ cursor }: { cursor: string | null }) {
      asked.push(`list ${cursor}`);
      await before;
      const at = Number(cursor ?? 0);
      return {
        items: batches[at] ?? [],
        next: at + 1 < batches.length ? String(at + 1) : null,
        serverTime: new Date(),
      };
    },
    async count(cql: string) {
      asked.push(cql);
      return 7;
    },
  } as unknown as ConfluenceReader;
  const readSite: ReadSite = (_connection, work) => work(reader);
  return { readSite, asked };
}
const search = (named: string) => ({ named, after: 0, limit: 20 });

test('the key itself comes first, then what begins so, then what holds it; capitals do not matter in a search', async () => {
  const { readSite } = siteOf([
    [space('1', 'XENG'), space('2', 'ENGX', 'Zoo')],
    [space('3', 'ENG', 'Machines')],
  ]);
  const choices = createSpaceChoices({ db: database.db, readSite });
  const { items, found } = await choices(connection, search('eng'));
  expect([items.map(({ key }) => key), found]).toEqual([['ENG', 'ENGX', 'XENG'], 3]);
  expect(items[0]).toMatchObject({ name: 'Machines', pages: 7 });
});

test('the list and the sizes are asked for once in a while, and anew with another credential', async () => {
  let at = 0;
  const { readSite, asked } = siteOf([[space('1', 'ENG')]]);
  const choices = createSpaceChoices({ db: database.db, readSite, now: () => at });
  for (const typed of ['e', 'en', 'eng']) await choices(connection, search(typed));
  expect(asked).toEqual(['list null', 'space = "ENG" and type in (page, blogpost)']);
  at += 16 * 60_000;
  await choices(connection, search(''));
  await choices({ ...connection, credential_version: connection.credential_version + 1 }, search(''));
  expect(asked.filter((each) => each === 'list null')).toHaveLength(3);
});

test('while a long list is still being read, the spaces of the last sync are there, and then the site’s', async () => {
  let done = () => {};
  const { readSite } = siteOf([[space('1', 'ENG')]], new Promise((resolve) => (done = resolve)));
  const choices = createSpaceChoices({ db: database.db, readSite, patienceMs: 1 });
  const first = await choices(connection, search(''));
  expect(first).toMatchObject({ items: [], notAsked: expect.stringContaining('still being read') });
  done();
  let later = first;
  while (later.notAsked !== null) later = await choices(connection, search(''));
  expect(later).toMatchObject({ found: 1, items: [{ key: 'ENG' }] });
});

test('a fault of ours is no answer of the site', async () => {
  const readSite: ReadSite = () => Promise.reject(new TypeError('ours'));
  await expect(createSpaceChoices({ db: database.db, readSite })(connection, search(''))).rejects.toThrow(
    'ours',
  );
});
