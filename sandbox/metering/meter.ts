import type { RequestHandler, Response } from 'express';
import type { Clock } from '../clock.ts';
import type { Caller } from '../context.ts';
import type { SandboxOptions } from '../options.ts';
import { quotaHeaders, wallHeaders } from './quota-headers.ts';

/** What a response costs beyond the one point that every API request costs. */
export interface Charge {
  /** Pages, blog posts, spaces, comments, attachments in the answer: one point each. */
  core?: number;
  /** Users, groups, permissions, restrictions in the answer: two points each. */
  identity?: number;
}

/** Points of OAuth apps by UTC hour; API tokens are counted but never walled. */
export interface Meter {
  /** Call before the answer is sent; may be called several times for one answer. */
  charge(res: Response, cost: Charge): void;
  /** Charges the base point and sets the headers, or answers 429 where the hour's quota is spent. */
  middleware(): RequestHandler;
  /** Points that an app has spent in the present hour. */
  used(appId: string): number;
  /** Pretend that this many points are spent in the present hour. */
  setUsed(appId: string, points: number): void;
  reset(): void;
}

const HOUR = 3600_000;

export function createMeter(clock: Clock, options: SandboxOptions): Meter {
  let hour = -1;
  const spent = new Map<string, number>();
  const bursts = new Map<string, { second: number; count: number }>();

  const used = (appId: string): number => {
    const present = Math.floor(clock.now().getTime() / HOUR);
    // The quota is whole again at the top of each UTC hour; nothing is carried over.
    if (present !== hour) {
      hour = present;
      spent.clear();
    }
    return spent.get(appId) ?? 0;
  };
  const add = (res: Response, points: number): void => {
    const locals = res.locals as { caller?: Caller; points?: number };
    locals.points = (locals.points ?? 0) + points;
    const { caller } = locals;
    if (caller?.via !== 'oauth' || caller.appId === null) return;
    const total = used(caller.appId) + points;
    spent.set(caller.appId, total);
    res.set(quotaHeaders(options.quotaPoints, total, clock.now()));
  };
  const overBurst = (account: string): boolean => {
    if (options.burstPerSecond === null) return false;
    const second = Math.floor(clock.now().getTime() / 1000);
    const own = bursts.get(account);
    if (own?.second !== second) {
      bursts.set(account, { second, count: 1 });
      return false;
    }
    own.count += 1;
    return own.count > options.burstPerSecond;
  };

  return {
    charge: (res, { core = 0, identity = 0 }) => add(res, core + 2 * identity),
    middleware: () => (_req, res, next) => {
      const { caller } = res.locals as { caller: Caller };
      if (overBurst(caller.accountId ?? '')) {
        res.status(429).set({ 'Retry-After': '1', 'RateLimit-Reason': 'confluence-burst-based' });
        res.json({ code: 429, message: 'Rate limit exceeded' });
        return;
      }
      if (caller.via === 'oauth' && caller.appId !== null && used(caller.appId) >= options.quotaPoints) {
        res.status(429).set(wallHeaders(options.quotaPoints, clock.now()));
        res.json({ code: 429, message: 'Rate limit exceeded' });
        return;
      }
      add(res, 1);
      next();
    },
    used,
    setUsed(appId, points) {
      used(appId);
      spent.set(appId, points);
    },
    reset() {
      spent.clear();
      bursts.clear();
    },
  };
}
