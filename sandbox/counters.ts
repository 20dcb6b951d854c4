import type { RequestHandler } from 'express';
import type { Clock } from './clock.ts';
import type { Caller, SandboxOptions } from './context.ts';
import type { Host } from './hosts.ts';

export interface Count {
  requests: number;
  points: number;
}

/** A request as it was, without its credential. */
export interface LoggedRequest {
  at: string;
  method: string;
  host: Host;
  path: string;
  query: string;
  accountId: string | null;
  /** How the caller was recognised. */
  authorization: Caller['via'];
  /** What the header held, recognised or not: a credential that follows a redirect to another host shows here. */
  credential: 'none' | 'basic' | 'bearer' | 'other';
  status: number;
  points: number;
}

export interface CountersView {
  total: Count;
  /** By method and path with its ids taken out: `GET /wiki/api/v2/pages/{id}`. */
  routes: Record<string, Count>;
  /** By OAuth client id; `api_token` and `anonymous` for the rest. */
  apps: Record<string, Count>;
}

/** How much was asked for, and what it cost. */
export interface Counters {
  view(): CountersView;
  log(): readonly LoggedRequest[];
  reset(): void;
  middleware(): RequestHandler;
}

export function createCounters(clock: Clock, options: SandboxOptions): Counters {
  let total: Count = { requests: 0, points: 0 };
  const routes = new Map<string, Count>();
  const apps = new Map<string, Count>();
  let log: LoggedRequest[] = [];
  const add = (count: Count, points: number): void => {
    count.requests += 1;
    count.points += points;
  };
  const entry = (map: Map<string, Count>, key: string): Count => {
    let count = map.get(key);
    if (count === undefined) map.set(key, (count = { requests: 0, points: 0 }));
    return count;
  };
  return {
    view: () => ({ total: { ...total }, routes: Object.fromEntries(routes), apps: Object.fromEntries(apps) }),
    log: () => log.slice(-options.logLength),
    reset() {
      total = { requests: 0, points: 0 };
      routes.clear();
      apps.clear();
      log = [];
    },
    middleware: () => (req, res, next) => {
      const mark = req.originalUrl.indexOf('?');
      const path = mark === -1 ? req.originalUrl : req.originalUrl.slice(0, mark);
      const query = mark === -1 ? '' : req.originalUrl.slice(mark + 1);
      let counted = false;
      const count = (): void => {
        if (counted) return;
        counted = true;
        const { caller, host, points = 0 } = res.locals as { caller?: Caller; host: Host; points?: number };
        add(total, points);
        add(entry(routes, `${req.method} ${templateOf(path)}`), points);
        add(entry(apps, caller?.appId ?? caller?.via ?? 'anonymous'), points);
        log.push({
          at: clock.now().toISOString(),
          method: req.method,
          host,
          path,
          query: withoutSecrets(query),
          accountId: caller?.accountId ?? null,
          authorization: caller?.via ?? 'anonymous',
          credential: credentialOf(req.headers.authorization),
          status: res.statusCode,
          points,
        });
        if (log.length > 2 * options.logLength) log = log.slice(-options.logLength);
      };
      // `finish` comes before the client can have read the answer; `close` alone after one that was cut off.
      res.once('finish', count);
      res.once('close', count);
      next();
    },
  };
}

/** The path with its ids taken out; the gateway's prefix falls away, so that both ways in are counted as one. */
export function templateOf(path: string): string {
  return path
    .replace(/^\/ex\/confluence\/[^/]+/, '')
    .split('/')
    .map((part) => (/^(att)?\d+$|^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(part) ? '{id}' : part))
    .join('/');
}

function credentialOf(header: string | undefined): LoggedRequest['credential'] {
  if (header === undefined) return 'none';
  const scheme = header.split(' ', 1)[0]?.toLowerCase();
  return scheme === 'basic' || scheme === 'bearer' ? scheme : 'other';
}

function withoutSecrets(query: string): string {
  return query.replace(/(^|&)((?:[^=&]*(?:token|secret|code|state))[^=&]*)=[^&]*/gi, '$1$2=-');
}
