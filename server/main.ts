import process from 'node:process';
import { parseServiceConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { startServer } from './start.ts';

/** The web server as a process of its own: as many as there is load, sharing nothing but the databases. */
async function main(): Promise<void> {
  const config = parseServiceConfig(process.env);
  const log = createLogger(config.logLevel);
  const server = await startServer(config, log);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    log.info('Stopping.');
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await main().catch((error: unknown) => {
  createLogger('error').fatal({ err: error }, error instanceof Error ? error.message : String(error));
  process.exit(1);
});
