import type { Operand } from './ast.ts';
import { CqlError } from './ast.ts';

/** A moment named in a query. `until` is the end, exclusive, of what `=` accepts: a minute, or a whole day. */
export interface Moment {
  from: number;
  until: number;
}

interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const MINUTE = 60_000;
const LITERAL = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/;
const OFFSET = /^([+-]?)(\d+)([yMwdhm])$/;
const BOUNDARY = /^(start|end)of(day|week|month|year)$/;

/**
 * The moment that an operand names: `"yyyy-MM-dd"`, `"yyyy-MM-dd HH:mm"` (or with slashes), `now("-4w")`,
 * `startOfDay()`, `endOfMonth("+1M")` and the like, read in the time zone `zone`; precise to the minute.
 * Throws CqlError when it names none.
 */
export function momentOf(operand: Operand, zone: string, now: number, at: number): Moment {
  if (operand.kind === 'call') return minute(call(operand, zone, now, at));
  const match = LITERAL.exec(operand.text.trim());
  if (match === null) {
    const offset = OFFSET.test(operand.text) ? shift(localTime(now, zone), operand.text, at) : undefined;
    if (offset !== undefined) return minute(instant(offset, zone));
    throw new CqlError(
      `'${operand.text}' is not a date: use "yyyy-MM-dd", "yyyy-MM-dd HH:mm" or a date function`,
      at,
    );
  }
  const [year, month, day, hour, min] = match.slice(1).map((part) => Number(part ?? 0)) as number[];
  const local = { year: year!, month: month!, day: day!, hour: hour!, minute: min! };
  if (local.month < 1 || local.month > 12 || local.day < 1 || local.day > 31 || local.hour > 23 || min! > 59)
    throw new CqlError(`'${operand.text}' is not a date`, at);
  const from = instant(local, zone);
  if (match[4] !== undefined) return minute(from);
  return { from, until: instant({ ...local, day: local.day + 1 }, zone) };
}

function minute(time: number): Moment {
  const from = Math.floor(time / MINUTE) * MINUTE;
  return { from, until: from + MINUTE };
}

function call(operand: Operand & { kind: 'call' }, zone: string, now: number, at: number): number {
  const name = operand.name.toLowerCase();
  const offset = operand.args[0];
  const moved = (time: LocalTime): LocalTime => (offset === undefined ? time : shift(time, offset, at));
  if (name === 'now') return instant(moved(localTime(now, zone)), zone);
  const boundary = BOUNDARY.exec(name);
  if (boundary === null) throw new CqlError(`The function '${operand.name}' does not give a date`, at);
  const today = { ...localTime(now, zone), hour: 0, minute: 0 };
  const unit = boundary[2];
  const start =
    unit === 'year'
      ? { ...today, month: 1, day: 1 }
      : unit === 'month'
        ? { ...today, day: 1 }
        : unit === 'week'
          ? { ...today, day: today.day - weekday(today) }
          : today;
  if (boundary[1] === 'start') return instant(moved(start), zone);
  const one = { year: '1y', month: '1M', week: '1w', day: '1d' }[unit!]!;
  return instant(moved({ ...shift(start, one, at), minute: -1 }), zone);
}

/** Days since Sunday, on which Confluence's weeks begin. */
function weekday(time: LocalTime): number {
  return new Date(Date.UTC(time.year, time.month - 1, time.day)).getUTCDay();
}

function shift(time: LocalTime, offset: string, at: number): LocalTime {
  const match = OFFSET.exec(offset.trim());
  if (match === null) throw new CqlError(`'${offset}' is not an offset such as "-4w" or "+1d"`, at);
  const amount = Number(match[2]) * (match[1] === '-' ? -1 : 1);
  switch (match[3]) {
    case 'y':
      return { ...time, year: time.year + amount };
    case 'M':
      return { ...time, month: time.month + amount };
    case 'w':
      return { ...time, day: time.day + 7 * amount };
    case 'd':
      return { ...time, day: time.day + amount };
    case 'h':
      return { ...time, hour: time.hour + amount };
    default:
      return { ...time, minute: time.minute + amount };
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(time: number, zone: string): LocalTime {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(time).map((p) => [p.type, Number(p.value)]));
  return { year: part.year!, month: part.month!, day: part.day!, hour: part.hour!, minute: part.minute! };
}

/** Where a local time does not exist or exists twice (clock changes), one of its neighbours an hour apart. */
function instant(local: LocalTime, zone: string): number {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) {
    const seen = localTime(guess, zone);
    guess += asUtc - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute);
  }
  return guess;
}
