import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { startTemporal } from './dev-server.ts';

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

test('workflows survive a killed server, and the next start clears away what was left', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-dev-server-'));
  const first = await startTemporal({ dataDir });
  await withClient(first.address, (client) =>
    client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'kept' }),
  );
  process.kill(Number(readFileSync(join(dataDir, 'temporal.pid'), 'utf8')), 'SIGKILL');
  await first.exited;
  const second = await startTemporal({ dataDir });
  expect(second.port).toBe(first.port);
  const third = await startTemporal({ dataDir });
  await second.exited;
  const state = await withClient(third.address, (client) => client.workflow.getHandle('kept').describe());
  expect(state.status.name).toBe('RUNNING');
  await third.stop();
  rmSync(dataDir, { recursive: true });
}, 60_000);

test('a server that does not start says why', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-dev-server-'));
  await expect(startTemporal({ dataDir, binary: '/bin/false' })).rejects.toMatchObject({
    code: 'temporal_did_not_start',
  });
});
