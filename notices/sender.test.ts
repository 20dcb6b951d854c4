import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../log.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { insertNoticeTarget, sealTarget } from '../store/notice-targets.ts';
import { closeNotice, openNotice } from '../store/notices.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createNoticePost, type NoticePost } from './post.ts';
import { startReceiver, type NoticeReceiver } from './receiver.fixture.ts';
import { createNoticeSender } from './sender.ts';

let database: TestDatabase;
let receiver: NoticeReceiver;
let post: NoticePost;
const logged: string[] = [];
const log = createLogger('debug', { write: (line: string) => void logged.push(line) });
const cipher = createCipher(keyProviderFromKey(randomBytes(32)));
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  receiver = await startReceiver();
  post = createNoticePost({ allowedPrivateHosts: [receiver.host], env: {}, timeoutMs: 1_000 });
  await database.db.deleteFrom('notice_targets').execute();
  await database.db.deleteFrom('notices').execute();
});
afterEach(async () => {
  await post.close();
  await receiver.close();
});

const sender = () =>
  createNoticeSender({ db: database.db, cipher, post, publicUrl: 'https://sluice.example', log });

async function addTarget(name: string, url = receiver.url): Promise<string> {
  const id = randomUUID();
  const secret = sealTarget(cipher, id, { url, secret: 'whsec_1' });
  await insertNoticeTarget(database.db, { id, name, url: 'http://…', secret });
  return id;
}

const notice = {
  connectionId: null,
  code: 'engine_away' as const,
  severity: 'warning' as const,
  message: 'Away.',
};
const stored = () =>
  database.db.selectFrom('notice_deliveries').selectAll().orderBy('created_at').orderBy('event').execute();
const makeDue = () =>
  database.db
    .updateTable('notice_deliveries')
    .set({ next_attempt_at: new Date(0) })
    .execute();
const events = () => receiver.received.map(({ headers }) => headers['x-sluice-event']);

test('a notice is posted once to each target, its end after it', async () => {
  await addTarget('One');
  await addTarget('Two');
  await openNotice(database.db, notice);
  await closeNotice(database.db, notice);
  await sender().sendDue();
  await sender().sendDue();
  expect(await sender().sendDue()).toBe(0);
  expect(events().sort()).toEqual(['notice.closed', 'notice.closed', 'notice.opened', 'notice.opened']);
  expect((await stored()).map(({ state }) => state)).toEqual(Array(4).fill('delivered'));
});

test('two senders at once post nothing twice', async () => {
  for (const name of ['One', 'Two', 'Three']) await addTarget(name);
  for (let n = 0; n < 5; n += 1) await openNotice(database.db, { ...notice, subject: String(n) });
  const [one, two] = [sender(), sender()];
  for (let round = 0; round < 6; round += 1) await Promise.all([one.sendDue(), two.sendDue()]);
  const ids = receiver.received.map(({ headers }) => headers['x-sluice-event-id']);
  expect(ids).toHaveLength(15);
  expect(new Set(ids).size).toBe(15);
});

test('what is refused is tried again later under the same id, and an end waits for its beginning', async () => {
  await addTarget('One');
  receiver.answer = (response) => response.writeHead(503).end();
  await openNotice(database.db, notice);
  await sender().sendDue();
  await closeNotice(database.db, notice);
  await sender().sendDue();
  expect(events()).toEqual(['notice.opened']);
  const [opened] = await stored();
  expect(opened).toMatchObject({ state: 'pending', attempts: 1, last_error: expect.stringContaining('503') });
  expect(opened?.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 15_000);
  receiver.answer = (response) => response.writeHead(200).end();
  await makeDue();
  await sender().sendDue();
  await sender().sendDue();
  expect(events()).toEqual(['notice.opened', 'notice.opened', 'notice.closed']);
  const [first, second] = receiver.received;
  expect(second?.headers['x-sluice-event-id']).toBe(first?.headers['x-sluice-event-id']);
  expect(second?.body).toBe(first?.body);
});

test('a target that does not answer keeps no other waiting', async () => {
  const slow = await startReceiver();
  slow.answer = () => {};
  const both = createNoticePost({
    allowedPrivateHosts: [receiver.host, slow.host],
    env: {},
    timeoutMs: 3_000,
  });
  await addTarget('A slow one', slow.url);
  await addTarget('Quick');
  for (let n = 0; n < 12; n += 1) await openNotice(database.db, { ...notice, subject: String(n) });
  const one = createNoticeSender({
    db: database.db,
    cipher,
    post: both,
    publicUrl: 'https://x',
    log,
    everyMs: 20,
  });
  one.start();
  while (receiver.received.length < 12) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(slow.received).toHaveLength(1);
  await slow.close();
  await one.stop();
  await both.close();
});

test('after a day it is given up, and administrators are told until the target answers again', async () => {
  const id = await addTarget('One');
  receiver.answer = (response) => response.writeHead(500).end();
  await openNotice(database.db, notice);
  await database.db
    .updateTable('notice_deliveries')
    .set({ created_at: new Date(Date.now() - 25 * 3_600_000) })
    .execute();
  await sender().sendDue();
  expect((await stored()).find(({ last_error }) => last_error !== null)?.state).toBe('given_up');
  const failing = () =>
    database.db
      .selectFrom('notices')
      .select(['subject', 'message'])
      .where('code', '=', 'notice_target_failing')
      .where('ended_at', 'is', null)
      .execute();
  expect(await failing()).toEqual([{ subject: id, message: expect.stringContaining('"One"') }]);
  receiver.answer = (response) => response.writeHead(200).end();
  await makeDue();
  await sender().sendDue();
  expect(await failing()).toEqual([]);
});

test('a disabled target is left alone, and no log holds an address or a secret', async () => {
  const id = await addTarget('One');
  await openNotice(database.db, notice);
  await database.db.updateTable('notice_targets').set({ enabled: false }).where('id', '=', id).execute();
  expect(await sender().sendDue()).toBe(0);
  await database.db.updateTable('notice_targets').set({ enabled: true }).where('id', '=', id).execute();
  expect(await sender().sendDue()).toBe(1);
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toMatch(/secret-path|whsec/);
  expect(JSON.stringify(await stored())).not.toMatch(/secret-path|whsec/);
});
