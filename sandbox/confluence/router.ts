import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { callerOf, requireScope } from '../context.ts';
import type { SandboxContext } from '../context.ts';
import { CqlError } from '../cql/ast.ts';
import { hasProduct } from '../world/visibility.ts';
import { parametersOf } from './parameters.ts';
import type { Ask, Route } from './route.ts';
import { Refusal } from './route.ts';
import { removedRoutes } from './v1/removed.ts';
import { v1Routes } from './v1/routes.ts';
import { v2Routes } from './v2/routes.ts';

/** Every operation that is served, as a table. */
export function confluenceRoutes(): Route[] {
  return [...v2Routes, ...v1Routes, ...removedRoutes];
}

/**
 * Confluence Cloud's REST API, v2 (`/wiki/api/v2/…`) and what is left of v1 (`/wiki/rest/api/…`), over the world of
 * `context`. Mount it behind authentication, which leaves the caller in `res.locals`, at the root of the site's host
 * and at `/ex/confluence/{cloudId}`.
 */
export function confluenceRouter(context: SandboxContext): Router {
  const router = express.Router({ caseSensitive: true });
  const body = express.json({ limit: '1mb' });
  for (const route of confluenceRoutes()) {
    router[route.method](expressPath(route.path), body, scoped(route.scopes), answer(context, route));
  }
  router.use(['/wiki/api/v2', '/wiki/rest/api'], (req, res) => {
    refuse(res, req.baseUrl.includes('/wiki/api/v2'), new Refusal(404, 'null for uri: ' + req.originalUrl));
  });
  return router;
}

/** `{comment-id}` is `:commentId` to Express. */
export function expressPath(path: string): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => `:${parameterName(name)}`);
}

function parameterName(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The gateway's 401 comes from requireScope; alternatives of several scopes need all of theirs. */
function scoped(alternatives: readonly string[]): RequestHandler {
  const sets = alternatives.map((alternative) => alternative.split('+'));
  return (req, res, next) => {
    const { scopes } = callerOf(res);
    const holds = sets.length === 0 || sets.some((set) => set.every((scope) => scopes?.has(scope)));
    if (scopes === null || holds) next();
    else requireScope()(req, res, next);
  };
}

function answer(context: SandboxContext, route: Route): RequestHandler {
  const isV2 = route.path.startsWith('/wiki/api/v2');
  return (req, res) => {
    try {
      const ask = askOf(context, req, res);
      if (!hasProduct(context.store, ask.accountId)) throw notPermitted(ask.accountId);
      const { status = 200, body, core, identity, headers } = route.handle(ask);
      if (core !== undefined || identity !== undefined)
        context.meter.charge(res, { core: core ?? 0, identity: identity ?? 0 });
      if (headers !== undefined) res.set(headers);
      send(res, status, body);
    } catch (error) {
      if (error instanceof CqlError)
        refuse(res, isV2, new Refusal(400, `Could not parse cql : ${error.message} : ${req.url}`));
      else if (error instanceof Refusal) refuse(res, isV2, error);
      else throw error;
    }
  };
}

function askOf(context: SandboxContext, req: Request, res: Response): Ask {
  const [, search = ''] = req.url.split(/\?(.*)/s);
  return {
    context,
    accountId: callerOf(res).accountId,
    params: req.params as Record<string, string>,
    query: parametersOf(search),
    body: req.body as unknown,
    path: req.path,
  };
}

function notPermitted(accountId: string | null): Refusal {
  return accountId === null
    ? new Refusal(401, 'Unauthorized')
    : new Refusal(403, 'Current user not permitted to use Confluence');
}

/** Written without Express's etag: hashing a megabyte costs more than making it. */
function send(res: Response, status: number, body: unknown): void {
  res.status(status);
  if (body === undefined) {
    res.end();
    return;
  }
  const text = Buffer.from(JSON.stringify(body));
  res.set({ 'Content-Type': 'application/json', 'Content-Length': String(text.length) });
  res.end(text);
}

const TITLES: Record<number, [code: string, title: string]> = {
  400: ['INVALID_REQUEST_PARAMETER', 'Bad Request'],
  401: ['UNAUTHORIZED', 'Unauthorized'],
  403: ['FORBIDDEN', 'Forbidden'],
  404: ['NOT_FOUND', 'Not Found'],
  410: ['GONE', 'Gone'],
};

function refuse(res: Response, isV2: boolean, { status, message, exception }: Refusal): void {
  const [code, title] = TITLES[status] ?? ['INTERNAL_SERVER_ERROR', 'Internal Server Error'];
  const body = isV2
    ? {
        errors: [
          { status, code, title: status === 400 ? message : title, detail: status === 400 ? '' : null },
        ],
      }
    : {
        statusCode: status,
        data: { authorized: status !== 403, valid: status !== 400, errors: [], successful: false },
        message: `com.atlassian.confluence.api.service.exceptions.${exception}: ${message}`,
      };
  send(res, status, body);
}
