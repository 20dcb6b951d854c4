import { randomBytes } from 'node:crypto';
import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import express, { type Express } from 'express';
import type { Resolver } from '../atlassian/address.ts';
import { createAtlassianHttp } from '../atlassian/http.ts';
import { createOAuthClient } from '../atlassian/oauth.ts';
import { confluenceScopeNames } from '../atlassian/scopes.ts';
import { createLogger } from '../log.ts';
import { createNoticePost } from '../notices/post.ts';
import { recordsRouter } from '../server/api/records.ts';
import { searchRouter } from '../server/api/search.ts';
import { apiKeyScopes, type Actor, type ApiKeyScope } from '../server/actor.ts';
import { createApp } from '../server/app.ts';
import { createPages } from '../server/pages/pages.ts';
import { actorOf } from '../server/services/access.ts';
import type { Services } from '../server/services/contracts.ts';
import { createTokenProbe } from '../server/services/probe.ts';
import { createSiteCounts } from '../server/services/forecast-counts.ts';
import { createSiteReader } from '../server/services/site-reader.ts';
import { createConnectionChecks } from '../server/services/run-checks.ts';
import { createDiagnosis } from '../server/diagnosis/diagnosis.ts';
import type { TemporalLook } from '../server/diagnosis/temporal.ts';
import { createServices } from '../server/services.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import type { Role } from '../store/schema.ts';
import { insertUser } from '../store/users.ts';
import type { SyncEngine } from '../temporal/engine.ts';
import { hashPassword } from '../server/passwords.ts';
import { watchAnswers } from './api/watch-answers.ts';
import { watchAudit } from './api/watch-audit.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface TestServer {
  app: Express;
  services: Services;
  database: TestDatabase;
  /** What the engine was asked for, in order: `startRun <connection>`, … */
  asked: string[];
  /** Every line that was logged. */
  logged: string[];
  /** Makes a user; with a password, one who can sign in. */
  person(email: string, role?: Role, password?: string): Promise<Actor>;
  /** A key of a person. */
  key(actor: Actor, scopes?: ApiKeyScope[]): Promise<string>;
  /** @throws Error that lists every answer of /api/v1 that /api/openapi.json does not describe. */
  close(): Promise<void>;
}

/** The whole server over a database of its own, with an engine that notes what it is asked. */
export async function createTestServer(
  options: {
    gatewayUrl?: string;
    publicUrl?: string;
    engine?: Partial<SyncEngine>;
    scopes?: readonly string[];
    clock?: () => number;
    /** Where receivers of notices may be. */
    allowedPrivateHosts?: string[];
    /** Of the stored credentials, for a worker that reads them too. */
    key?: Buffer;
    /** What a diagnosis sees of Temporal; nothing when absent. */
    temporal?: TemporalLook;
    /** Of proxy and certificates. */
    env?: Record<string, string>;
    /** Another's, which stays open when the server closes; one of its own when absent. */
    database?: TestDatabase;
  } = {},
): Promise<TestServer> {
  const { publicUrl = 'http://localhost:3000', gatewayUrl } = options;
  const database = options.database ?? (await createTestDatabase());
  const logged: string[] = [];
  const asked: string[] = [];
  const log = createLogger('debug', { write: (line: string) => void logged.push(line) });
  const http = createAtlassianHttp({
    gatewayUrl,
    allowedPrivateHosts: [],
    log,
    // Without a stand-in for Atlassian, nothing leaves the machine.
    ...(gatewayUrl === undefined ? { env: {}, resolver: nowhere } : {}),
  });
  const noticePost = createNoticePost({ allowedPrivateHosts: options.allowedPrivateHosts ?? [], env: {} });
  const oauth = createOAuthClient({ http });
  const cipher = createCipher(keyProviderFromKey(options.key ?? randomBytes(32)));
  const note = (what: string) => async (about: string | { connectionId: string }) => {
    asked.push(`${what} ${typeof about === 'string' ? about : about.connectionId}`);
  };
  const engine: SyncEngine = {
    startRun: note('startRun'),
    applySchedule: note('applySchedule'),
    removeSchedule: note('removeSchedule'),
    cancelRun: note('cancelRun'),
    noticeStuckRuns: async () => {},
    steerRun: async (id, change) => void asked.push(`${change} ${id}`),
    startDisconnection: note('startDisconnection'),
    nextRuns: async (ids) => new Map(ids.map((id) => [id, []])),
    health: async () => ({ ok: true, message: 'The engine answers.' }),
    ...options.engine,
  };
  const { db } = database;
  const authorizeUrl = http.browserUrl('https://auth.atlassian.com/authorize');
  const readSite = createSiteReader({ db, cipher, http, oauth });
  const services = createServices({
    db,
    cipher,
    engine,
    log,
    publicUrl,
    oauth,
    authorizeUrl,
    scopesFor: () => options.scopes ?? confluenceScopeNames,
    noticePost,
    probeToken: createTokenProbe(http),
    runChecks: createConnectionChecks({ db, cipher, http, oauth }),
    countSite: createSiteCounts(readSite),
    readSite,
    diagnose: createDiagnosis({
      db,
      cipher,
      http,
      oauth,
      publicUrl,
      env: options.env ?? {},
      temporal: options.temporal ?? (async () => null),
    }),
    pollMs: 20,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const openapi = new OpenAPIRegistry();
  const answers = watchAnswers(openapi, publicUrl);
  const audited = watchAudit(db);
  const app = createApp({
    openapi,
    metrics: { middleware: express.Router().use(answers.middleware, audited.middleware) },
    db,
    pool: database.pool,
    services,
    engine,
    log,
    publicUrl,
    sessionSecret: 'a secret of tests',
    trustProxy: 0,
    authorizeOrigins: [new URL(authorizeUrl).origin],
    api: [searchRouter, recordsRouter],
    ...createPages(),
  });
  return {
    app,
    services,
    database,
    asked,
    logged,
    async person(email, role = 'member', password) {
      const hash = password === undefined ? null : await hashPassword(password);
      const row = { email, email_verified: true, name: email.split('@')[0] ?? '', role, password_hash: hash };
      const user = await insertUser(db, row);
      if (user === undefined) throw new Error(`${email} is there already.`);
      return actorOf(user, 'session');
    },
    key: async (actor, scopes = [...apiKeyScopes]) =>
      (await services.apiKeys.create(actor, { name: 'a test', scopes })).key,
    async close() {
      await audited.throwFaults().finally(() => http.close());
      await noticePost.close();
      if (options.database === undefined) await database.close();
      answers.throwFaults();
    },
  };
}

const nowhere: Resolver = (name, done) =>
  done(Object.assign(new Error(`No test asks ${name}.`), { code: 'ENOTFOUND' }), []);
