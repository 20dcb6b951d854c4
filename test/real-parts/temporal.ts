import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLogger } from '../../log.ts';
import { startTemporal } from '../../temporal/dev-server.ts';
import { taskQueue } from '../../temporal/names.ts';
import { installLogging } from '../../temporal/run-worker.ts';
import type { TestTemporal } from '../temporal.ts';

/** A Temporal server that nobody else uses, with its state in a file, which may go away and come back. */
export interface PrivateTemporal {
  temporal: TestTemporal;
  /** The server is gone; its state stays on disk. */
  stop(): Promise<void>;
  /** On the same port, with the state that it had. */
  start(): Promise<void>;
  /** Stops the server and deletes its state. */
  close(): Promise<void>;
}

export async function startPrivateTemporal(): Promise<PrivateTemporal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-private-temporal-'));
  let server = await startTemporal({ dataDir });
  const { address } = server;
  installLogging(createLogger('silent'));
  const [connection, worker] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const temporal: TestTemporal = {
    address,
    namespace: 'default',
    // Worker processes poll no other queue.
    taskQueue,
    id: (name) => name,
    client: new Client({ connection, namespace: 'default' }),
    connection: worker,
    close: async () => {
      await connection.close();
      await worker.close();
    },
  };
  return {
    temporal,
    stop: () => server.stop(),
    async start() {
      server = await startTemporal({ dataDir });
      if (server.address !== address)
        throw new Error('Another program has taken the port of the server meanwhile.');
    },
    async close() {
      await temporal.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
