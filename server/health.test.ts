import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import express from 'express';
import request from 'supertest';
import { createLogger } from '../log.ts';
import { openDatabase, type DatabaseHandle } from '../store/database.ts';
import { serveWorkerHealth } from '../temporal/worker-health.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { startPrivatePostgres, type PrivatePostgres } from '../test/real-parts/postgres.ts';
import { healthRouter } from './health.ts';

let database: TestDatabase;
let mute: Server;
let hanging: DatabaseHandle;
const sockets: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  // Takes connections and never answers, as a host behind a broken network does.
  mute = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => void mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  hanging = openDatabase(`postgres://postgres@127.0.0.1:${port}/none`);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  mute.close();
  await Promise.all([hanging.close(), database.close()]);
});

const answers = async () => ({ ok: true, message: 'Temporal answers.' });
const away = async () => ({ ok: false, message: 'Temporal does not answer.' });
const never = () => new Promise<{ ok: boolean; message: string }>(() => {});

const ready = (db: DatabaseHandle['db'], health: () => Promise<{ ok: boolean; message: string }>) => {
  const app = express().use(healthRouter({ db, engine: { health }, openapi: new OpenAPIRegistry() }));
  return request(app).get('/readyz');
};
/** Which checks of an answer fail. */
const failing = (body: { checks: Record<string, { ok: boolean }> }) =>
  Object.entries(body.checks).flatMap(([name, { ok }]) => (ok ? [] : name));

test('a server is ready with its database, and tells of Temporal without needing it', async () => {
  const well = await ready(database.db, answers).expect(200);
  expect([well.body.ok, failing(well.body)]).toEqual([true, []]);
  for (const engine of [away, never]) {
    const { body } = await ready(database.db, engine).expect(200);
    expect([body.ok, failing(body)]).toEqual([true, ['engine']]);
  }
});

test('a database that takes connections and never answers makes it not ready, while the probe still waits', async () => {
  const { body } = await ready(hanging.db, answers).expect(503);
  expect([body.ok, failing(body)]).toEqual([false, ['database', 'migrations']]);
  const app = express().use(
    healthRouter({ db: hanging.db, engine: { health: never }, openapi: new OpenAPIRegistry() }),
  );
  await request(app).get('/healthz').expect(200);
});

test('a schema that lacks a migration is named, and one that is newer than this version is fine', async () => {
  const { db } = database;
  const before = await db
    .selectFrom('kysely_migration' as never)
    .selectAll()
    .execute();
  const last = (before as { name: string }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1)).at(-1);
  await db
    .deleteFrom('kysely_migration' as never)
    .where('name' as never, '=', last?.name as never)
    .execute();
  const { body } = await ready(db, answers).expect(503);
  expect(failing(body)).toEqual(['migrations']);
  expect(body.checks.migrations.message).toContain(last?.name);
  const newer = [last, { ...last, name: '9999_later' }];
  await db
    .insertInto('kysely_migration' as never)
    .values(newer as never)
    .execute();
  await ready(db, answers).expect(200);
});

test('a PostgreSQL that goes away and comes back is told at each look', async () => {
  const postgres: PrivatePostgres = await startPrivatePostgres();
  try {
    const { db } = postgres.database;
    await ready(db, answers).expect(200);
    await postgres.kill();
    expect(failing((await ready(db, answers).expect(503)).body)).toContain('database');
    await postgres.start();
    expect((await ready(db, answers).expect(200)).body.ok).toBe(true);
  } finally {
    await postgres.close();
  }
});

test('a worker needs Temporal, too, is not ready while it stops, and lives all the same', async () => {
  const state = { stopping: false, engine: answers };
  const served = serveWorkerHealth({
    port: 0,
    db: database.db,
    engine: { health: () => state.engine() },
    isStopping: () => state.stopping,
    log: createLogger('silent'),
  });
  const at = async (path: string) => fetch(`http://127.0.0.1:${served.port()}${path}`);
  try {
    expect((await at('/readyz')).status).toBe(200);
    state.engine = away;
    const without = await at('/readyz');
    expect([without.status, failing((await without.json()) as never)]).toEqual([503, ['engine']]);
    state.engine = answers;
    state.stopping = true;
    const stopping = await at('/readyz');
    expect([stopping.status, failing((await stopping.json()) as never)]).toEqual([503, ['worker']]);
    expect((await at('/healthz')).status).toBe(200);
    expect(await (await at('/metrics')).text()).toContain('sluice_runs_total');
    expect((await at('/else')).status).toBe(404);
  } finally {
    served.close();
  }
});
