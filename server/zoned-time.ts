/** Dates and times of day in a time zone, by the zone's rules that Node brings along. Times are milliseconds since 1970. */

const formats = new Map<string, Intl.DateTimeFormat>();
const dayMs = 86_400_000;

/** @throws RangeError for a zone that is not known */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
  formats.set(zone, format);
  return format;
}

/** What a clock in the zone shows, as if it were UTC. */
function shownAt(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, fractionalSecond = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second, fractionalSecond);
}

/**
 * The instant at which a clock in the zone shows this. Where it shows it twice, as clocks go back, the first or the last
 * of them; where it never does, as they go forward, the instant that comes as long after the change.
 * @param shown as `Date.UTC` makes it of the clock's date and time
 */
function instantShown(shown: number, zone: string, which: 'first' | 'last'): number {
  const offsets = [shown - dayMs, shown + dayMs].map((near) => shownAt(near, zone) - near);
  const [before = 0, after = 0] = offsets;
  const good = [shown - before, shown - after].filter((instant) => shownAt(instant, zone) === shown);
  if (good.length === 0) return shown - before;
  return which === 'first' ? Math.min(...good) : Math.max(...good);
}

/** `2026-01-31` as `Date.UTC` makes it; null for a day that no calendar has. */
export function calendarDay(date: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined || year < 1900) return null;
  const shown = Date.UTC(year, month - 1, day);
  return new Date(shown).toISOString().startsWith(date) ? shown : null;
}

/** `09:30`, `09:30:15` or `09:30:15.250` in milliseconds of the day; null for what is no time. */
export function timeOfDay(time: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/.exec(time);
  if (match === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  return (
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(fraction.padEnd(3, '0'))
  );
}

/** The first moment of a day. */
export function startOfDay(day: number, zone: string): number {
  return instantShown(day, zone, 'first');
}

/** The last millisecond of a day. */
export function endOfDay(day: number, zone: string): number {
  return startOfDay(day + dayMs, zone) - 1;
}

export function instantOn(day: number, time: number, zone: string, which: 'first' | 'last'): number {
  return instantShown(day + time, zone, which);
}

/** What a clock in the zone shows: `{day, date: '2026-01-31', time: '09:30:15.250'}`. */
export function localTime(instant: number, zone: string): { day: number; date: string; time: string } {
  const text = new Date(shownAt(instant, zone)).toISOString();
  const date = text.slice(0, 10);
  return { day: Date.parse(date), date, time: text.slice(11, -1) };
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}
