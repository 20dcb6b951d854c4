import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Kysely } from 'kysely';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { registerRunMetrics } from '../activities/closing/metrics.ts';
import { registerSiteMetrics } from '../activities/site-metrics.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from './engine.ts';
import { readReadiness } from './readiness.ts';

/** Everything that a worker counts: of its process, of the runs that it ended, of its traffic with Atlassian. */
export function workerRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerRunMetrics(registry);
  registerSiteMetrics(registry);
  return registry;
}

/**
 * On the metrics port of a worker: `/healthz` while the process lives, `/readyz` while it can take work (PostgreSQL,
 * its schema and Temporal are there, and it is not stopping), `/metrics`.
 */
export function serveWorkerHealth(deps: {
  port: number;
  db: Kysely<Database>;
  engine: Pick<SyncEngine, 'health'>;
  isStopping: () => boolean;
  log: Logger;
}): { close(): void; port(): number | null } {
  const registry = workerRegistry();
  const json = (response: ServerResponse, status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    switch (request.url) {
      case '/healthz':
        return json(response, 200, { ok: true });
      case '/readyz': {
        const { ok, checks } = await readReadiness({ ...deps, needsEngine: true });
        const stopping = deps.isStopping();
        const worker = {
          ok: !stopping,
          message: stopping ? 'The worker is stopping.' : 'The worker takes work.',
        };
        return json(response, ok && !stopping ? 200 : 503, {
          ok: ok && !stopping,
          checks: { ...checks, worker },
        });
      }
      case '/metrics':
        return void response
          .writeHead(200, { 'content-type': registry.contentType })
          .end(await registry.metrics());
      default:
        return void response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  // Work goes on without metrics; a second worker on one machine would find the port taken.
  server.on('error', (error) =>
    deps.log.warn({ err: error }, `Metrics are not served on port ${deps.port}.`),
  );
  server.listen(deps.port);
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
    port() {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : null;
    },
  };
}
