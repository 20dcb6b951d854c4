import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../embedded/postgres.ts';
import { answers, startService } from '../process/service.ts';
import { freePort } from '../process/ports.ts';
import { migrate, openDatabase, type DatabaseHandle } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { connectClient } from '../temporal/connect.ts';
import { workerNodeArgs } from '../temporal/node-args.ts';
import { startTemporal } from '../temporal/dev-server.ts';

const script = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What is measured: everything in a process of its own, as in production. */
export interface Rig {
  database: DatabaseHandle;
  sandboxUrl: string;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  client: ReturnType<typeof connectClient>['client'];
  cipher: ReturnType<typeof createCipher>;
  /** Starts a worker process; `peak` reads its highest resident memory so far, in MB. */
  startWorker(): Promise<{ pid: number; stop(): Promise<void> }>;
  /** An empty database in place of the last one. */
  fresh(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRig(say: (line: string) => void): Promise<Rig> {
  const dataDir = resolve('.sluice/bench');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  say('Starting PostgreSQL, Temporal and the simulated site');
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir, progress: say }),
    startTemporal({ dataDir, progress: say, inMemory: true }),
  ]);
  const port = await freePort();
  const sandboxUrl = `http://127.0.0.1:${port}`;
  const sandbox = await startService({
    script: script('sandbox/main.ts'),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SANDBOX_PORT: String(port) },
    logFile: join(dataDir, 'sandbox.log'),
    ready: () => answers(`${sandboxUrl}/__sandbox`),
  });
  const key = randomBytes(32);
  const { client, close } = connectClient({ address: temporal.address, namespace: 'default' });
  let database = await emptyDatabase(postgres.url);
  return {
    get database() {
      return database.handle;
    },
    sandboxUrl,
    client,
    cipher: createCipher(keyProviderFromKey(key)),
    async control(method, path, body) {
      const response = await fetch(`${sandboxUrl}/__sandbox${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async startWorker() {
      const running = await startService({
        script: script('temporal/worker.ts'),
        // WORKER_NODE_ARGS=--cpu-prof shows where a worker's time goes.
        nodeArgs: [...workerNodeArgs, ...(process.env['WORKER_NODE_ARGS']?.split(' ') ?? [])],
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          DATABASE_URL: database.url,
          ENCRYPTION_KEY: key.toString('base64'),
          TEMPORAL_ADDRESS: temporal.address,
          ATLASSIAN_GATEWAY_URL: sandboxUrl,
          METRICS_PORT: String(await freePort()),
          LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
        },
        logFile: join(dataDir, 'worker.log'),
        onLine: () => {},
        ready: () => Promise.resolve(true),
      });
      return { pid: running.pid, stop: running.stop };
    },
    async fresh() {
      await database.handle.close();
      database = await emptyDatabase(postgres.url);
    },
    async stop() {
      await Promise.allSettled([close(), database.handle.close()]);
      await Promise.allSettled([sandbox.stop(), temporal.stop(), postgres.stop()]);
    },
  };
}

async function emptyDatabase(serverUrl: string): Promise<{ url: string; handle: DatabaseHandle }> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query('drop database if exists bench with (force)');
  await client.query('create database bench');
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = '/bench';
  const handle = openDatabase(url.href);
  await migrate(handle.db);
  return { url: url.href, handle };
}
