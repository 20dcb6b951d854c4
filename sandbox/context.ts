import type { RequestHandler, Response } from 'express';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { FaultPlan } from './faults.ts';
import type { Meter } from './metering/meter.ts';
import type { Grants } from './oauth/grants.ts';
import type { SandboxOptions } from './options.ts';
import type { WorldStore } from './world/store.ts';

export type { Clock, Counters, FaultPlan, Grants, Meter, SandboxOptions };

/** What every route of the sandbox works with. */
export interface SandboxContext {
  store: WorldStore;
  clock: Clock;
  meter: Meter;
  faults: FaultPlan;
  options: SandboxOptions;
  /** What the authorization server has issued. */
  grants: Grants;
  counters: Counters;
}

/** Who sends a request, as told by its credential. Found in `res.locals.caller`; read it with `callerOf`. */
export interface Caller {
  /** null: a visitor who has not signed in. */
  accountId: string | null;
  /** null: not limited by scopes (classic token, visitor). */
  scopes: ReadonlySet<string> | null;
  via: 'oauth' | 'api_token' | 'anonymous';
  /** The OAuth app's client id. */
  appId: string | null;
}

export function callerOf(res: Response): Caller {
  const caller = (res.locals as { caller?: Caller }).caller;
  if (caller === undefined) throw new Error('This route is mounted before authentication.');
  return caller;
}

/**
 * Lets a request pass whose credential holds one of these scopes, or is not limited by scopes; else 401 with the
 * body that Atlassian's gateway gives, which does not name the missing scope.
 */
export function requireScope(...anyOf: string[]): RequestHandler {
  return (_req, res, next) => {
    const { scopes } = callerOf(res);
    if (scopes === null || anyOf.some((scope) => scopes.has(scope))) next();
    else res.status(401).json({ code: 401, message: 'Unauthorized; scope does not match' });
  };
}
