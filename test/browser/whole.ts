import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { createSiteOpener } from '../../activities/open-site.ts';
import { createAtlassianHttp } from '../../atlassian/http.ts';
import { createLogger } from '../../log.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import type { World } from '../../sandbox/world/types.ts';
import { callbackPath } from '../../server/oauth/paths.ts';
import type { ProgressView } from '../../server/views.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import { createSyncEngine } from '../../temporal/client.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import { startWorker } from '../../temporal/run-worker.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { connectTestTemporal, unhurried } from '../temporal.ts';

export interface Whole {
  url: string;
  server: TestServer;
  sandbox: RunningSandbox;
  close(): Promise<void>;
}

export const administrator = {
  email: 'ada.lindqvist@northwind.example',
  password: 'a pass phrase for tests',
};
export const siteUrl = 'https://northwind.atlassian.net';

/**
 * The program on a real port, with a database of its own and a simulated Atlassian. With `sync`, runs are carried out
 * by a worker on the shared Temporal server; without, they are only noted.
 */
export async function startWhole(options: { sync?: boolean; world?: World } = {}): Promise<Whole> {
  const listener = createServer();
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const sandbox = await startSandbox({
    port: 0,
    redirectUri: `${url}${callbackPath}`,
    ...(options.world === undefined ? {} : { world: options.world }),
  });
  const key = randomBytes(32);
  const engine: { current: SyncEngine | null } = { current: null };
  const server = await createTestServer({
    gatewayUrl: sandbox.url,
    publicUrl: url,
    key,
    ...(options.sync === true ? { engine: later(engine) } : {}),
  });
  const stop = options.sync === true ? await startSyncing(server, sandbox, key, engine) : async () => {};
  listener.on('request', server.app);
  await server.person(administrator.email, 'administrator', administrator.password);
  return {
    url,
    server,
    sandbox,
    async close() {
      listener.closeAllConnections();
      await new Promise<void>((resolve) => {
        listener.close(() => resolve());
      });
      await stop();
      await sandbox.close();
      await server.close();
    },
  };
}

/** The engine needs the database that only the server knows: it is there when the first call comes. */
function later(engine: { current: SyncEngine | null }): SyncEngine {
  const real = (): SyncEngine => {
    if (engine.current === null) throw new Error('The engine is not there yet.');
    return engine.current;
  };
  return {
    startRun: (run) => real().startRun(run),
    applySchedule: (id) => real().applySchedule(id),
    removeSchedule: (id) => real().removeSchedule(id),
    cancelRun: (id) => real().cancelRun(id),
    noticeStuckRuns: () => real().noticeStuckRuns(),
    steerRun: (id, change) => real().steerRun(id, change),
    startDisconnection: (id) => real().startDisconnection(id),
    nextRuns: (ids) => real().nextRuns(ids),
    health: () => real().health(),
  };
}

async function startSyncing(
  server: TestServer,
  sandbox: RunningSandbox,
  key: Buffer,
  engine: { current: SyncEngine | null },
): Promise<() => Promise<void>> {
  const { db } = server.database;
  const temporal = await connectTestTemporal();
  const { client, connection, namespace, taskQueue } = temporal;
  const log = createLogger('silent');
  const http = createAtlassianHttp({ gatewayUrl: sandbox.url, allowedPrivateHosts: [], log });
  const openSite = createSiteOpener({ db, cipher: createCipher(keyProviderFromKey(key)), http });
  engine.current = createSyncEngine({ client, db, taskQueue, patience: unhurried });
  const worker = await startWorker({ db, log, openSite, connection, namespace, taskQueue });
  return async () => {
    await worker.stop();
    await http.close();
    await temporal.close();
  };
}

/** Connects the simulated site by API token and carries one full sync to its end, without a browser. */
export async function syncOnce(whole: Whole, email: string, url: string): Promise<void> {
  const { services } = whole.server;
  const actor = await services.access.checkPassword(administrator.email, administrator.password);
  if (actor === null) throw new Error('The administrator cannot sign in.');
  const { id } = await services.connections.create(actor, {
    name: 'Northwind wiki',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl: url,
    auth: { method: 'api_token', email, token: 'sandbox-classic-token' },
  });
  await services.connections.updateSettings(actor, id, { sync: { strategy: 'manual' } });
  const run = await services.syncs.start(actor, id, { kind: 'full' });
  await new Promise<void>((resolve, reject) => {
    const ended = (progress: ProgressView) => {
      if (progress.state === 'succeeded') resolve();
      if (progress.state === 'failed') reject(new Error(progress.message ?? 'The sync failed.'));
    };
    services.syncs.watch(actor, run.id, ended).catch(reject);
  });
}

/** Signs in by password, and is where `path` leads. */
export async function signIn(page: Page, whole: Whole, path = '/', who = administrator): Promise<void> {
  await page.goto(`${whole.url}${path}`);
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${whole.url}${path}`);
}
