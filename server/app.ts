import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import express, { Router, type Express, type Request, type RequestHandler } from 'express';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Logger } from '../log.ts';
import type { Database } from '../store/schema.ts';
import type { SyncEngine } from '../temporal/engine.ts';
import { documentsRouter } from './api/documents.ts';
import { apiRouter } from './api/router.ts';
import { errorHandler, notFound } from './errors.ts';
import { healthRouter } from './health.ts';
import type { Metrics } from './metrics.ts';
import { createConsentRouter } from './oauth/router.ts';
import { requestLog } from './request-log.ts';
import { authenticateKey, authenticateSession, unlessByKey } from './security/authenticate.ts';
import { formBody, jsonBody } from './security/bodies.ts';
import { csrfProtection, refuseCrossSite } from './security/csrf.ts';
import { securityHeaders } from './security/headers.ts';
import { sessions } from './security/sessions.ts';
import type { Services } from './services/contracts.ts';

/** What a router factory may use. Who calls is told by `resolveViewer(req)` and its siblings (viewer.ts). */
export interface AppParts {
  db: Kysely<Database>;
  services: Services;
  log: Logger;
  publicUrl: string;
  /** Register each route's schemas here: /api/openapi.json is generated from it. */
  openapi: OpenAPIRegistry;
}

export type RouterFactory = (parts: AppParts) => Router;

/** What an HTML error page is made of. */
export interface PageError {
  status: number;
  code: string;
  message: string;
  details?: Record<string, unknown>;
}

export interface AppDeps {
  db: Kysely<Database>;
  pool: pg.Pool;
  services: Services;
  engine: Pick<SyncEngine, 'health'>;
  log: Logger;
  publicUrl: string;
  /** Signs the session cookie; of several the first does, and what the others signed is good, too. */
  sessionSecret: string | string[];
  /** Hops of reverse proxies before us, for the client's address and scheme. */
  trustProxy: number;
  /** Origins besides ours to which a form's answer may redirect: Atlassian's authorize host, or the gateway. */
  authorizeOrigins: string[];
  metrics?: Pick<Metrics, 'middleware'>;
  /** Where every call is described; one of its own when absent. */
  openapi?: OpenAPIRegistry;
  /** Mounted at `/`; each answers with HTML. `res.locals.nonce` is the CSP nonce, csrfToken(req) the form's `_csrf`. */
  pages: RouterFactory[];
  /** Mounted at `/api/v1`, after the routers of server/api itself. */
  api: RouterFactory[];
  /** Renders what went wrong on a page; plain text when absent. */
  errorPage?: (error: PageError, req: Request, nonce: string) => string;
}

/** Static files are the same for everybody: no session is read for them. */
function unlessAsset(...middlewares: RequestHandler[]): RequestHandler[] {
  return middlewares.map(
    (middleware): RequestHandler =>
      (req, res, next) =>
        req.method === 'GET' && req.path.startsWith('/assets/') ? next() : middleware(req, res, next),
  );
}

/** The whole server as an Express app: nothing listens yet, nothing runs in the background. */
export function createApp(deps: AppDeps): Express {
  const { db, services, log, publicUrl } = deps;
  const parts: AppParts = { db, services, log, publicUrl, openapi: deps.openapi ?? new OpenAPIRegistry() };
  const session = sessions({ pool: deps.pool, secret: deps.sessionSecret, publicUrl, log });
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', deps.trustProxy);
  app.set('query parser', 'simple');

  if (deps.metrics !== undefined) app.use(deps.metrics.middleware);
  app.use(requestLog(log), securityHeaders({ publicUrl, authorizeOrigins: deps.authorizeOrigins }));
  app.use(healthRouter({ db, engine: deps.engine, openapi: parts.openapi }), refuseCrossSite);

  // By key a call proves itself; by session it is a browser's, and every change needs the session's token.
  const api = Router();
  api.use(authenticateKey(db), unlessByKey(session, authenticateSession(db)), jsonBody);
  api.use(unlessByKey(csrfProtection), apiRouter(parts, deps.api));
  app.use('/api/v1', api);

  const pages = Router();
  pages.use(unlessAsset(session, authenticateSession(db), formBody, csrfProtection));
  pages.use(createConsentRouter({ db, services }));
  for (const factory of deps.pages) pages.use(factory(parts));
  app.use(documentsRouter(parts.openapi, publicUrl), pages);

  app.use(notFound);
  app.use(errorHandler({ log, ...(deps.errorPage === undefined ? {} : { errorPage: deps.errorPage }) }));
  return app;
}
