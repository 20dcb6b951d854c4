import type { Request, RequestHandler } from 'express';
import type { SandboxContext } from './context.ts';
import type { Site } from './world/types.ts';

/** Which of Atlassian's hosts a request is meant for. */
export const HOSTS = ['auth', 'id', 'api', 'media', 'site'] as const;
export type Host = (typeof HOSTS)[number];

const KNOWN: Readonly<Record<string, Host>> = {
  'auth.atlassian.com': 'auth',
  'id.atlassian.com': 'id',
  'api.atlassian.com': 'api',
  'api.media.atlassian.com': 'media',
};

/**
 * The sandbox listens on one origin for several of Atlassian's. Servers say which they mean in `X-Forwarded-Host`,
 * browsers in `?__host=`, and a path alone tells where neither is given. Found in `res.locals.host`.
 */
export function tellHost(): RequestHandler {
  return (req, res, next) => {
    (res.locals as { host?: Host }).host = hostOf(req);
    next();
  };
}

/** The site that a request for a site's host is meant for; undefined when no site has that host. */
export function siteOf({ store }: SandboxContext, req: Request): Site | undefined {
  const named = namedHost(req);
  if (named === undefined) return store.site;
  return store.sites.find((site) => new URL(site.url).host === named);
}

function hostOf(req: Request): Host {
  const named = namedHost(req);
  if (named !== undefined) return KNOWN[named] ?? 'site';
  const { path } = req;
  if (path === '/me' || path.startsWith('/ex/') || path === '/oauth/token/accessible-resources') return 'api';
  if (path.startsWith('/file/')) return 'media';
  if (path.startsWith('/authorize') || path.startsWith('/oauth/')) return 'auth';
  return path === '/error' ? 'id' : 'site';
}

function namedHost(req: Request): string | undefined {
  const forwarded = req.headers['x-forwarded-host'];
  const named = (typeof forwarded === 'string' ? forwarded : undefined) ?? hostInQuery(req.url);
  return named?.toLowerCase().replace(/:\d+$/, '');
}

function hostInQuery(url: string): string | undefined {
  if (!url.includes('__host=')) return undefined;
  return new URL(url, 'http://sandbox').searchParams.get('__host') ?? undefined;
}
