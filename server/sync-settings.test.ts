import { expect, test } from '@jest/globals';
import { settingsSchema } from './settings.ts';

/** What is wrong with which field; empty for settings that can be stored. */
function faults(settings: unknown): Record<string, string> {
  const parsed = settingsSchema.safeParse(settings);
  return Object.fromEntries(
    (parsed.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]),
  );
}

const cronShape = /Five fields/;

test.each([
  ['99 * * * *', /minute is 0 to 59/],
  ['0 24 * * *', /hour is 0 to 23/],
  ['0 0 32 * *', /day of the month is 1 to 31/],
  ['0 0 0 * *', /day of the month is 1 to 31/],
  ['0 0 * 13 *', /month is 1 to 12/],
  ['0 0 * * 8', /day of the week is 0 to 7/],
  ['0 2 * *', cronShape],
  ['0 0 2 * * *', cronShape],
  ['@daily', cronShape],
  ['often', cronShape],
  ['', cronShape],
  ['0 2 * * mondays', cronShape],
  ['0 2 L * *', cronShape],
  ['*/0 * * * *', cronShape],
  ['30-10 * * * *', cronShape],
  ['0 2 * * *; drop', cronShape],
  ['0 0 31 2 *', /never run/],
  ['* * * * *', /5 minutes apart/],
  ['59,1 * * * *', /5 minutes apart/],
])('the cron expression %j is refused by its field', (cron, words) => {
  expect(faults({ sync: { cron } })).toEqual({ 'sync.cron': expect.stringMatching(words) });
});

test.each(['0 2 * * *', '*/5 * * * *', '0 0-5/2 1,15 jan-mar mon', '0 0 29 2 *', '30 22 * * 7'])(
  'the cron expression %j is taken',
  (cron) => expect(faults({ sync: { cron, timezone: 'America/St_Johns' } })).toEqual({}),
);

test.each([
  ['an interval beside a cron expression', { intervalMinutes: 60, cron: '0 2 * * *' }, 'sync.cron'],
  ['an interval too short', { intervalMinutes: 4 }, 'sync.intervalMinutes'],
  ['an offset for a time zone', { timezone: '+01:00' }, 'sync.timezone'],
  ['a time zone that is none', { timezone: 'Mars/Base' }, 'sync.timezone'],
  ['a time that is none', { window: { from: '22:00', to: '24:00' } }, 'sync.window.to'],
  ['a window of no length', { window: { from: '22:00', to: '22:00' } }, 'sync.window.to'],
  ['a window on no day', { window: { from: '22:00', to: '05:00', days: [] } }, 'sync.window.days'],
  ['a day twice', { window: { from: '22:00', to: '05:00', days: ['mon', 'mon'] } }, 'sync.window.days'],
  ['a day that is none', { window: { from: '22:00', to: '05:00', days: ['monday'] } }, 'sync.window.days.0'],
  [
    'a window beside days',
    { intervalMinutes: 1_441, window: { from: '22:00', to: '05:00' } },
    'sync.intervalMinutes',
  ],
  [
    'a cron that no window meets',
    { cron: '0 12 * * *', window: { from: '22:00', to: '05:00' } },
    'sync.cron',
  ],
  ['no requests at all', { requestsPerMinute: 0 }, 'sync.requestsPerMinute'],
  ['too many requests', { requestsPerMinute: 3_001 }, 'sync.requestsPerMinute'],
  ['half a request', { requestsPerMinute: 1.5 }, 'sync.requestsPerMinute'],
  ['another strategy', { strategy: 'sometimes' }, 'sync.strategy'],
])('%s is refused by its field', (_what, sync, field) => {
  expect(Object.keys(faults({ sync }))).toEqual([field]);
});

test.each([0, 101, 33.3, '30'])('asking above %j percent is refused by its field', (askAbovePercent) => {
  expect(Object.keys(faults({ deletions: { askAbovePercent } }))).toEqual(['deletions.askAbovePercent']);
});

test('bounds are taken, and so is a window over midnight on some days', () => {
  const window = { from: '22:00', to: '05:00', days: ['fri', 'sat'] };
  const sync = { strategy: 'scheduled', intervalMinutes: 1_440, requestsPerMinute: 3_000, window };
  expect(faults({ sync, deletions: { askAbovePercent: 100 } })).toEqual({});
  expect(faults({ sync: { requestsPerMinute: 1 }, deletions: { askAbovePercent: 1 } })).toEqual({});
});

test('a time zone is kept as the time zone data writes it', () => {
  const zoneOf = (timezone: string) => settingsSchema.parse({ sync: { timezone } }).sync?.timezone;
  expect(zoneOf('europe/zurich')).toBe('Europe/Zurich');
  expect(zoneOf('Asia/Kolkata')).toMatch(/^Asia\/(Kolkata|Calcutta)$/);
  expect(zoneOf('UTC')).toBe('UTC');
});
