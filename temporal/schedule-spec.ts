import type { CalendarSpec, ScheduleSpec } from '@temporalio/client';
import { minuteOf, minutesADay, openMinutes, weekdays, type SyncWindow } from '../activities/sync-window.ts';
import { usualPermissionMinutes } from '../store/permission-overview.ts';
import type { Connection, ConnectionStatus } from '../store/schema.ts';
import { temporalExpressions } from './cron.ts';
import type { Lane } from './names.ts';

const defaultIntervalMinutes = 60;

const dayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

/** In which states a lane's schedule stands. Whoever pauses content wants what is stored to stay guarded. */
const scheduled: Record<Lane, readonly ConnectionStatus[]> = {
  content: ['active', 'attention'],
  permissions: ['active', 'attention', 'paused'],
};

/**
 * When a connection syncs by itself; null: only when somebody asks. Permissions have a clock of their own, which goes on
 * where content is synced by hand: what was stored must not stay open for longer than promised.
 */
export function scheduleSpec(
  connection: Pick<Connection, 'status' | 'settings'>,
  lane: Lane = 'content',
): ScheduleSpec | null {
  if (!scheduled[lane].includes(connection.status)) return null;
  if (lane === 'permissions') {
    const minutes = connection.settings.permissions?.intervalMinutes ?? usualPermissionMinutes;
    return { intervals: [{ every: minutes * 60_000 }] };
  }
  const {
    strategy,
    cron,
    window,
    timezone = 'UTC',
    intervalMinutes = defaultIntervalMinutes,
  } = connection.settings.sync ?? { strategy: 'scheduled' };
  if (strategy === 'manual') return null;
  if (cron !== undefined) {
    const cronExpressions = temporalExpressions(cron);
    return { cronExpressions, timezone, ...(window === undefined ? {} : { skip: closedHours(window) }) };
  }
  if (window !== undefined) return { calendars: startsWithin(window, intervalMinutes), timezone };
  return { intervals: [{ every: intervalMinutes * 60_000 }] };
}

/**
 * Starts when the window opens and each interval after, by the clock on the wall: intervals of Temporal's are counted
 * from 1970 and could miss a short window for ever.
 */
export function startsWithin(window: SyncWindow, intervalMinutes: number): CalendarSpec[] {
  const from = minuteOf(window.from);
  const length = (minuteOf(window.to) - from + minutesADay) % minutesADay;
  const minutesOf = new Map<number, number[]>();
  for (let passed = 0; passed < length; passed += intervalMinutes) {
    const hour = Math.floor((from + passed) / 60);
    minutesOf.set(hour, [...(minutesOf.get(hour) ?? []), (from + passed) % 60]);
  }
  return merged(
    [...minutesOf].map(([hour, minutes]) => ({
      // A window belongs to the day on which it opens; its hours after midnight are the next day's.
      days: daysOf(window, Math.floor(hour / 24)),
      hour: hour % 24,
      minutes: minutes.join(','),
    })),
  ).map(({ days, hours, minutes }) => ({
    ...onDays(days),
    hour: hours,
    minute: minutes.split(',').map(Number),
    second: 0,
  }));
}

/** Every second outside a window, for what a schedule leaves out. */
export function closedHours(window: SyncWindow): CalendarSpec[] {
  const slots = weekdays.flatMap((_, day) => {
    const open = openMinutes(window, day);
    const isOpen = (minute: number) => open.some(([from, to]) => from <= minute && minute < to);
    return Array.from({ length: 24 }, (_unused, hour) => {
      const minutes = Array.from({ length: 60 }, (_none, minute) => minute);
      const closed = minutes.filter((minute) => !isOpen(hour * 60 + minute));
      return { days: [day], hour, minutes: closed.length === 60 ? '*' : ranges(closed) };
    }).filter(({ minutes }) => minutes !== '');
  });
  return merged(slots).map(({ days, hours, minutes }) => ({
    ...onDays(days),
    hour: hours,
    minute:
      minutes === '*'
        ? '*'
        : minutes.split(',').map((range) => {
            const [start = 0, end = start] = range.split('-').map(Number);
            return { start, end };
          }),
    second: '*',
  }));
}

interface Slot {
  days: number[];
  hour: number;
  minutes: string;
}

/** Few calendars instead of many: hours of the same minutes on the same days, then days of the same hours. */
function merged(slots: Slot[]): { days: number[]; hours: number[]; minutes: string }[] {
  const byDay = new Map<string, { days: number[]; hours: number[]; minutes: string }>();
  for (const { days, hour, minutes } of slots) {
    const key = `${days.join(',')} ${minutes}`;
    const known = byDay.get(key) ?? { days, hours: [], minutes };
    byDay.set(key, { ...known, hours: [...known.hours, hour] });
  }
  const byHours = new Map<string, { days: number[]; hours: number[]; minutes: string }>();
  for (const { days, hours, minutes } of byDay.values()) {
    const key = `${hours.join(',')} ${minutes}`;
    const known = byHours.get(key) ?? { days: [], hours, minutes };
    byHours.set(key, { ...known, days: [...known.days, ...days] });
  }
  return [...byHours.values()];
}

function daysOf(window: SyncWindow, later: number): number[] {
  return weekdays.flatMap((day, index) =>
    window.days === undefined || window.days.includes(day) ? [(index + later) % 7] : [],
  );
}

function onDays(days: number[]): Pick<CalendarSpec, 'dayOfWeek'> {
  if (days.length === 7) return { dayOfWeek: '*' };
  return { dayOfWeek: days.flatMap((day) => dayNames[day] ?? []) };
}

/** Numbers in order as "0-4,10-59". */
function ranges(numbers: number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([start, end]) => `${start}-${end}`).join(',');
}
