import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../errors.ts';
import { connection } from '../../test/browser/samples.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import { settingsFrom, storedValues, valuesOf } from './configure-form.ts';

const view = (settings: Settings) => ({ ...connection, settings });

/** What is stored after the form of some settings is saved with these fields changed. */
function saved(change: Partial<Record<string, string>>, before: Settings = {}): Settings {
  return settingsFrom({ ...storedValues(view(before)), ...change }, view(before));
}

/** What is wrong with which field. */
function faults(change: Partial<Record<string, string>>): string[] {
  try {
    saved(change);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return Object.keys(error.fields).sort();
    throw error;
  }
}

test.each<[string, Partial<Record<string, string>>, object]>([
  ['an interval', { intervalMinutes: '45' }, { intervalMinutes: 45 }],
  ['every day', { rhythm: 'daily', dailyAt: '02:05' }, { cron: '5 2 * * *' }],
  [
    'days of the week',
    { rhythm: 'weekly', weeklyAt: '22:30', 'weekly-mon': 'on', 'weekly-sun': '', 'weekly-fri': 'on' },
    { cron: '30 22 * * mon,fri' },
  ],
  ['cron', { rhythm: 'cron', cron: '*/20 1-5 1 * *', timezone: 'Asia/Tokyo' }, { cron: '*/20 1-5 1 * *' }],
])('%s of the form is stored', (_what, change, expected) => {
  expect(saved(change).sync).toMatchObject(expected);
});

test('hours are stored with their days, and all days are none', () => {
  const hours = { windowed: 'on', windowFrom: '21:00', windowTo: '04:30' };
  expect(saved(hours).sync?.window).toEqual({ from: '21:00', to: '04:30' });
  expect(saved({ ...hours, 'window-sat': '', 'window-sun': '' }).sync?.window).toEqual({
    from: '21:00',
    to: '04:30',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  });
  expect(saved({ ...hours, windowed: '' }).sync?.window).toBeUndefined();
});

test.each<[string, Partial<Record<string, string>>, string[]]>([
  ['no interval', { intervalMinutes: 'often' }, ['intervalMinutes']],
  ['no cron', { rhythm: 'cron', cron: '99 * * * *' }, ['cron']],
  ['no time', { rhythm: 'daily', dailyAt: '' }, ['dailyAt']],
  ['no day', { rhythm: 'weekly', 'weekly-sun': '' }, ['weekly-days']],
  ['no zone', { timezone: 'Mars/Base' }, ['timezone']],
  ['no hours', { windowed: 'on', windowFrom: '22:00', windowTo: '22:00' }, ['windowTo']],
  ['never within', { rhythm: 'daily', dailyAt: '12:00', windowed: 'on' }, ['dailyAt']],
  ['too many requests', { requestsPerMinute: '3001' }, ['requestsPerMinute']],
  ['words for a number', { askAbovePercent: 'half' }, ['askAbovePercent']],
])('%s is told at its field', (_what, change, fields) => {
  expect(faults(change)).toEqual(fields);
});

test('what the form does not show stays as it was', () => {
  const before: Settings = {
    permissions: { intervalMinutes: 30 },
    filters: { labels: { operator: 'in', values: ['x'] } },
  };
  expect(saved({}, before)).toMatchObject(before);
  expect(
    saved({ requestsPerMinute: '', askAbovePercent: '' }, { deletions: { askAbovePercent: 5 } }),
  ).not.toHaveProperty('deletions');
});

test('a form that names only some fields leaves what is read as it was', () => {
  const stored = view({ scope: { personalSpaces: false, archivedSpaces: true } });
  const values = valuesOf({ strategy: 'manual' }, stored);
  expect(settingsFrom(values, stored).scope).toEqual({
    personalSpaces: false,
    archivedSpaces: true,
  });
});

test('whatever is stored and shown by the form is stored again as it was', () => {
  const day = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
  const rhythm = fc.oneof(
    fc.record({ intervalMinutes: fc.integer({ min: 5, max: 1_440 }) }),
    fc
      .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }), fc.uniqueArray(day))
      .map(([minute, hour, on]) => ({
        cron: `${minute} ${hour} * * ${on.length === 0 ? '*' : on.join(',')}`,
      })),
    fc.constantFrom({ cron: '*/20 1-5 1 * *' }, { cron: '0 4 1,15 * *' }),
  );
  const settings = fc.record({
    rhythm,
    timezone: fc.constantFrom('UTC', 'Europe/Zurich', 'America/St_Johns'),
    limits: fc.record({ requestsPerMinute: fc.integer({ min: 1, max: 3_000 }) }, { requiredKeys: [] }),
    askAbovePercent: fc.integer({ min: 1, max: 100 }),
    personalSpaces: fc.boolean(),
  });
  fc.assert(
    fc.property(settings, ({ rhythm: chosen, timezone, limits, askAbovePercent, personalSpaces }) => {
      const before = settingsSchema.parse({
        sync: { strategy: 'scheduled', ...chosen, timezone, ...limits },
        deletions: { askAbovePercent },
        scope: { personalSpaces, archivedSpaces: false },
      });
      const again = saved({}, before);
      const sorted = (cron: string | undefined) => cron?.split(/[ ,]/).sort();
      expect({ ...again.sync, cron: sorted(again.sync?.cron) }).toEqual({
        ...before.sync,
        cron: sorted(before.sync?.cron),
      });
      expect([again.deletions, again.scope]).toEqual([before.deletions, before.scope]);
    }),
    { numRuns: 60 },
  );
});
