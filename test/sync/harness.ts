import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createSiteOpener } from '../../activities/open-site.ts';
import { createAtlassianHttp, type AtlassianHttpOptions } from '../../atlassian/http.ts';
import { createLogger } from '../../log.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import type { SandboxOptions } from '../../sandbox/options.ts';
import type { World } from '../../sandbox/world/types.ts';
import { moveConnection } from '../../store/connection-state.ts';
import { updateConnection } from '../../store/connections.ts';
import { createCipher, keyProviderFromKey } from '../../store/encryption.ts';
import type { Connection, SyncRun } from '../../store/schema.ts';
import { createSyncEngine } from '../../temporal/client.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import { laneOf, syncWorkflowId } from '../../temporal/names.ts';
import { installLogging, startWorker, type RunningWorker } from '../../temporal/run-worker.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { connectTestTemporal, type TestTemporal, unhurried } from '../temporal.ts';
import { giveConsent, type Consented } from './consented.ts';
import { inOwnNamespace } from './namespace.ts';

export type RunKind = 'full' | 'incremental' | 'permissions' | 'sweep';

/** One connection to the simulated site, and its runs. */
export interface HarnessConnection {
  connectionId: string;
  /** Starts a run and waits for its end, whatever that is. */
  sync(kind?: RunKind): Promise<SyncRun>;
  /** Starts a run without waiting. */
  start(kind?: RunKind): Promise<string>;
  /** Waits until the run has ended. */
  ended(runId: string): Promise<SyncRun>;
}

/** A whole Sluice below the web server, on real parts: database, Temporal, worker, and a simulated site. */
export interface SyncHarness extends HarnessConnection {
  database: TestDatabase;
  sandbox: RunningSandbox;
  temporal: TestTemporal;
  engine: SyncEngine;
  key: Buffer;
  /** What the worker in this process has logged. */
  logged: string[];
  /** One more connection, to the site of a world that the sandbox has been given meanwhile. */
  connect(options: ConnectOptions): Promise<HarnessConnection>;
  /** Consents anew for a connection by OAuth, as its administrator would. */
  reauthenticate(connectionId: string, consent: Consented): Promise<void>;
  close(): Promise<void>;
}

/** How a connection gets in, and what it is to read. */
export interface ConnectOptions {
  world: World;
  /** The crawler's API token in the world; the first classic one when absent. */
  token?: { email: string; token: string; scoped?: boolean };
  /** By OAuth instead: who consents. */
  oauth?: Consented;
  settings?: Connection['settings'];
}

export interface HarnessOptions extends ConnectOptions {
  sandbox?: Partial<SandboxOptions>;
  /** false: the test starts workers itself. */
  worker?: boolean;
  /** A Temporal namespace of its own, for worker processes, which all poll one queue. */
  ownNamespace?: boolean;
  /** In place of what tests share: servers that may be killed. Whoever gives them closes them. */
  parts?: { database?: TestDatabase; temporal?: TestTemporal };
  http?: Pick<AtlassianHttpOptions, 'timeouts' | 'sizeCap'>;
  /** Of an OAuth app: what permission syncs take their share of. */
  hourlyPoints?: number;
}

export async function createSyncHarness(options: HarnessOptions): Promise<SyncHarness> {
  const logged: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void logged.push(line) });
  const parts = options.parts ?? {};
  // Before the first connection: the SDK's runtime takes its logger when it comes to life.
  installLogging(log);
  const [database, temporal, sandbox] = await Promise.all([
    parts.database ?? createTestDatabase(),
    parts.temporal ??
      connectTestTemporal().then((shared) =>
        options.ownNamespace === true ? inOwnNamespace(shared) : shared,
      ),
    startSandbox({ port: 0, world: options.world, options: options.sandbox ?? {} }),
  ]);
  const { db } = database;
  const key = randomBytes(32);
  const cipher = createCipher(keyProviderFromKey(key));

  const http = createAtlassianHttp({
    gatewayUrl: sandbox.url,
    allowedPrivateHosts: [],
    log,
    ...options.http,
  });
  const { taskQueue } = temporal;
  const engine = createSyncEngine({ client: temporal.client, db, taskQueue, patience: unhurried });
  let worker: RunningWorker | null = null;
  if (options.worker !== false) {
    const openSite = createSiteOpener({ db, cipher, http });
    worker = await startWorker({
      db,
      log,
      openSite,
      connection: temporal.connection,
      namespace: temporal.namespace,
      taskQueue,
      ...(options.hourlyPoints === undefined ? {} : { hourlyPoints: options.hourlyPoints }),
    });
  }

  async function connect(at: ConnectOptions): Promise<HarnessConnection> {
    const token = at.token ?? classicToken(at.world);
    const consent =
      at.oauth === undefined ? null : await giveConsent({ db, cipher, sandbox, consent: at.oauth });
    const { id: connectionId } = await db
      .insertInto('connections')
      .values({
        name: 'Simulated site',
        product: 'confluence',
        deployment: 'cloud',
        site_url: at.world.site.url,
        cloud_id: at.world.site.cloudId,
        ...(consent === null
          ? { auth_method: 'api_token', api_email: token.email, api_token_scoped: token.scoped === true }
          : { auth_method: 'oauth', oauth_app_id: consent.appId, grant_id: consent.grantId }),
        ...(at.settings === undefined ? {} : { settings: JSON.stringify(at.settings) }),
        status: 'active',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (consent === null)
      await db
        .updateTable('connections')
        .set({
          api_token: cipher.seal(token.token, {
            table: 'connections',
            row: connectionId,
            column: 'api_token',
          }),
        })
        .where('id', '=', connectionId)
        .execute();

    async function start(kind: RunKind = 'full'): Promise<string> {
      const { id } = await db
        .insertInto('sync_runs')
        .values({ connection_id: connectionId, kind })
        .returning('id')
        .executeTakeFirstOrThrow();
      await engine.startRun({ runId: id, connectionId, kind });
      return id;
    }

    async function ended(runId: string): Promise<SyncRun> {
      const stored = () =>
        db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
      const { kind } = await stored();
      await temporal.client.workflow.getHandle(syncWorkflowId(connectionId, laneOf(kind))).result();
      return stored();
    }

    return { connectionId, start, ended, sync: async (kind) => ended(await start(kind)) };
  }

  return {
    ...(await connect(options)),
    connect,
    async reauthenticate(connectionId, consent) {
      const { grantId } = await giveConsent({ db, cipher, sandbox, consent });
      await updateConnection(db, connectionId, { grant_id: grantId });
      await moveConnection(db, connectionId, 'authorized');
    },
    logged,
    database,
    sandbox,
    temporal,
    engine,
    key,
    async close() {
      await worker?.stop();
      await http.close();
      await sandbox.close();
      if (parts.temporal === undefined) await temporal.close();
      if (parts.database === undefined) await database.close();
    },
  };
}

function classicToken(world: World): NonNullable<ConnectOptions['token']> {
  const token = world.apiTokens.find((one) => one.scopes === null);
  const owner = world.people.find((person) => person.accountId === token?.accountId);
  if (token === undefined || owner === undefined) throw new Error('The world has no classic API token.');
  return { email: owner.email, token: token.token };
}

/** External ids of all records, by kind. */
export async function recordIds(
  harness: Pick<SyncHarness, 'connectionId' | 'database'>,
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ kind: string; ids: string[] }>`
    select kind, array_agg(external_id) as ids from records where connection_id = ${harness.connectionId} group by kind`.execute(
    harness.database.db,
  );
  return new Map(rows.map((row) => [row.kind, new Set(row.ids)]));
}
