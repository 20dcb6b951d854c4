/** What is read besides content, each within a share of its own; content has the rest. */
export type Purpose = 'permissions' | 'sweep';

/** Part of an app's hourly points that each may have; the rest is for content, and for people's own calls. */
export const purposeShares: Record<Purpose, number> = { permissions: 0.4, sweep: 0.2 };

/** With an API token no quota counts its requests, but the site should hardly notice them. */
export const purposeRequestsPerMinute: Record<Purpose, number> = { permissions: 200, sweep: 100 };

/** Connections that share an hour's quota. Points, all of the same hour. */
export interface Sharing {
  /** What the app may spend in an hour. */
  usable: number;
  /** What the app has spent. */
  spent: number;
  /** What this connection has spent. */
  own: number;
  /** What each other connection with work to do has spent. */
  others: readonly number[];
  /** Milliseconds since the hour began. */
  intoHourMs: number;
  /** Permissions are read on their own clock, and this is for content: their part of the rest of the hour is theirs. */
  besidePermissions?: boolean;
}

/**
 * From here on nothing is kept back for anybody: what is not used by the end of the hour is lost to all.
 */
export const lendingFromMs = 50 * 60_000;

/**
 * Points that are kept back for the other connections with work to do: what each has not yet spent of an equal share.
 * A connection without work has no share, so its part is lent to the others.
 */
export function keptForOthers({ usable, others, intoHourMs }: Sharing): number {
  if (intoHourMs >= lendingFromMs) return 0;
  const share = usable / (others.length + 1);
  return others.reduce((sum, spent) => sum + Math.max(0, share - spent), 0);
}

/**
 * Points that content leaves to permission syncs: their share of what is left of the hour. Without it a large reading at
 * the top of each hour would spend all, and what was closed at Atlassian would stay open here until the next.
 */
export function keptForPermissions({ usable, intoHourMs, besidePermissions }: Sharing): number {
  if (besidePermissions !== true) return 0;
  return usable * purposeShares.permissions * Math.max(0, 1 - intoHourMs / 3_600_000);
}

/**
 * Why a request that may cost `estimate` cannot be sent now; null where it can. `permissions`: the rest of the hour's
 * points is theirs.
 */
export function quotaObstacle(sharing: Sharing, estimate: number): 'spent' | 'kept' | 'permissions' | null {
  const { usable, spent, own, others } = sharing;
  // A single request that is dearer than all there is must still go through once.
  const cost = Math.min(estimate, usable);
  if (spent + cost > usable) return 'spent';
  if (spent > 0 && spent + cost > usable - keptForPermissions(sharing)) return 'permissions';
  const share = usable / (others.length + 1);
  if (own + Math.min(cost, share) <= share) return null;
  return spent + cost + keptForOthers(sharing) > usable ? 'kept' : null;
}
