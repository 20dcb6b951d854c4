import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createBodyRenderer } from '../../content/rendered-body.ts';
import { createLogger } from '../../log.ts';
import { saveAccounts } from '../../store/accounts.ts';
import { findConnection } from '../../store/connections.ts';
import { saveRecords } from '../../store/records.ts';
import { startRun } from '../../store/runs.ts';
import type { ConnectionSettings } from '../../store/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { makeConnection, makeRecord, makeRun } from '../../test/factories.ts';
import { siteOf, type SyncContext } from '../context.ts';
import { renderStored } from './render-stored.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const note = (words: string) =>
  `<ac:structured-macro ac:name="note"><ac:rich-text-body><p>${words}</p></ac:rich-text-body></ac:structured-macro>`;
const mention = '<ac:link><ri:user ri:account-id="ada"/></ac:link>';

type Content = NonNullable<ConnectionSettings['content']>;
const dropNotes: Content = { macros: { byName: { note: 'drop' } } };
const keepNotes: Content = { macros: { byName: { note: 'text' } } };

/** A connection with pages that are stored by its rules, and a sync of which only the database is there. */
async function site(pages: number, padding = '') {
  const { db } = database;
  const connectionId = await makeConnection(db, { name: `Site ${Math.random()}` });
  const runId = await makeRun(db, connectionId);
  await startRun(db, runId);
  const ada = {
    accountId: 'ada',
    displayName: 'Ada 漢字',
    email: null,
    accountType: 'atlassian',
    accountStatus: 'active',
    guest: false,
  };
  await saveAccounts(db, connectionId, [ada], new Date());
  const connection = (await findConnection(db, connectionId))!;
  const names = new Map([['ada', 'Ada 漢字']]);
  const bodyOf = (at: number) => `<p>Page ${at} by ${mention}</p>${note(`remark${at}`)}<p>${padding}</p>`;
  const store = async (from: number, to: number) => {
    const render = createBodyRenderer(siteOf({ connection }), names);
    const records = Array.from({ length: to - from }, (_, at) => {
      const title = `Title ${from + at}`;
      const { body } = render({ kind: 'page', title, spaceKey: 'S', raw: bodyOf(from + at) });
      return makeRecord(String(1_000 + from + at), { title, labels: ['runbook'], body });
    });
    await saveRecords(db, connectionId, runId, records, new Date());
  };
  await store(0, pages);
  const positions: string[] = [];
  const context = {
    db,
    connectionId,
    runId,
    connection,
    log: createLogger('silent'),
    // Whoever asks Atlassian for anything fails.
    reader: new Proxy({}, { get: () => () => Promise.reject(new Error('A request was sent.')) }),
    checkpointReached: (position: string) => void positions.push(position),
  } as unknown as SyncContext;
  return {
    context,
    positions,
    store,
    set: (content: Content) => void (connection.settings = { ...connection.settings, content }),
    async stored() {
      const { rows } = await sql<{
        id: string;
        markdown: string;
        text: string;
        cjk: string | null;
        rules: string;
        words: string[];
      }>`
        select r.external_id as id, b.markdown, b.text, b.rules, s.cjk, tsvector_to_array(s.words) as words
        from records r join record_bodies b on b.record_id = r.id join record_search s on s.record_id = r.id
        where r.connection_id = ${connectionId} order by r.external_id`.execute(db);
      return rows;
    },
    flag: async () => (await findConnection(db, connectionId))!.rendered_rules,
  };
}

test('changed rules render what is stored anew, as if it had been read by them', async () => {
  const one = await site(3);
  const other = await site(0);
  for (const { set } of [one, other]) set(dropNotes);
  await renderStored(one.context);
  await other.store(0, 3);
  const rendered = await one.stored();
  expect(rendered).toEqual(await other.stored());
  expect(rendered[0]).toMatchObject({
    markdown: 'Page 0 by @Ada 漢字',
    text: 'Page 0 by @Ada 漢字',
    cjk: '漢字',
  });
  expect(rendered[0]?.words).toEqual(expect.arrayContaining(['runbook', 'titl', 'page']));
  expect(rendered[0]?.words).not.toContain('remark0');
});

