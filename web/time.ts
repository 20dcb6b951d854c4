const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const shortDate = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/**
 * How long ago (or ahead) in words: "just now", "3 min. ago", "in 2 hr."; a date once it is 30 days away.
 * Pure: the caller gives `now`.
 */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return seconds > 0 ? 'in a moment' : 'just now';
  if (size < hour) return relative.format(Math.trunc(seconds / minute) || Math.sign(seconds), 'minute');
  if (size < day) return relative.format(Math.trunc(seconds / hour), 'hour');
  if (size < 30 * day) return relative.format(Math.trunc(seconds / day), 'day');
  return shortDate.format(at);
}

/** The exact time for a title attribute, in UTC, to the second: "2026-03-26 16:04:05 UTC". */
export function exactTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A length of time in its two largest units: "40 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < minute) return `${total} s`;
  if (total < hour) return units(total, minute, 'min', 1, 's');
  if (total < day) return units(total, hour, 'h', minute, 'min');
  return units(total, day, 'd', hour, 'h');
}

function units(total: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((total % large) / small);
  const head = `${Math.floor(total / large)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** 12408 as "12,408". Accepts what PostgreSQL gives for a bigint. */
export function count(value: number | string | bigint): string {
  return BigInt(value).toLocaleString('en');
}

/** "1 page", "12,408 pages". */
export function plural(value: number | string | bigint, one: string, many = `${one}s`): string {
  return `${count(value)} ${BigInt(value) === 1n ? one : many}`;
}
