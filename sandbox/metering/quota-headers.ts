const HOUR = 3600_000;
const POLICY = '"global-app-quota"';

/**
 * The headers of an answer inside the quota (developer.atlassian.com, rate limiting): the structured header names the
 * remainder only when more than 80 % is used, and `NearLimit` turns true below 20 %.
 */
export function quotaHeaders(quota: number, used: number, now: Date): Record<string, string> {
  const remaining = Math.max(0, quota - used);
  const near = remaining < quota / 5;
  return {
    'X-RateLimit-Limit': String(quota),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': resetAt(now),
    'X-RateLimit-NearLimit': String(near),
    'RateLimit-Policy': `${POLICY};q=${quota};w=3600`,
    ...(near ? { RateLimit: `${POLICY};r=${remaining};t=${secondsLeft(now)}` } : {}),
  };
}

/** The headers of the 429 that a spent quota answers until the hour is over. */
export function wallHeaders(quota: number, now: Date): Record<string, string> {
  return {
    ...quotaHeaders(quota, quota, now),
    'Retry-After': String(secondsLeft(now)),
    'RateLimit-Reason': 'confluence-quota-global-based',
  };
}

/** Whole seconds to the top of the hour, at least one. */
export function secondsLeft(now: Date): number {
  return Math.max(1, Math.ceil((HOUR - (now.getTime() % HOUR)) / 1000));
}

/** Without seconds, as Atlassian writes it. */
function resetAt(now: Date): string {
  const reset = new Date((Math.floor(now.getTime() / HOUR) + 1) * HOUR);
  return `${reset.toISOString().slice(0, 16)}Z`;
}
