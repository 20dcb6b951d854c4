/** Stops what global-setup.ts started. On Ctrl-C or a kill the servers end by themselves with the test run. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.testServers?.stop();
}
