import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { SluiceError } from '../errors.ts';
import { lastLines, spawnGuarded, stopLeftover, type Guarded } from '../process/guarded.ts';
import { freePort, portIsFree } from '../process/ports.ts';
import { temporalBinary } from './binary.ts';

export interface DevServer {
  /** host:port of the gRPC front end; the namespace is `default`. */
  address: string;
  port: number;
  /** Ends when the server ends, asked or not. */
  exited: Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a Temporal development server on a free port of the loopback interface, fetching the program first where the
 * machine has none, with its state in `dataDir`/temporal.db (`inMemory`: nowhere). A server that a killed earlier run
 * left behind is stopped first. The server ends with this process. The caller holds the lock of `dataDir`.
 * @throws SluiceError `no_temporal_server`, `temporal_did_not_start`.
 */
export async function startTemporal(options: {
  dataDir: string;
  progress?: (line: string) => void;
  inMemory?: boolean;
  binary?: string;
}): Promise<DevServer> {
  const progress = options.progress ?? (() => {});
  const binary = options.binary ?? (await temporalBinary({ progress }));
  const pidFile = join(options.dataDir, 'temporal.pid');
  const mark =
    options.inMemory === true ? 'server start-dev --headless' : join(options.dataDir, 'temporal.db');
  await stopLeftover({ pidFile, mark, signal: 'SIGTERM' });
  const record = join(options.dataDir, 'temporal.json');
  const logFile = join(options.dataDir, 'temporal.log');
  let wished = readPort(record);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wished);
    const server = launch({ ...options, binary, port, logFile, pidFile });
    if (await healthy(server, port, progress)) {
      writeFileSync(record, JSON.stringify({ port }), { mode: 0o600 });
      return { address: `127.0.0.1:${port}`, port, exited: server.exited, stop: server.stop };
    }
    await server.stop();
    // Between the look and the launch another program may have taken the port.
    if (attempt < 3 && /address already in use/.test(lastLines(logFile))) {
      wished = undefined;
      continue;
    }
    throw new SluiceError('temporal_did_not_start', explain(options.dataDir, logFile));
  }
}

function launch(options: {
  dataDir: string;
  inMemory?: boolean;
  binary: string;
  port: number;
  logFile: string;
  pidFile: string;
}): Guarded {
  return spawnGuarded({
    command: options.binary,
    args: [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(options.port),
      '--log-level',
      'error',
      // Short activities are handed to the worker that asks, without a round through the task queue: 50 ms, not 100.
      '--dynamic-config-value',
      'system.enableActivityEagerExecution=true',
      ...(options.inMemory === true ? [] : ['--db-filename', join(options.dataDir, 'temporal.db')]),
    ],
    // State in memory needs no goodbye.
    stopSignal: options.inMemory === true ? 'KILL' : 'TERM',
    logFile: options.logFile,
    pidFile: options.pidFile,
  });
}

async function healthy(server: Guarded, port: number, progress: (line: string) => void): Promise<boolean> {
  const started = Date.now();
  let said = started;
  while (server.isRunning() && Date.now() - started < 120_000) {
    try {
      // The client's own retries start at a second: look for the open port first.
      if (await portIsFree(port)) throw new Error('not yet');
      const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: '2s' });
      try {
        await connection.withDeadline(Date.now() + 2000, () =>
          connection.workflowService.describeNamespace({ namespace: 'default' }),
        );
        return true;
      } finally {
        await connection.close();
      }
    } catch {
      if (Date.now() - said > 5000) {
        said = Date.now();
        progress(`Temporal is still starting (${Math.round((said - started) / 1000)} s)`);
      }
      await delay(50);
    }
  }
  return false;
}

function explain(dataDir: string, logFile: string): string {
  const output = lastLines(logFile);
  const database = join(dataDir, 'temporal.db');
  if (/No space left|database or disk is full/i.test(output)) {
    return `The Temporal server did not start because the disk is full: free some space and start again.\n${output}`;
  }
  if (/malformed|not a database/i.test(output)) {
    return `The Temporal server cannot read ${database}. Delete it: only what was under way is forgotten, and the next sync makes up for it.\n${output}`;
  }
  return `The Temporal server did not start; its log is ${logFile}.\n${output}`;
}

function readPort(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { port: number }).port;
  } catch {
    return undefined;
  }
}
