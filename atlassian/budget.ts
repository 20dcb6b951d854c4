/** What a call cost, by Atlassian's arithmetic (see `pointsOf`). */
export interface Cost {
  requests: number;
  points: number;
}

/** The right to send requests with one app or token, shared by all workers. Implemented over PostgreSQL in store/. */
export interface Budget {
  /**
   * Returns when a request that may cost `estimate` points can be sent now; waits a few seconds at most.
   * @throws RateLimited with `retryAt` when it cannot be sent soon.
   */
  admit(estimate: number): Promise<void>;
  /** Books what was spent. `serverTime` (the `Date` header) tells the hour by Atlassian's clock. */
  charge(cost: Cost & { serverTime?: Date }): void;
  /** Atlassian said no: nobody sends with this budget before `date`. */
  blockUntil(date: Date, reason: string): Promise<void>;
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

/** A budget without limits that remembers nothing: for one-off calls and tests. */
export function unlimitedBudget(): Budget {
  return { admit: async () => {}, charge: () => {}, blockUntil: async () => {}, flush: async () => {} };
}

/** A budget that also counts what passes through it, for the counters of one run. */
export interface CountingBudget extends Budget {
  /** What was spent since the last call. */
  takeSpent(): Cost;
}

export function countSpending(budget: Budget): CountingBudget {
  let spent: Cost = { requests: 0, points: 0 };
  return {
    ...budget,
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
