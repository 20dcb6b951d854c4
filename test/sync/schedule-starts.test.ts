import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cron } from 'croner';
import { windowState } from '../../activities/sync-window.ts';
import { createSmallWorld } from '../../sandbox/world/small.ts';
import type { ConnectionSettings } from '../../store/schema.ts';
import { scheduleId } from '../../temporal/names.ts';
import { createSyncHarness, type SyncHarness } from './harness.ts';

let harness: SyncHarness;
beforeAll(async () => {
  harness = await createSyncHarness({ world: createSmallWorld(), worker: false });
});
afterAll(() => harness.close());

/** The next starts of a connection with these settings, as Temporal tells them: ten of them. */
async function starts(sync: ConnectionSettings['sync']): Promise<Date[]> {
  const { connectionId, database, engine, temporal } = harness;
  await database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ sync }) })
    .where('id', '=', connectionId)
    .execute();
  await engine.applySchedule(connectionId);
  const { info } = await temporal.client.schedule.getHandle(scheduleId(connectionId)).describe();
  const next = await engine.nextRuns([connectionId]);
  expect(next?.get(connectionId)).toEqual(info.nextActionTimes.slice(0, 5));
  return info.nextActionTimes;
}

/** What a clock of a zone shows: "Sun 28 Mar 02:30". */
const shown = (zone: string, at: Date) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);

/** The next day on which a zone's clocks are set forward or back, as a clock there shows it. */
function nextChange(zone: string, way: 'forward' | 'back'): { day: number; month: number } {
  const offset = (at: number) => {
    const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
      at,
    );
    const [, sign = '+', hours = '0', minutes = '0'] =
      /([+-])(\d\d):(\d\d)/.exec(name.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
  const hour = 3_600_000;
  for (let at = Date.now() + 24 * hour; ; at += hour) {
    const moved = offset(at + hour) - offset(at);
    if (way === 'forward' ? moved <= 0 : moved >= 0) continue;
    const parts = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      day: 'numeric',
      month: 'numeric',
    }).formatToParts(at);
    const part = (name: string) => Number(parts.find(({ type }) => type === name)?.value);
    return { day: part('day'), month: part('month') };
  }
}

test('an interval starts each time it has passed', async () => {
  const times = await starts({ strategy: 'scheduled', intervalMinutes: 45 });
  const gaps = times.slice(1).map((at, index) => (at.getTime() - (times[index]?.getTime() ?? 0)) / 60_000);
  expect(gaps).toEqual(Array.from({ length: 9 }, () => 45));
});

test.each([
  ['0 2 * * *', 'Europe/Zurich'],
  ['30 22 * * mon-fri', 'America/New_York'],
  ['*/20 6-8 1,15 * *', 'Asia/Kolkata'],
  ['15 3 * jan,jul 7', 'Australia/Lord_Howe'],
  ['0 4 13 * fri', 'UTC'],
  ['0 12 29 2 *', 'America/St_Johns'],
  ['5 1-23/2 * 2-4 0', 'Pacific/Chatham'],
])('Temporal starts %j in %s when a parser of cron says', async (cron, timezone) => {
  const times = await starts({ strategy: 'scheduled', cron, timezone });
  expect(times.length).toBeGreaterThan(1);
  expect(times).toEqual(new Cron(cron, { timezone, paused: true }).nextRuns(times.length));
});

test('where the clocks go forward, a time that they leave out starts nothing, and the rest of the day is as ever', async () => {
  const zone = 'Europe/Zurich';
  const { day, month } = nextChange(zone, 'forward');
  const times = await starts({ strategy: 'scheduled', cron: `*/30 1-4 ${day} ${month} *`, timezone: zone });
  expect(times.slice(0, 6).map((at) => shown(zone, at).slice(-5))).toEqual([
    '01:00',
    '01:30',
    '03:00',
    '03:30',
    '04:00',
    '04:30',
  ]);
});

test('where the clocks go back, a time that they show twice starts once', async () => {
  const zone = 'Europe/Zurich';
  const { day, month } = nextChange(zone, 'back');
  const times = await starts({ strategy: 'scheduled', cron: `*/30 1-4 ${day} ${month} *`, timezone: zone });
  const clock = times.map((at) => shown(zone, at).slice(-5));
  const once = ['01:00', '01:30', '02:00', '02:30', '03:00', '03:30', '04:00', '04:30'];
  expect(clock.slice(0, 8)).toEqual(once);
});

const window = { from: '22:15', to: '05:40', days: ['fri', 'sat'] as ('fri' | 'sat')[] };

test('within a window an interval starts when it opens, and each interval after', async () => {
  const timezone = 'Asia/Kolkata';
  const times = await starts({ strategy: 'scheduled', intervalMinutes: 120, timezone, window });
  const clock = times.map((at) => shown(timezone, at).slice(-5));
  const night = ['22:15', '00:15', '02:15', '04:15'];
  const first = night.indexOf(clock[0] ?? '');
  expect(clock).toEqual(Array.from({ length: 10 }, (_, index) => night[(first + index) % 4]));
  for (const at of times) expect(windowState(window, timezone, at).open).toBe(true);
});

test('of a cron expression, only the starts within the window are left', async () => {
  const timezone = 'America/New_York';
  const cron = '10,50 * * * *';
  const times = await starts({ strategy: 'scheduled', cron, timezone, window });
  const expected = new Cron(cron, { timezone, paused: true })
    .nextRuns(1_000)
    .filter((at) => windowState(window, timezone, at).open);
  expect(times).toEqual(expected.slice(0, times.length));
  expect(times).toHaveLength(10);
});

test('by hand nothing is scheduled', async () => {
  const { connectionId, database, engine } = harness;
  await database.db
    .updateTable('connections')
    .set({ settings: JSON.stringify({ sync: { strategy: 'manual' } }) })
    .where('id', '=', connectionId)
    .execute();
  await engine.applySchedule(connectionId);
  expect(await engine.nextRuns([connectionId])).toEqual(new Map([[connectionId, []]]));
});