test('and back to the defaults, as they were', async () => {
  const { context, set, stored, flag } = await site(3);
  const before = await stored();
  set(dropNotes);
  await renderStored(context);
  expect(await stored()).not.toEqual(before);
  set({});
  await renderStored(context);
  expect(await stored()).toEqual(before);
  expect(await flag()).toBe('');
});

test('rules that render nothing otherwise write nothing', async () => {
  const { context, set, positions } = await site(3);
  set({ fields: { owner: { from: 'creator' } }, attachments: { default: 'link' }, tables: 'markdown' });
  await renderStored(context);
  expect(positions).toEqual([]);
});

test('batches are bounded by their bodies and by their bytes', async () => {
  const many = await site(600);
  many.set(dropNotes);
  await renderStored(many.context);
  expect(many.positions).toEqual(['rendered 250', 'rendered 500', 'rendered 600']);
  const large = await site(5, 'x '.repeat(500_000));
  large.set(dropNotes);
  await renderStored(large.context);
  expect(large.positions).toEqual(['rendered 3', 'rendered 5']);
});

test('a step that is stopped between batches goes on where it was', async () => {
  const { context, set, stored, flag } = await site(300);
  set(dropNotes);
  const stopping = {
    ...context,
    checkpointReached: () => {
      throw new Error('stopped');
    },
  };
  await expect(renderStored(stopping)).rejects.toThrow('stopped');
  const halfway = (await stored()).filter(({ rules }) => rules !== '').length;
  expect(halfway).toBe(250);
  expect(await flag()).toBe('');
  await renderStored(context);
  expect((await stored()).filter(({ text }) => text.includes('remark'))).toEqual([]);
  expect(await flag()).not.toBe('');
});

test('rules that change meanwhile hold for all, from the first body on', async () => {
  const { context, set, stored } = await site(300);
  set(dropNotes);
  let batches = 0;
  await renderStored({
    ...context,
    checkpointReached() {
      batches += 1;
      if (batches === 1) set(keepNotes);
    },
  });
  const rendered = await stored();
  expect(new Set(rendered.map(({ rules }) => rules)).size).toBe(1);
  expect(rendered.every(({ markdown }) => !markdown.includes('>') && markdown.includes('remark'))).toBe(true);
});

test('a body that is stored by other rules than the rest has the rest looked at again', async () => {
  const { context, set, store, stored, flag } = await site(3);
  set(dropNotes);
  await renderStored(context);
  set({});
  await store(3, 4);
  expect(await flag()).toBeNull();
  set(dropNotes);
  await renderStored(context);
  expect((await stored()).map(({ text }) => text.includes('remark'))).toEqual([false, false, false, false]);
});

test('how far it is stands with the run, which has seen nothing for it', async () => {
  const { context, set } = await site(300);
  set(dropNotes);
  await renderStored(context);
  const { db, runId } = context;
  const stages = await db.selectFrom('sync_stages').selectAll().where('run_id', '=', runId).execute();
  expect(stages).toMatchObject([{ stage: 'content rules', state: 'done', done: '300', total: null }]);
  const run = await db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
  expect(run).toMatchObject({ seen: '0', indexed: '0', unchanged: '0', requests: '0' });
});

test('a run that has ended meanwhile stores nothing more', async () => {
  const { context, set, stored } = await site(3);
  const before = await stored();
  set(dropNotes);
  await context.db
    .updateTable('sync_runs')
    .set({ state: 'cancelled' })
    .where('id', '=', context.runId)
    .execute();
  await expect(renderStored(context)).rejects.toThrow('The run has ended meanwhile');
  expect(await stored()).toEqual(before);
});
