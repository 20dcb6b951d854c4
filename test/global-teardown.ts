import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Stops what global-setup.ts started. On Ctrl-C or a kill the servers end by themselves with the test run. */
export default async function globalTeardown(): Promise<void> {
  const calls = process.env['API_CALLS_FILE'];
  if (calls !== undefined) rmSync(dirname(calls), { recursive: true, force: true });
  await globalThis.testServers?.stop();
}
