/**
 * When to try again: pure arithmetic over an answer's headers. Sources: Atlassian's rate-limit pages ("Rate limiting",
 * Jira and Confluence Cloud) for the headers and the back-off; RFC 9110 section 10.2.3 for Retry-After.
 */

/** What a limited answer tells. `waitMs` null: it names no time, so back off. */
export interface Limit {
  waitMs: number | null;
  reason: string;
  /** The hour's points are used up, rather than a burst limit. */
  quota: boolean;
  /** The asked wait was absurd and has been cut to `longestWaitMs`. */
  capped: boolean;
}

/** No quota lasts longer than an hour; a minute more for clocks that differ. */
export const longestWaitMs = 3_660_000;
/** Waits up to this are slept in the process; longer ones are left to the caller's durable timer. */
export const shortWaitMs = 5_000;
/** Tries of a request that meets 5xx, network failures or short limits. */
export const maxTries = 4;

/** `headers` have lower-case names; `serverTime` is the answer's Date, against which absolute times are measured. */
export function readLimit(headers: Record<string, string | undefined>, serverTime: Date): Limit {
  const structured = parseRateLimit(headers['ratelimit']);
  const told = headers['ratelimit-reason'] ?? structured?.policy ?? headers['x-failure-category'];
  const reason = (told ?? 'no reason given').slice(0, 100);
  const quota = /quota/i.test(reason);
  const asked =
    parseRetryAfter(headers['retry-after'], serverTime) ??
    parseReset(headers['x-ratelimit-reset'], serverTime) ??
    structured?.waitMs ??
    (quota ? untilNextHour(serverTime) : null);
  if (asked === null) return { waitMs: null, reason, quota, capped: false };
  const waitMs = Math.min(Math.max(asked, 0), longestWaitMs);
  return { waitMs, reason, quota, capped: asked > longestWaitMs };
}

/** 2 s, doubling up to 30 s, times 0.7 to 1.3. `attempt` counts from 1; `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(2_000 * 2 ** (Math.max(attempt, 1) - 1), 30_000);
  return Math.round(base * (0.7 + 0.6 * random));
}

/** Quotas are refilled at the top of each UTC hour. */
export function untilNextHour(serverTime: Date): number {
  const hour = 3_600_000;
  return hour - (serverTime.getTime() % hour);
}

/** Seconds, or an HTTP date. */
function parseRetryAfter(value: string | undefined, serverTime: Date): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Date.parse takes much for a date; only the three forms of HTTP begin with a weekday.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time - serverTime.getTime();
}

/** ISO 8601, possibly without seconds; Unix seconds are understood too. */
function parseReset(value: string | undefined, serverTime: Date): number | null {
  const text = value?.trim() ?? '';
  const time = /^\d{9,11}$/.test(text)
    ? Number(text) * 1000
    : /^\d{4}-\d\d-\d\dT/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  return Number.isNaN(time) ? null : time - serverTime.getTime();
}

/**
 * `RateLimit: "global-app-quota";r=0;t=1200, …`: the exhausted entry that lasts longest. Policies whose name begins
 * with `Beta-` are told for information and not enforced.
 */
function parseRateLimit(value: string | undefined): { policy: string; waitMs: number } | null {
  const entries = (value ?? '').split(',').flatMap((entry) => {
    const policy = /^\s*"?([^";]+)"?/.exec(entry)?.[1]?.trim() ?? '';
    const seconds = /;\s*t=(\d+)/.exec(entry)?.[1];
    if (seconds === undefined || /^beta-/i.test(policy)) return [];
    return [{ policy, left: /;\s*r=(\d+)/.exec(entry)?.[1], waitMs: Number(seconds) * 1000 }];
  });
  const exhausted = entries.filter(({ left }) => left === undefined || left === '0');
  const pool = exhausted.length > 0 ? exhausted : entries;
  return pool.sort((a, b) => b.waitMs - a.waitMs)[0] ?? null;
}
