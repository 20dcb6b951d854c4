import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import { Forbidden } from '../actor.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (req: Request) => {
    const body: unknown = req.body;
    const field =
      typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['_csrf'] : undefined;
    return req.get('x-csrf-token') ?? (typeof field === 'string' ? field : undefined);
  },
});

/** The token of this session, for a form's `_csrf` or the header `x-csrf-token`; made when there is none. */
export function csrfToken(req: Request): string {
  return generateToken(req);
}

/** Refuses every change by session without its token. @throws Forbidden `csrf` */
export const csrfProtection: RequestHandler = (req, res, next) => {
  csrfSynchronisedProtection(req, res, (error?: unknown) => {
    if (error === undefined || error === null) return next();
    next(
      new Forbidden(
        'csrf',
        'This form is too old or came from elsewhere. Reload the page and try again' +
          ' (programs: send an API key, or the header x-csrf-token).',
      ),
    );
  });
};

/**
 * Refuses every change that a browser says comes from another site. Older browsers do not say; the token covers them.
 * @throws Forbidden `cross_site`
 */
export const refuseCrossSite: RequestHandler = (req, _res, next) => {
  if (!safeMethods.has(req.method) && req.get('sec-fetch-site') === 'cross-site') {
    return next(new Forbidden('cross_site', 'This request came from another site.'));
  }
  next();
};
