import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSiteOpener, type SiteDeps } from '../../activities/open-site.ts';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import { createLogger } from '../../log.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { startWorker } from '../../temporal/run-worker.ts';
import type { SyncHarness } from './harness.ts';

/** A worker in this process for a harness without one, with limits of the test's own. */
export async function startLimitedWorker(
  harness: SyncHarness,
  options: Pick<SiteDeps, 'hourlyPoints' | 'circuits'> & { gatewayUrl?: string } = {},
): Promise<{ stop(): Promise<void> }> {
  const { database, key, logged, sandbox, temporal } = harness;
  const { db } = database;
  const log = createLogger('debug', { write: (line: string) => void logged.push(line) });
  const cipher = createCipher(keyProviderFromKey(key));
  const { gatewayUrl = sandbox.url, ...limits } = options;
  const http = createAtlassianHttp({ gatewayUrl, allowedPrivateHosts: [], log });
  const worker = await startWorker({
    db,
    log,
    openSite: createSiteOpener({ db, cipher, http, ...limits }),
    connection: temporal.connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    ...(limits.hourlyPoints === undefined ? {} : { hourlyPoints: limits.hourlyPoints }),
  });
  return {
    async stop() {
      await worker.stop();
      await http.close();
    },
  };
}

/** One gateway before two simulated sites: a path with the second one's cloud id leads there, everything else to the first. */
export async function startGateway(
  first: RunningSandbox,
  second: RunningSandbox,
): Promise<{ url: string; close(): Promise<void> }> {
  const { cloudId } = second.context.store.site;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const target = incoming.url?.startsWith(`/ex/confluence/${cloudId}/`) === true ? second : first;
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: target.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
