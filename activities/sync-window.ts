import type { ConnectionSettings } from '../store/schema.ts';

/** The hours within which runs of a schedule begin and go on, by the clock on the wall of a time zone. */
export interface SyncWindow {
  /** Times such as "22:30"; `to` before `from` goes over midnight. */
  from: string;
  to: string;
  /** On which it opens; every day unless given. */
  days?: Weekday[] | undefined;
}

type StoredWindow = NonNullable<NonNullable<ConnectionSettings['sync']>['window']>;
export type Weekday = NonNullable<StoredWindow['days']>[number];

/** In the order of cron: Sunday is 0. */
export const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const minutesADay = 1_440;

const minuteMs = 60_000;
const dayMs = minutesADay * minuteMs;
/** A window of one day a week that a change of the clocks leaves out comes again within this. */
const furthestDays = 22;

/** Minutes since midnight of a time such as "22:30". */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Which minutes of a weekday (Sunday is 0) are within the window, as [from, to) since midnight, in order. */
export function openMinutes(window: SyncWindow, weekday: number): [number, number][] {
  const on = (day: number) => window.days === undefined || window.days.includes(weekdays[(day + 7) % 7]!);
  const [from, to] = [minuteOf(window.from), minuteOf(window.to)];
  if (from < to) return on(weekday) ? [[from, to]] : [];
  // Over midnight: what began on the day before goes on first. A window belongs to the day on which it opens.
  return [
    ...(on(weekday - 1) && to > 0 ? [[0, to] as [number, number]] : []),
    ...(on(weekday) ? [[from, minutesADay] as [number, number]] : []),
  ];
}

/**
 * Whether a window is open at an instant, and when that changes next. What counts is the clock on the wall of the time
 * zone: an hour that the clocks repeat counts twice, and one that they leave out, not at all.
 * @param timezone an IANA name; UTC unless given
 */
export function windowState(
  window: SyncWindow,
  timezone: string | undefined,
  at: Date,
): { open: boolean; changesAt: Date } {
  const wall = wallClock(timezone ?? 'UTC');
  const isOpen = (instant: number) => {
    const local = new Date(instant + wall(instant));
    const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
    return openMinutes(window, local.getUTCDay()).some(([from, to]) => from <= minute && minute < to);
  };
  const start = at.getTime();
  const open = isOpen(start);
  const edges = [...new Set([minuteOf(window.from), minuteOf(window.to), 0])];
  const midnight = Math.floor((start + wall(start)) / dayMs) * dayMs;
  for (const reach of [8, furthestDays]) {
    const days = Array.from({ length: reach + 2 }, (_, day) => midnight + (day - 1) * dayMs);
    const candidates = days.flatMap((local) => [
      ...edges.flatMap((minute) => instantsOf(wall, local + minute * minuteMs)),
      ...clockChanges(wall, local - dayMs, local),
    ]);
    const next = candidates
      .filter((instant) => instant > start && isOpen(instant) !== open)
      .reduce((first, instant) => Math.min(first, instant), Infinity);
    if (next < midnight + (reach - 1) * dayMs) return { open, changesAt: new Date(next) };
  }
  throw new RangeError('The window never changes.');
}

/** How many milliseconds a zone's clock is ahead of UTC at an instant. */
type WallClock = (instant: number) => number;

const clocks = new Map<string, WallClock>();

function wallClock(timeZone: string): WallClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const clock = (instant: number) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const at = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const shown = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
    return shown - Math.floor(instant / 1_000) * 1_000;
  };
  clocks.set(timeZone, clock);
  return clock;
}

/** The instants at which a zone's clock shows a time: one, two where it is set back, none where it is set forward. */
function instantsOf(wall: WallClock, local: number): number[] {
  const offsets = new Set([wall(local - dayMs), wall(local), wall(local + dayMs)]);
  return [...offsets].map((offset) => local - offset).filter((instant) => instant + wall(instant) === local);
}

/** The instant between two at which the clock is set forward or back, if there is one; no zone does so twice in two days. */
function clockChanges(wall: WallClock, from: number, to: number): number[] {
  if (wall(from) === wall(to)) return [];
  let [before, after] = [from, to];
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (wall(middle) === wall(from)) before = middle;
    else after = middle;
  }
  return [after];
}
