import type { LimitScope, NearLimit } from './retry.ts';

/** What a call cost, by Atlassian's arithmetic (see `pointsOf`). */
export interface Cost {
  requests: number;
  points: number;
}

/** Whom a request is to reach: limits and failures may be of one endpoint alone. */
export interface Asking {
  /** Method and path without ids, see `endpointOf`. */
  endpoint: string;
  signal?: AbortSignal | undefined;
  /** What it is read for: content leaves the part of the quota alone that permissions are read with. */
  purpose?: 'content' | 'permissions' | undefined;
}

/** The right to send requests for one connection, shared by all workers. Implemented over PostgreSQL in store/. */
export interface Budget {
  /**
   * Returns when a request that may cost `estimate` points can be sent now; waits a few seconds at most, longer only
   * for the connection's own bound of requests a minute.
   * @throws RateLimited, EndpointFailing with `retryAt` when it cannot be sent soon; the signal's reason when aborted.
   */
  admit(estimate: number, asking?: Asking): Promise<void>;
  /** Whether a block has come up since; asked at the last moment before sending. */
  isBlocked(endpoint: string): boolean;
  /** Books what was spent. `serverTime` (the `Date` header) tells the hour by Atlassian's clock. */
  charge(cost: Cost & { serverTime?: Date; near?: NearLimit | null }): void;
  /** Atlassian said no: nobody sends before `date` to what `scope` names; to anything of the app unless told. */
  blockUntil(date: Date, reason: string, of?: { scope: LimitScope; endpoint: string }): Promise<void>;
  /**
   * An answer came, or the endpoint failed (5xx, no answer): after some failures in a row nobody sends to it for a
   * while, and then one tries for all.
   */
  outcome(endpoint: string, failure: string | null): Promise<void>;
  /** Writes what is booked and not yet written. */
  flush(): Promise<void>;
}

/**
 * Points of one request: 1, and 1 for each core object (page, space, comment, attachment) and 2 for each user, group
 * or permission in the answer (Atlassian, "Rate limiting": points-based quota).
 */
export function pointsOf(objects: { core?: number; identity?: number }): number {
  return 1 + (objects.core ?? 0) + 2 * (objects.identity ?? 0);
}

/** A request's endpoint: its method and its path with `{id}` for each part that holds a digit, but for `v2` and the like. */
export function endpointOf(method: string, path: string): string {
  const parts = path.split('/').map((part) => (/\d/.test(part) && !/^v\d$/.test(part) ? '{id}' : part));
  return `${method} ${parts.join('/')}`;
}

/** A budget without limits that remembers nothing: for one-off calls and tests. */
export function unlimitedBudget(): Budget {
  return {
    admit: async () => {},
    isBlocked: () => false,
    charge: () => {},
    blockUntil: async () => {},
    outcome: async () => {},
    flush: async () => {},
  };
}

/** A budget that also counts what passes through it, for the counters of one run. */
export interface CountingBudget extends Budget {
  /** What was spent since the last call. */
  takeSpent(): Cost;
}

export function countSpending(budget: Budget, purpose?: Asking['purpose']): CountingBudget {
  let spent: Cost = { requests: 0, points: 0 };
  return {
    ...budget,
    admit: (estimate, asking) => budget.admit(estimate, { endpoint: '', ...asking, purpose }),
    charge(cost) {
      spent = { requests: spent.requests + cost.requests, points: spent.points + cost.points };
      budget.charge(cost);
    },
    takeSpent() {
      const taken = spent;
      spent = { requests: 0, points: 0 };
      return taken;
    },
  };
}
