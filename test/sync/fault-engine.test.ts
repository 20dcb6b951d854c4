import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { createLogger } from '../../log.ts';
import { generateWorld } from '../../sandbox/world/generate.ts';
import { watchEngine, type EngineWatch } from '../../server/engine-watch.ts';
import { createBrowserSession, type BrowserSession } from '../browser-session.ts';
import { startPrivateTemporal, type PrivateTemporal } from '../real-parts/temporal.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';
import { expectInvariants, expectShownAsSource } from './invariants.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** Long enough for every poll, heartbeat and retry to have met the absence. */
const awayMs = 60_000;

const world = generateWorld({ seed: 33, spaces: 3, pagesPerSpace: 60, commentsPerPage: 2, bodyBytes: 400 });
world.behaviour.contentSearchLimit = 25;

let temporal: PrivateTemporal;
let harness: SyncHarness;
let worker: WorkerProcess;
let server: TestServer;
let watch: EngineWatch;
let administrator: BrowserSession;
beforeAll(async () => {
  temporal = await startPrivateTemporal();
  harness = await createSyncHarness({
    world,
    worker: false,
    parts: { temporal: temporal.temporal },
    settings: { permissions: { comparedPairs: 0 } },
  });
  worker = await startWorkerProcess(harness);
  server = await createTestServer({
    database: harness.database,
    key: harness.key,
    gatewayUrl: harness.sandbox.url,
    engine: harness.engine,
  });
  watch = watchEngine({ db: harness.database.db, engine: harness.engine, log: createLogger('silent') });
  await server.person('ada@acme.example', 'administrator', 'a long password');
  administrator = createBrowserSession(server.app);
  await administrator.signIn('ada@acme.example', 'a long password');
}, 120_000);
afterAll(async () => {
  await watch.stop();
  await worker.stop();
  await server.close();
  await harness.close();
  await temporal.close();
});

const readiness = async () => (await request(server.app).get('/readyz')).body as Record<string, unknown>;

test('Temporal that is away for a minute is told on every page, loses no run, and the run goes on where it was', async () => {
  const { faults, counters } = harness.sandbox.context;
  const { db } = harness.database;
  faults.add({ after: 12, times: 1, action: { kind: 'barrier', name: 'away' } });
  const runId = await harness.start();
  await faults.barriers.whenHeld('away');
  await temporal.stop();
  faults.barriers.release('away');

  // Search works without the engine, so the server stays ready; it says what rests.
  expect(await readiness()).toMatchObject({ ok: true, checks: { engine: { ok: false } } });
  // One answer that fails to come may be a restart.
  await watch.look();
  await watch.look();
  expect((await administrator.get('/')).text).toContain(
    'Temporal, the engine of all syncs, does not answer.',
  );
  await sleep(awayMs);
  const before = await db
    .selectFrom('sync_runs')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  expect(before.finished_at).toBeNull();

  await temporal.start();
  await watch.look();
  expect(await readiness()).toMatchObject({ ok: true, checks: { engine: { ok: true } } });
  expect((await administrator.get('/')).text).not.toContain('does not answer');
  expect(await harness.ended(runId)).toMatchObject({ state: 'succeeded', failed: '0' });
  expect(await db.selectFrom('sync_runs').select('id').execute()).toEqual([{ id: runId }]);
  await expectInvariants({ harness, connectionId: harness.connectionId }, worker.output);
  await expectShownAsSource({ harness, connectionId: harness.connectionId });
  // What was stored before is not asked for again: a batch in flight of each listing at most.
  const asked = new Map<string, number>();
  for (const { path, query } of counters.log())
    if (
      /\/api\/v2\/(pages|blogposts|footer-comments|inline-comments|attachments)$/.test(path) &&
      query.includes('cursor=')
    )
      asked.set(`${path}?${query}`, (asked.get(`${path}?${query}`) ?? 0) + 1);
  expect([...asked.values()].filter((times) => times > 2)).toEqual([]);
}, 240_000);

test('a run that was asked for while Temporal was away has ended as failed, and the next one starts', async () => {
  await temporal.stop();
  const { db } = harness.database;
  const actor = await server.person('ben@acme.example', 'administrator');
  const key = await server.key(actor);
  const ask = () =>
    request(server.app)
      .post(`/api/v1/connections/${harness.connectionId}/syncs`)
      .set('authorization', `Bearer ${key}`)
      .send({ kind: 'incremental' });
  const refused = await ask();
  expect({ status: refused.status, code: refused.body.error?.code }).toEqual({
    status: 503,
    code: 'engine_unavailable',
  });
  await temporal.start();
  const { status, body } = await ask();
  expect(status).toBe(202);
  expect(await harness.ended(body.id)).toMatchObject({ state: 'succeeded' });
  const open = await db.selectFrom('sync_runs').select('id').where('finished_at', 'is', null).execute();
  expect(open).toEqual([]);
  await expectInvariants({ harness, connectionId: harness.connectionId }, worker.output);
}, 120_000);
