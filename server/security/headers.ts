import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Security headers with a fresh nonce in `res.locals.nonce`: no script and no style runs without it or from elsewhere.
 * `authorizeOrigins` are in form-action because Chromium applies it to the redirect that answers a form, too.
 */
export function securityHeaders(options: {
  publicUrl: string;
  authorizeOrigins: string[];
}): RequestHandler[] {
  const https = options.publicUrl.startsWith('https://');
  const nonce: RequestHandler = (_req, res, next) => {
    res.locals['nonce'] = randomBytes(16).toString('base64');
    // Nothing that we render for somebody belongs into a cache; static files set their own.
    res.setHeader('cache-control', 'no-store');
    next();
  };
  const nonced = (_req: unknown, res: unknown) =>
    `'nonce-${String((res as { locals: Record<string, unknown> }).locals['nonce'])}'`;
  return [
    nonce,
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'", nonced],
          styleSrc: ["'self'", nonced],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          manifestSrc: ["'self'"],
          formAction: ["'self'", ...options.authorizeOrigins],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          objectSrc: ["'none'"],
          ...(https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      // The consent opens in a popup that must be able to tell its opener how it ended.
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: https,
      xFrameOptions: { action: 'deny' },
    }),
  ];
}
