import process from 'node:process';
import { createSiteOpener } from '../activities/open-site.ts';
import { createAtlassianHttp } from '../atlassian/http.ts';
import { parseServiceConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { migrate, openDatabase } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { createSyncEngine } from './client.ts';
import { connectClient, connectWorker } from './connect.ts';
import { reconcileRuns } from './reconcile.ts';
import { resumeDisconnections } from './disconnect.ts';
import { taskQueue } from './names.ts';
import { installLogging, startWorker } from './run-worker.ts';
import { applyAllSchedules } from './schedules.ts';
import { noticeStuckRuns } from './stuck-runs.ts';
import { startUpkeep } from './upkeep.ts';
import { serveWorkerHealth } from './worker-health.ts';

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
  let stopping = false;
  const health = serveWorkerHealth({
    port: config.metricsPort,
    db: database.db,
    engine: createSyncEngine({ client, db: database.db }),
    isStopping: () => stopping,
    log,
  });
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

if (import.meta.main) {
  await main().catch((error: unknown) => {
    createLogger('error').fatal({ err: error }, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
