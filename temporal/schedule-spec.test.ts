import { expect, test } from '@jest/globals';
import type { CalendarSpec } from '@temporalio/client';
import fc from 'fast-check';
import { openMinutes, weekdays, type SyncWindow } from '../activities/sync-window.ts';
import { temporalExpressions } from './cron.ts';
import { closedHours, scheduleSpec, startsWithin } from './schedule-spec.ts';

const dayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** Whether a calendar names a minute of the week, as Temporal reads calendars. */
function names(calendar: CalendarSpec, day: number, hour: number, minute: number): boolean {
  const isIn = (part: unknown, value: number | string): boolean => {
    if (part === '*') return true;
    return [part].flat().some((one) => {
      if (typeof one !== 'object' || one === null) return one === value;
      const { start, end } = one as { start: number; end: number };
      return start <= Number(value) && Number(value) <= end;
    });
  };
  return (
    isIn(calendar.dayOfWeek, dayNames[day] ?? '') &&
    isIn(calendar.hour, hour) &&
    isIn(calendar.minute, minute)
  );
}

/** Minutes of the week, Sunday's midnight first, that some of the calendars name. */
function minutesOf(calendars: CalendarSpec[]): number[] {
  const found: number[] = [];
  for (let at = 0; at < 7 * 1_440; at += 1) {
    const [day, hour, minute] = [Math.floor(at / 1_440), Math.floor(at / 60) % 24, at % 60];
    if (calendars.some((calendar) => names(calendar, day, hour, minute))) found.push(at);
  }
  return found;
}

const time = fc
  .integer({ min: 0, max: 1_439 })
  .map((at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`);
const windows: fc.Arbitrary<SyncWindow> = fc
  .record({
    from: time,
    to: time,
    days: fc.option(fc.subarray([...weekdays], { minLength: 1 }), { nil: undefined }),
  })
  .filter(({ from, to }) => from !== to);
const open = (window: SyncWindow) =>
  weekdays.flatMap((_, day) =>
    openMinutes(window, day).flatMap(([from, to]) =>
      Array.from({ length: to - from }, (_none, passed) => day * 1_440 + from + passed),
    ),
  );

test('what is left out of a schedule is exactly what lies outside its window', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const closed = new Set(minutesOf(closedHours(window)));
      const every = Array.from({ length: 7 * 1_440 }, (_, at) => at);
      expect(every.filter((at) => !closed.has(at))).toEqual(open(window));
    }),
    { numRuns: 30 },
  );
});

test('an interval within a window starts when it opens, and each interval after', () => {
  fc.assert(
    fc.property(windows, fc.integer({ min: 5, max: 1_440 }), (window, interval) => {
      const opened = open(window);
      const within = new Set(opened);
      const opens = weekdays.flatMap((day, index) => {
        const [hour = 0, minute = 0] = window.from.split(':').map(Number);
        return window.days?.includes(day) === false ? [] : [index * 1_440 + hour * 60 + minute];
      });
      const length = opened.length / opens.length;
      const expected = opens.flatMap((from) =>
        Array.from(
          { length: Math.ceil(length / interval) },
          (_, count) => (from + count * interval) % (7 * 1_440),
        ),
      );
      const starts = minutesOf(startsWithin(window, interval));
      expect(starts).toEqual([...new Set(expected)].sort((a, b) => a - b));
      expect(starts.filter((at) => !within.has(at))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('a day of the month or a day of the week is enough where a cron expression names both', () => {
  expect(temporalExpressions('0 2 1 * mon')).toEqual(['0 2 1 * *', '0 2 * * mon']);
  expect(temporalExpressions('0 2 * * mon')).toEqual(['0 2 * * mon']);
  expect(temporalExpressions('0 2 1,15 * *')).toEqual(['0 2 1,15 * *']);
});

test('content rests while a connection is paused, permissions go on; both rest where nothing may be asked', () => {
  const lanesOf = (status: Parameters<typeof scheduleSpec>[0]['status']) =>
    (['content', 'permissions'] as const).filter(
      (lane) => scheduleSpec({ status, settings: {} }, lane) !== null,
    );
  expect(lanesOf('active')).toEqual(['content', 'permissions']);
  expect(lanesOf('attention')).toEqual(['content', 'permissions']);
  expect(lanesOf('paused')).toEqual(['permissions']);
  for (const status of ['draft', 'needs_reauth', 'disabled', 'disconnecting'] as const) {
    expect(lanesOf(status)).toEqual([]);
  }
});

test('by hand, only permissions have a clock', () => {
  const connection = { status: 'active', settings: { sync: { strategy: 'manual' } } } as const;
  expect(scheduleSpec(connection)).toBeNull();
  expect(scheduleSpec(connection, 'permissions')).toEqual({ intervals: [{ every: 15 * 60_000 }] });
});
