import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Express, Request, Router } from 'express';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Logger } from '../log.ts';
import type { Database } from '../store/schema.ts';
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
}

export interface AppDeps {
  db: Kysely<Database>;
  pool: pg.Pool;
  services: Services;
  log: Logger;
  publicUrl: string;
  /** Signs the session cookie. */
  sessionSecret: string;
  /** Hops of reverse proxies before us, for the client's address and scheme. */
  trustProxy: number;
  /** Origins besides ours to which a form's answer may redirect: Atlassian's authorize host, or the gateway. */
  authorizeOrigins: string[];
  /** Mounted at `/`; each answers with HTML. `res.locals.nonce` is the CSP nonce, `req.csrfToken()` the form's `_csrf`. */
  pages: RouterFactory[];
  /** Mounted at `/api/v1`, after the routers of server/api itself. */
  api: RouterFactory[];
  /** Renders what went wrong on a page; plain text when absent. */
  errorPage?: (error: PageError, req: Request, nonce: string) => string;
}

export declare function createApp(deps: AppDeps): Express;
