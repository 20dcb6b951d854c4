import { startTestServers, type TestServers } from './servers.ts';

declare global {
  var testServers: TestServers | undefined;
}

/** Once before all tests: the servers that tests share, and the database that each test file clones. */
export default async function globalSetup(): Promise<void> {
  globalThis.testServers = await startTestServers((line) => process.stderr.write(`${line}\n`));
}
