import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarDay, endOfDay, instantOn, isZone, localTime, startOfDay, timeOfDay } from './zoned-time.ts';

const at = (date: string, time: string, zone: string, which: 'first' | 'last' = 'first') =>
  new Date(
    instantOn(calendarDay(date) ?? Number.NaN, timeOfDay(time) ?? Number.NaN, zone, which),
  ).toISOString();
const whole = (date: string, zone: string) =>
  [startOfDay, endOfDay].map((of) => new Date(of(calendarDay(date) ?? Number.NaN, zone)).toISOString());

test.each<[string, string, string, string]>([
  ['2026-01-31', 'UTC', '2026-01-31T00:00:00.000Z', '2026-01-31T23:59:59.999Z'],
  ['2026-01-31', 'Europe/Zurich', '2026-01-30T23:00:00.000Z', '2026-01-31T22:59:59.999Z'],
  ['2026-03-29', 'Europe/Zurich', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
  ['2026-10-25', 'Europe/Zurich', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
  ['2026-01-31', 'Asia/Kathmandu', '2026-01-30T18:15:00.000Z', '2026-01-31T18:14:59.999Z'],
  // Clocks go from midnight to one: the day begins at one.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T01:59:59.999Z'],
  // Midnight comes twice: the day begins with the first.
  ['2025-11-02', 'America/Havana', '2025-11-02T04:00:00.000Z', '2025-11-03T04:59:59.999Z'],
])('%s in %s is the whole day there', (date, zone, first, last) => {
  expect(whole(date, zone)).toEqual([first, last]);
});

test.each<[string, string, string, 'first' | 'last', string]>([
  ['2026-01-31', '09:30', 'Europe/Zurich', 'first', '2026-01-31T08:30:00.000Z'],
  ['2026-07-31', '09:30:15.25', 'America/St_Johns', 'first', '2026-07-31T12:00:15.250Z'],
  // Shown twice.
  ['2026-10-25', '02:30', 'Europe/Zurich', 'first', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25', '02:30', 'Europe/Zurich', 'last', '2026-10-25T01:30:00.000Z'],
  // Never shown.
  ['2026-03-29', '02:30', 'Europe/Zurich', 'first', '2026-03-29T01:30:00.000Z'],
])('%s %s in %s, the %s, is %s', (date, time, zone, which, expected) => {
  expect(at(date, time, zone, which)).toBe(expected);
});

test.each(['2026-02-30', '2026-13-01', '26-01-01', '', '2026-1-1'])('%j is no day', (date) => {
  expect(calendarDay(date)).toBeNull();
});

test.each(['24:00', '9:30', '09:60', 'noon', ''])('%j is no time', (time) => {
  expect(timeOfDay(time)).toBeNull();
});

test('a zone is known or not', () => {
  expect(['Europe/Zurich', 'UTC', 'Mars/Base', ''].map(isZone)).toEqual([true, true, false, false]);
});

test('what a clock shows at an instant is shown at that instant, whatever the zone', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Zurich',
    'America/Havana',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
  fc.assert(
    fc.property(instants, zones, (instant, zone) => {
      const { day, time } = localTime(instant, zone);
      const both = (['first', 'last'] as const).map((which) =>
        instantOn(day, timeOfDay(time) ?? -1, zone, which),
      );
      expect(both).toContain(instant);
      expect(startOfDay(day, zone)).toBeLessThanOrEqual(instant);
      expect(endOfDay(day, zone)).toBeGreaterThanOrEqual(instant);
    }),
    { numRuns: 500 },
  );
});
