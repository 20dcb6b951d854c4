import { hkdfSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createAtlassianHttp } from '../atlassian/http.ts';
import { createOAuthClient } from '../atlassian/oauth.ts';
import { confluenceScopeNames } from '../atlassian/scopes.ts';
import type { ServiceConfig } from '../config.ts';
import { SluiceError } from '../errors.ts';
import { tellOperator, type Logger } from '../log.ts';
import { migrate, openDatabase, type DatabaseHandle } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { createNoticePost } from '../notices/post.ts';
import { createSyncEngine } from '../temporal/client.ts';
import type { SyncEngine } from '../temporal/engine.ts';
import { connectClient } from '../temporal/connect.ts';
import { readTemporalFacts } from '../temporal/facts.ts';
import { loadQueueFigures } from '../temporal/queue-figures.ts';
import { recordsRouter } from './api/records.ts';
import { searchRouter } from './api/search.ts';
import { createApp } from './app.ts';
import { bootstrap } from './bootstrap.ts';
import { createDiagnosis } from './diagnosis/diagnosis.ts';
import { watchEngine } from './engine-watch.ts';
import { createMetrics, metricsServer } from './metrics.ts';
import { registerPermissionMetrics } from './permission-metrics.ts';
import { registerStateMetrics } from './state-metrics.ts';
import { createPages } from './pages/pages.ts';
import { createServices } from './services.ts';
import { createTokenProbe } from './services/probe.ts';
import { createSiteCounts } from './services/forecast-counts.ts';
import { createSiteReader } from './services/site-reader.ts';
import { createConnectionChecks } from './services/run-checks.ts';

/** Requests under way get this long to end when the server stops. */
const graceMs = 5_000;

/**
 * The server process: migrates the database (whoever starts first does, under a lock), makes the first administrator,
 * listens. `close` stops taking requests, lets those under way end, and gives everything back.
 */
export async function startServer(config: ServiceConfig, log: Logger): Promise<{ close(): Promise<void> }> {
  const { publicUrl } = config;
  const database = openDatabase(config.databaseUrl, { poolSize: 20 });
  await prepare(database);
  const setupLink = await bootstrap(database.db, { publicUrl, first: config.administrator });
  if (setupLink !== null) tellOperator(log, 'Make the first administrator within a day, once', setupLink);

  const temporal = connectClient(config.temporal);
  const engine = createSyncEngine({ client: temporal.client, db: database.db });
  const health = trackHealth(engine);
  const watch = watchEngine({ db: database.db, engine: { ...engine, health: health.health }, log });
  const http = createAtlassianHttp({
    gatewayUrl: config.atlassianGatewayUrl,
    allowedPrivateHosts: config.allowedPrivateHosts,
    log,
  });
  const oauth = createOAuthClient({ http });
  const cipher = createCipher(keyProviderFromKey(config.encryptionKey, config.previousEncryptionKeys));
  const noticePost = createNoticePost({ allowedPrivateHosts: config.allowedPrivateHosts });
  const authorizeUrl = http.browserUrl('https://auth.atlassian.com/authorize');
  const readSite = createSiteReader({ db: database.db, cipher, http, oauth });
  const services = createServices({
    db: database.db,
    cipher,
    engine,
    log,
    publicUrl,
    oauth,
    authorizeUrl,
    scopesFor: () => confluenceScopeNames,
    noticePost,
    probeToken: createTokenProbe(http),
    runChecks: createConnectionChecks({ db: database.db, cipher, http, oauth }),
    countSite: createSiteCounts(readSite),
    readSite,
    diagnose: createDiagnosis({
      db: database.db,
      cipher,
      http,
      oauth,
      publicUrl,
      env: process.env,
      temporal: () => health.track(readTemporalFacts(temporal.client)),
    }),
  });
  const metrics = createMetrics();
  registerStateMetrics(metrics.registry, {
    ...database,
    queue: () => health.track(loadQueueFigures(temporal.client)),
  });
  registerPermissionMetrics(metrics.registry, database.db);
  const app = createApp({
    db: database.db,
    pool: database.pool,
    services,
    engine: health,
    log,
    publicUrl,
    // The first signs, and what the others signed is still believed.
    sessionSecret: [config.encryptionKey, ...config.previousEncryptionKeys].map(sessionSecret),
    trustProxy: config.trustProxy,
    // From auth.atlassian.com the browser may be sent on to id.atlassian.com before it stops.
    authorizeOrigins: [
      config.atlassianGatewayUrl === undefined ? 'https://*.atlassian.com' : new URL(authorizeUrl).origin,
    ],
    metrics,
    api: [searchRouter, recordsRouter],
    ...createPages({ browserUrl: http.browserUrl }),
  });

  const server = createServer(app);
  // Longer than proxies keep theirs (60 seconds, mostly): none sends a request into a connection that closes.
  server.keepAliveTimeout = 65_000;
  const measured = metricsServer(metrics.registry);
  const giveBack = async () => {
    await watch.stop();
    await health.settled();
    await Promise.allSettled([temporal.close(), http.close(), noticePost.close(), database.close()]);
  };
  try {
    await listen(server, config.port);
  } catch (error) {
    await giveBack();
    throw error;
  }
  // Requests are answered without metrics; a second server on one machine finds the port taken.
  measured.on('error', () => log.warn(`Metrics are not served: port ${config.metricsPort} is taken.`));
  measured.listen(config.metricsPort);
  log.info(`Sluice listens on port ${config.port}: ${publicUrl}`);
  return {
    async close() {
      measured.close();
      await stop(server);
      await giveBack();
    },
  };
}

/** @throws SluiceError `database_unreachable`, or what migrating failed with */
async function prepare(database: DatabaseHandle): Promise<void> {
  try {
    await database.pool.query('select 1');
  } catch (error) {
    const told =
      error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
    throw new SluiceError('database_unreachable', `PostgreSQL cannot be used: ${told}. Check DATABASE_URL.`, {
      cause: error,
    });
  }
  await migrate(database.db);
}

/** The client's retries outlive a closed connection, and would break the process: close it after the last question. */
function trackHealth(engine: SyncEngine) {
  const asked = new Set<Promise<unknown>>();
  function track<T>(answer: Promise<T>): Promise<T> {
    asked.add(answer);
    return answer.finally(() => asked.delete(answer));
  }
  return {
    track,
    health: () => track(engine.health()),
    settled: () => Promise.allSettled(asked),
  };
}

/** The cookie's secret comes from the encryption key: the same on every server, and nothing more to configure. */
export function sessionSecret(encryptionKey: Buffer): string {
  return Buffer.from(hkdfSync('sha256', encryptionKey, '', 'sluice session cookie', 32)).toString(
    'base64url',
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new SluiceError(
          'port_unavailable',
          taken
            ? `Port ${port} is taken. Set PORT to another one.`
            : `Port ${port} cannot be used: ${error.message}`,
          { cause: error },
        ),
      );
    });
    server.listen(port, resolve);
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
