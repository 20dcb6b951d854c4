import { createServer } from 'node:http';
import process from 'node:process';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { unbalancedRuns } from '../activities/closing/metrics.ts';
import { createSiteOpener } from '../activities/open-site.ts';
import { createAtlassianHttp } from '../atlassian/http.ts';
import { parseServiceConfig, type ServiceConfig } from '../config.ts';
import { createLogger, type Logger } from '../log.ts';
import { migrate, openDatabase } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { connectClient, connectWorker } from './connect.ts';
import { reconcileRuns } from './reconcile.ts';
import { resumeDisconnections } from './disconnect.ts';
import { taskQueue } from './names.ts';
import { installLogging, startWorker } from './run-worker.ts';
import { applyAllSchedules } from './schedules.ts';
import { noticeStuckRuns } from './stuck-runs.ts';
import { startUpkeep } from './upkeep.ts';

const reconcileEveryMs = 60_000;

/** A worker process: as many of them as there is work, on as many machines; they share nothing but the databases. */
async function main(): Promise<void> {
  const config = parseServiceConfig(process.env);
  const log = createLogger(config.logLevel);
  installLogging(log);
  const database = openDatabase(config.databaseUrl, { poolSize: 12 });
  await migrate(database.db);
  const temporal = { ...config.temporal, address: config.temporal.address };
  const connection = await connectWorker(temporal);
  const http = createAtlassianHttp({
    gatewayUrl: config.atlassianGatewayUrl,
    allowedPrivateHosts: config.allowedPrivateHosts,
    log,
  });
  const cipher = createCipher(keyProviderFromKey(config.encryptionKey, config.previousEncryptionKeys));
  const upkeep = await startUpkeep({ db: database.db, config, http, log });
  const openSite = createSiteOpener({ db: database.db, cipher, http });
  const worker = await startWorker({
    db: database.db,
    log,
    openSite,
    connection,
    namespace: temporal.namespace,
  });
  const { client, close } = connectClient(temporal);
  const health = serveHealth(config, log);
  const reconcile = async () => {
    try {
      const now = new Date();
      await reconcileRuns(client, database.db, now);
      await resumeDisconnections({ client, db: database.db, taskQueue });
      await noticeStuckRuns(client, database.db, { now, taskQueue });
    } catch (error) {
      log.warn({ err: error }, 'Open runs could not be compared with Temporal; trying again in a minute.');
    }
  };
  const timer = setInterval(() => void reconcile(), reconcileEveryMs);
  await reconcile();
  // Schedules live in Temporal, the settings behind them in PostgreSQL: whichever was restored or replaced, they agree.
  await applyAllSchedules({ client, db: database.db, taskQueue }).catch((error: unknown) =>
    log.warn(
      { err: error },
      'The schedules could not be compared with the settings; saving the settings does it too.',
    ),
  );
  log.info('The worker takes work.');

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    await worker.stop();
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  try {
    await worker.finished;
  } finally {
    clearInterval(timer);
    health.close();
    await upkeep.stop();
    await Promise.allSettled([close(), http.close(), connection.close(), database.close()]);
  }
}

/** `/healthz` while the process lives, and `/metrics`, on the metrics port. */
function serveHealth(config: ServiceConfig, log: Logger): { close(): void } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(unbalancedRuns);
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(request.url === '/healthz' ? 200 : 404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // Work goes on without metrics; a second worker on one machine would find the port taken.
  server.on('error', (error) =>
    log.warn({ err: error }, `Metrics are not served on port ${config.metricsPort}.`),
  );
  server.listen(config.metricsPort);
  return { close: () => void server.close() };
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    createLogger('error').fatal({ err: error }, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
