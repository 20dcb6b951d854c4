import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startReceiver, type NoticeReceiver } from '../../notices/receiver.fixture.ts';
import { generateWorld, GENERATED_ADMIN } from '../../sandbox/world/generate.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { insertNoticeTarget, sealTarget } from '../../store/notice-targets.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { secretsOf } from './canaries.ts';
import { expectInvariants } from './invariants.ts';
import { startWorkerProcess } from './worker-process.ts';

const { accountId } = GENERATED_ADMIN;
const world = generateWorld({ seed: 33, spaces: 1, pagesPerSpace: 10, commentsPerPage: 0 });

let harness: SyncHarness;
let receiver: NoticeReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
  harness = await createSyncHarness({ world, worker: false, ownNamespace: true });
});
afterAll(async () => {
  await harness.close();
  await receiver.close();
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a worker killed after the receiver took a notice leaves one effect: the same event comes again', async () => {
  const { db } = harness.database;
  const id = randomUUID();
  const secret = sealTarget(createCipher(keyProviderFromKey(harness.key)), id, {
    url: receiver.url,
    secret: 'whsec_canary',
  });
  await insertNoticeTarget(db, { id, name: 'On call', url: `http://${receiver.host}`, secret });
  const env = { ALLOWED_PRIVATE_HOSTS: receiver.host };
  const killed = await startWorkerProcess(harness, { env });
  const connection = await harness.connect({ world, oauth: { accountId } });
  expect(await connection.sync()).toMatchObject({ state: 'succeeded' });

  // What a receiver does: an effect for each event id that it has not seen.
  const effects = new Set<string>();
  receiver.answer = (_response, { headers }) => {
    effects.add(String(headers['x-sluice-event-id']));
    // The worker dies before it hears the answer.
  };
  const { grants, store } = harness.sandbox.context;
  grants.revoke(store.oauthApps()[0]?.clientId ?? '', accountId);
  expect(await connection.sync('incremental')).toMatchObject({ state: 'failed', cause: 'consent_revoked' });
  await until(() => receiver.received.length === 1);
  await killed.kill();

  receiver.answer = (response, { headers }) => {
    effects.add(String(headers['x-sluice-event-id']));
    response.writeHead(200).end();
  };
  // The dead worker's turn ends after a minute; here it has ended already.
  await db
    .updateTable('notice_deliveries')
    .set({ next_attempt_at: new Date(0) })
    .execute();
  const worker = await startWorkerProcess(harness, { env });
  await until(async () => {
    const rows = await db.selectFrom('notice_deliveries').select('state').execute();
    return rows.every(({ state }) => state === 'delivered');
  });
  expect(receiver.received).toHaveLength(2);
  expect(effects.size).toBe(1);
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    event: 'notice.opened',
    notice: { code: 'needs_reauth', severity: 'error' },
    connection: { id: connection.connectionId },
  });

  // Neither what was posted nor any other place holds a secret.
  const posted = JSON.stringify(receiver.received);
  expect([...secretsOf(harness), 'whsec_canary'].filter((each) => posted.includes(each))).toEqual([]);
  const output = [...killed.output, ...worker.output];
  expect(output.join('\n')).not.toMatch(/whsec_canary|secret-path/);
  await expectInvariants({ harness, connectionId: connection.connectionId }, output);
  await worker.stop();
}, 120_000);
