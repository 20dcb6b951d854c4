import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { weekdays, windowState, type SyncWindow } from './sync-window.ts';

const zones = [
  'UTC',
  'Europe/Zurich',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Santiago',
];
const minuteMs = 60_000;

/** The rule once more, from what a clock of the zone shows: no offsets, no arithmetic on instants. */
function shownOpen({ from, to, days }: SyncWindow, timeZone: string, at: Date): boolean {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}`;
  const today = weekdays.indexOf(part('weekday').toLowerCase() as (typeof weekdays)[number]);
  const on = (day: number) => days === undefined || days.includes(weekdays[(day + 7) % 7]!);
  if (from < to) return on(today) && from <= time && time < to;
  return (on(today) && time >= from) || (on(today - 1) && time < to);
}

const clock = fc.integer({ min: 0, max: 1_439 }).map((minute) => {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
});
const windows: fc.Arbitrary<SyncWindow> = fc
  .tuple(clock, clock, fc.option(fc.subarray([...weekdays], { minLength: 1 }), { nil: undefined }))
  .filter(([from, to]) => from !== to)
  .map(([from, to, days]) => ({ from, to, ...(days === undefined ? {} : { days }) }));
/** Half of them within two days of a change of the clocks, somewhere. */
const instants = fc.oneof(
  fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29',
        '2026-10-25',
        '2026-03-08',
        '2026-11-01',
        '2026-04-05',
        '2026-10-04',
        '2026-09-06',
      ),
      fc.integer({ min: -2 * 1_440, max: 2 * 1_440 }),
    )
    .map(([day, minutes]) => new Date(Date.parse(`${day}T01:00:00Z`) + minutes * minuteMs)),
);

test('a window is open when a clock of its zone shows a time within it, and the next change is the first one', () => {
  fc.assert(
    fc.property(windows, fc.constantFrom(...zones), instants, (window, zone, at) => {
      const { open, changesAt } = windowState(window, zone, at);
      expect(open).toBe(shownOpen(window, zone, at));
      expect(changesAt.getTime()).toBeGreaterThan(at.getTime());
      expect(shownOpen(window, zone, changesAt)).toBe(!open);
      expect(shownOpen(window, zone, new Date(changesAt.getTime() - minuteMs))).toBe(open);
      for (let passed = at.getTime(); passed < changesAt.getTime(); passed += 30 * minuteMs) {
        expect(shownOpen(window, zone, new Date(passed))).toBe(open);
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['closed before', '2026-03-28T20:59:00Z', false, '2026-03-28T21:00:00Z'],
  [
    'open over midnight, an hour shorter where the clocks go forward',
    '2026-03-28T23:30:00Z',
    true,
    '2026-03-29T03:00:00Z',
  ],
  [
    'open over midnight, an hour longer where they go back',
    '2026-10-24T22:30:00Z',
    true,
    '2026-10-25T04:00:00Z',
  ],
  [
    'closed on Sunday evening: it opens on Fridays and Saturdays',
    '2026-03-29T21:00:00Z',
    false,
    '2026-04-03T20:00:00Z',
  ],
])('22:00 to 05:00 in Zurich: %s', (_what, at, open, changesAt) => {
  const window: SyncWindow = { from: '22:00', to: '05:00', days: ['fri', 'sat'] };
  expect(windowState(window, 'Europe/Zurich', new Date(at))).toEqual({
    open,
    changesAt: new Date(changesAt),
  });
});

test('a window that the clocks leave out on its only day opens a week later', () => {
  const window: SyncWindow = { from: '02:00', to: '03:00', days: ['sun'] };
  expect(windowState(window, 'Europe/Zurich', new Date('2026-03-22T02:00:00Z'))).toEqual({
    open: false,
    changesAt: new Date('2026-04-05T00:00:00Z'),
  });
});
