import connectPgSimple from 'connect-pg-simple';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type pg from 'pg';
import type { Logger } from '../../log.ts';

/** A session ends after this long without a request. Milliseconds. */
export const idleSession = 7 * 86_400_000;

/** A session ends this long after the sign-in, however busy it was. Milliseconds. */
export const longestSession = 30 * 86_400_000;

/** Sessions in PostgreSQL (table `sessions`); a visitor who does nothing gets neither a row nor a cookie. */
export function sessions(options: {
  pool: pg.Pool;
  secret: string | string[];
  publicUrl: string;
  log: Logger;
}): RequestHandler {
  const Store = connectPgSimple(session);
  const https = options.publicUrl.startsWith('https://');
  return session({
    store: new Store({
      pool: options.pool,
      tableName: 'sessions',
      createTableIfMissing: false,
      errorLog: (...problem: unknown[]) =>
        options.log.warn({ problem: String(problem[0]) }, 'Old sessions could not be pruned.'),
    }),
    // The prefix makes browsers refuse the cookie unless it is secure, for this host alone and for every path.
    name: https ? '__Host-sluice' : 'sluice',
    secret: options.secret,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    // TLS usually ends at a proxy: the cookie is sent when that proxy says https, `secure` keeps it off plain http.
    ...(https ? { proxy: true } : {}),
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: idleSession },
  });
}
