import { purposeRequestsPerMinute, purposeShares, type Purpose } from '../../store/fair-share.ts';
import type { QuotaNow, SiteSize } from '../../store/forecast.ts';

/** What a sync asks of Atlassian. */
export interface SyncCost {
  requests: number;
  points: number;
}

/** Items in one answer of a listing, and of a search with restrictions expanded. */
const perListing = 250;
const perSearch = 100;
const membersPerRequest = 200;
/** A site is read in so many parts side by side; each may end in an answer that is not full. */
const parts = 4;
/** Permissions of a space, and principals of a restricted page, where nothing is known of them yet. */
const usualPermissions = 12;
const usualPrincipals = 0.2;
/** Product access, role mode, checks of what changed while the listings were walked. */
const always = 12;

const answers = (items: number, each: number, tails = 1) => Math.floor(items / each) + Math.max(1, tails);

/** A full sync, by how much there is: pure arithmetic, held against measured runs by a test. */
export function fullCost(size: SiteSize): SyncCost {
  const tails = Math.min(parts, Math.max(1, size.spaces));
  const content = size.pages + size.blogposts + size.containers;
  const requests =
    answers(size.spaces, perListing) +
    size.spaces +
    Math.max(size.groups, Math.ceil(size.memberships / membersPerRequest)) +
    answers(size.accounts, perListing) +
    answers(size.pages, perListing, tails) +
    answers(size.blogposts, perListing) +
    answers(content, perSearch, tails) +
    2 * answers(size.comments / 2, perListing) +
    answers(size.attachments, perListing) +
    size.containers +
    always;
  const core = size.spaces + size.pages + size.blogposts + size.comments + size.attachments + content;
  const identities =
    size.groups +
    size.memberships +
    size.accounts +
    size.spaces * usualPermissions +
    content * usualPrincipals;
  return { requests, points: Math.round(requests + core + 2 * identities) };
}

/** A sweep lists ids alone. */
export function sweepCost(size: SiteSize): SyncCost {
  const tails = Math.min(parts, Math.max(1, size.spaces));
  const requests =
    answers(size.spaces, perListing) +
    answers(size.pages, perListing, tails) +
    answers(size.blogposts, perListing) +
    2 * answers(size.comments / 2, perListing) +
    answers(size.attachments, perListing);
  const core = size.spaces + size.pages + size.blogposts + size.comments + size.attachments;
  return { requests, points: requests + core };
}

/** Reading all permissions once, by what it costs until it has been measured (activities/permissions/loads.ts). */
export function permissionsCost(size: SiteSize): SyncCost {
  const content = size.pages + size.blogposts + size.containers;
  const people = size.groups + 2 * size.memberships + 2 * size.accounts;
  return {
    requests: Math.ceil(content * 0.03 + size.spaces + size.groups + size.accounts / perListing + 3),
    points: Math.ceil(content * 2.2 + size.spaces * 40 + people + 200),
  };
}

/**
 * What is read besides content keeps within its share: a run reads what that affords, and the next goes on.
 * @param usable the hour's points; null: an API token
 */
export function withinShare(
  cost: SyncCost,
  purpose: Purpose,
  minutes: number,
  usable: number | null,
): SyncCost {
  const part =
    usable === null
      ? (purposeRequestsPerMinute[purpose] * minutes) / cost.requests
      : (usable * purposeShares[purpose] * minutes) / 60 / cost.points;
  const kept = Math.min(1, part);
  return { requests: Math.ceil(cost.requests * kept), points: Math.round(cost.points * kept) };
}

/** An incremental sync without news costs this at most, whatever the size of the site. */
export const idleCost: SyncCost = { requests: 8, points: 80 };

export interface Pace {
  requestsPerSecond: number;
  /** The connection's own bound. */
  requestsPerMinute: number | null;
  quota: Pick<QuotaNow, 'usable' | 'used' | 'own' | 'sharing'> | null;
}

export interface Duration {
  minutes: number;
  /** How often it will wait for the next hour's points. */
  waits: number;
}

/** How long a sync takes that begins at `now`: by its pace, its own bound, and the hours that its points fill. */
export function durationOf({ requests, points }: SyncCost, pace: Pace, now: Date): Duration {
  const perSecond = Math.min(pace.requestsPerSecond, (pace.requestsPerMinute ?? Infinity) / 60);
  const working = requests / Math.max(perSecond, 0.001);
  if (pace.quota === null) return { minutes: Math.max(1, Math.ceil(working / 60)), waits: 0 };
  const { usable, used, own, sharing } = pace.quota;
  const share = usable / sharing;
  const pointsPerSecond = Math.max(points / Math.max(working, 0.001), 0.001);
  let left = points;
  let seconds = 0;
  let waits = 0;
  // In the first hour others may have spent already; every further one begins with an equal share.
  let affordable = Math.max(0, Math.min(usable - used, sharing === 1 ? Infinity : share - own));
  let untilHour = 3_600 - ((now.getTime() / 1_000) % 3_600);
  while (left > 0) {
    const now1 = Math.min(left, affordable, pointsPerSecond * untilHour);
    left -= now1;
    if (left <= 0) {
      seconds += now1 / pointsPerSecond;
      break;
    }
    // Either the hour's points end before the hour, or the hour before its points.
    if (now1 === affordable) waits += 1;
    seconds += untilHour;
    untilHour = 3_600;
    affordable = share;
  }
  return { minutes: Math.max(1, Math.ceil(seconds / 60)), waits };
}
