import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAskedAt } from '../../activities/asked-at.ts';
import type { SyncContext } from '../../activities/context.ts';
import { readAttachmentTexts } from '../../activities/files/read-attachment-texts.ts';
import { createSiteOpener } from '../../activities/open-site.ts';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import type { Extractor } from '../../extraction/extractor.ts';
import { createLogger } from '../../log.ts';
import { createSmallWorld, smallPage } from '../../sandbox/world/small.ts';
import { findConnection } from '../../store/connections.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { startRun } from '../../store/runs.ts';
import { attached, base64, openPage } from './attachment-world.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

const files = 130;
let harness: SyncHarness;
beforeAll(async () => {
  const world = createSmallWorld({ content: [smallPage(openPage, { title: 'Top' })] });
  harness = await createSyncHarness({ world });
});
afterAll(() => harness.close());

/** Says what was asked of it, without a thread. */
const extractor: Extractor = {
  extract: async () => ({ ok: true, kind: 'text', text: 'words', truncated: false, warnings: [] }),
};

test('a run reads files for its time, leaves the rest to the next, and says how many', async () => {
  const { db } = harness.database;
  const { connectionId } = harness;
  // Listed as images, so that the run itself reads none; then the names change.
  await harness.sync();
  const { store } = harness.sandbox.context;
  for (let n = 0; n < files; n += 1) {
    const { id, data } = attached(`att${1_000 + n}`, openPage, {
      title: '',
      mediaType: '',
      data: base64('word'),
    });
    store.addAttachment({ id, data, containerId: openPage, title: `${n}.png`, mediaType: 'image/png' });
  }
  expect(await harness.sync('incremental')).toMatchObject({ state: 'succeeded' });
  await db
    .updateTable('records')
    .set({ media_type: 'text/plain' })
    .where('kind', '=', 'attachment')
    .execute();
  await db.updateTable('attachment_texts').set({ state: 'due' }).execute();

  const { id: runId } = await db
    .insertInto('sync_runs')
    .values({ connection_id: connectionId, kind: 'incremental' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await startRun(db, runId);
  const log = createLogger('silent');
  const http = createAtlassianHttp({ gatewayUrl: harness.sandbox.url, allowedPrivateHosts: [], log });
  const cipher = createCipher(keyProviderFromKey(harness.key));
  const connection = await findConnection(db, connectionId);
  if (connection === undefined) throw new Error('The connection is gone.');
  const site = await createSiteOpener({ db, http, cipher })(connection, new AbortController().signal);
  const askedAt = await createAskedAt(db);
  const run = { connectionId, runId, db, log, connection, askedAt, extractor };
  const context: SyncContext = { ...run, ...site, checkpointReached() {} };

  const due = async () =>
    (await db.selectFrom('attachment_texts').select('record_id').where('state', '=', 'due').execute()).length;
  await readAttachmentTexts(context, 0);
  const left = await due();
  expect(left).toBeGreaterThan(files - 10);
  expect(left).toBeLessThan(files);
  await readAttachmentTexts(context);
  expect(await due()).toBe(0);
  const lines = await db.selectFrom('sync_log').select('message').where('run_id', '=', runId).execute();
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringContaining(`${left} attachments is left for the next run`),
  ]);
  await site.close();
  await http.close();
});
