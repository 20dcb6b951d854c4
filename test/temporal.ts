import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLogger } from '../log.ts';
import { installLogging } from '../temporal/run-worker.ts';

export interface TestTemporal {
  address: string;
  namespace: string;
  /** No other test file polls it. */
  taskQueue: string;
  /** An id that no other test file uses: `${prefix}-${name}`. */
  id(name: string): string;
  client: Client;
  /** For `Worker.create({ connection, … })`. */
  connection: NativeConnection;
  close(): Promise<void>;
}

/** For the engine: a machine that runs other tests beside is slow, and that is no failure. */
export const unhurried = { lookMs: 60_000, answerMs: 60_000, startMs: 60_000 };

/** The shared Temporal server, with a task queue and workflow ids of this test file's own. */
export async function connectTestTemporal(): Promise<TestTemporal> {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  if (!address) {
    throw new Error(
      process.env['TEST_TEMPORAL_FAILURE'] ?? 'There is no Temporal server: run tests by `npm test`.',
    );
  }
  // Before the first connection: the SDK's runtime takes its logger when it comes to life.
  installLogging(createLogger('silent'));
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  const [connection, worker] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  return {
    address,
    namespace: 'default',
    taskQueue: prefix,
    id: (name) => `${prefix}-${name}`,
    client: new Client({ connection, namespace: 'default' }),
    connection: worker,
    close: async () => {
      await connection.close();
      await worker.close();
    },
  };
}
