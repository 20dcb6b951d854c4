import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../process/ports.ts';
import { startService } from '../../process/service.ts';
import type { SyncHarness } from './harness.ts';

/** A worker as in production: a process of its own, which may be killed. */
export interface WorkerProcess {
  /** Of the process, by which Temporal knows the worker too: `<pid>@<host>`. */
  pid: number;
  /** Everything it has written so far. */
  output: string[];
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves once the worker takes work. The harness must have a namespace of its own. `env`: over what a test sets. */
export async function startWorkerProcess(
  { database, temporal, sandbox, key }: SyncHarness,
  options: { env?: Record<string, string> } = {},
): Promise<WorkerProcess> {
  const output: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'sluice-worker-'));
  let ready = false;
  const running = await startService({
    script: fileURLToPath(new URL('../../temporal/worker.ts', import.meta.url)),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: key.toString('base64'),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ATLASSIAN_GATEWAY_URL: sandbox.url,
      METRICS_PORT: String(await freePort()),
      LOG_LEVEL: 'debug',
      ...options.env,
    },
    logFile: join(folder, 'worker.log'),
    onLine: (line) => {
      output.push(line);
      if (line.includes('The worker takes work.')) ready = true;
    },
    ready: async () => ready,
  });
  const ended = running.exited.then(() => rmSync(folder, { recursive: true, force: true }));
  return {
    pid: running.pid,
    output,
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      await ended;
    },
    async stop() {
      await running.stop();
      await ended;
    },
  };
}
