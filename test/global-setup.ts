import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServers, type TestServers } from './servers.ts';

declare global {
  var testServers: TestServers | undefined;
}

/** Once before all tests: the servers that tests share, and the database that each test file clones. */
export default async function globalSetup(): Promise<void> {
  // Inherited by the processes of tests: calls-reporter.ts reads it at the end.
  process.env['API_CALLS_FILE'] = join(mkdtempSync(join(tmpdir(), 'sluice-calls-')), 'calls');
  globalThis.testServers = await startTestServers((line) => process.stderr.write(`${line}\n`));
}
