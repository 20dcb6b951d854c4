import { expect, test } from '@jest/globals';
import type { ConnectionView, RunView } from '../../server/views.ts';
import { connectionState, connectionTodo, nextSync, noNextSync, rhythm } from './connection.ts';

const run: RunView = {
  id: 'r',
  connectionId: 'c',
  kind: 'full',
  dryRun: false,
  trigger: 'manual',
  state: 'running',
  cause: null,
  message: null,
  counts: { seen: 0, indexed: 0, unchanged: 0, filtered: 0, failed: 0, deleted: 0 },
  requests: 0,
  points: 0,
  waitingUntil: null,
  heartbeatAt: null,
  changes: {},
  durationSeconds: null,
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:00.000Z',
  finishedAt: null,
};

const done = { state: 'done', reason: null } as const;

function connection(change: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: 'c',
    name: 'Acme',
    product: 'confluence',
    deployment: 'cloud',
    siteUrl: 'https://acme.atlassian.net',
    cloudId: null,
    auth: { method: 'oauth', oauthApp: null, email: null, scoped: false, expiresAt: null },
    account: null,
    status: 'active',
    statusCause: null,
    statusMessage: null,
    statusSince: '2026-03-26T12:00:00Z',
    settings: { sync: { strategy: 'scheduled', intervalMinutes: 60 } },
    steps: { authenticate: done, authorize: done, configure: done },
    redirectUrl: '',
    currentRun: null,
    lastRun: null,
    nextRuns: [],
    settingsVersion: 1,
    deletion: null,
    permissions: {
      promisedSeconds: null,
      changes: 0,
      p50Seconds: null,
      p95Seconds: null,
      oldestReadAt: null,
      readAt: null,
      nextAt: null,
      reading: false,
      trouble: null,
      day: { runs: 0, requests: 0, points: 0 },
      auditLog: { state: 'untried', message: null },
    },
    createdAt: '2026-03-01T09:00:00.000Z',
    updatedAt: '2026-03-01T09:00:00.000Z',
    authorizedAt: '2026-03-01T09:00:00.000Z',
    configuredAt: '2026-03-01T09:00:00.000Z',
    ...change,
  };
}

test.each<[string, Partial<ConnectionView>]>([
  ['Active', {}],
  ['Syncing', { currentRun: run }],
  ['Waiting', { currentRun: { ...run, state: 'waiting' } }],
  ['Set-up not finished', { status: 'draft' }],
  ['Set-up not finished', { configuredAt: null }],
  ['Needs reauthentication', { status: 'needs_reauth', currentRun: run }],
  ['Paused', { status: 'paused' }],
  ['Attention', { status: 'attention' }],
  ['Disabled', { status: 'disabled' }],
  ['Disconnecting', { status: 'disconnecting' }],
])('its state reads "%s" for %j', (word, change) => {
  expect(connectionState(connection(change)).word).toBe(word);
});

test('nothing needs doing about an active connection whose last run succeeded', () => {
  expect(connectionTodo(connection({ lastRun: { ...run, state: 'succeeded' } }))).toBeNull();
});

test.each<[string, Partial<ConnectionView>]>([
  ['/connections/c/authorize', { status: 'needs_reauth' }],
  [
    '/connections/c/authorize',
    {
      status: 'draft',
      steps: { authenticate: done, authorize: { state: 'todo', reason: null }, configure: done },
    },
  ],
  [
    '/connections/c/configure',
    {
      configuredAt: null,
      steps: { authenticate: done, authorize: done, configure: { state: 'todo', reason: null } },
    },
  ],
  ['/runs/r', { lastRun: { ...run, state: 'failed', message: 'No answer.' } }],
  ['/connections/c', { status: 'paused', statusMessage: 'Half of the pages would vanish.' }],
])('what needs doing leads to %s', (href, change) => {
  expect(connectionTodo(connection(change))?.href).toBe(href);
});

test('the next sync is what Temporal tells, and words where none will come or it does not answer', () => {
  const nextRuns = ['2026-03-01T11:00:00.000Z', '2026-03-01T12:00:00.000Z'];
  expect(nextSync(connection({ nextRuns }))?.toISOString()).toBe('2026-03-01T11:00:00.000Z');
  for (const status of ['disabled', 'needs_reauth', 'draft', 'paused', 'disconnecting'] as const) {
    const idle = connection({ status, nextRuns: [] });
    expect(nextSync(idle)).toBeNull();
    expect(noNextSync(idle)).toMatch(/while|after/);
  }
  expect(noNextSync(connection({ settings: { sync: { strategy: 'manual' } } }))).toBe('when you start it');
  expect(nextSync(connection({ nextRuns: null }))).toBeNull();
  expect(noNextSync(connection({ nextRuns: null }))).toMatch(/does not answer/);
});

test.each<[string, ConnectionView['settings']]>([
  ['Every hour', { sync: { strategy: 'scheduled', intervalMinutes: 60 } }],
  ['Every 15 minutes', { sync: { strategy: 'scheduled', intervalMinutes: 15 } }],
  ['Every 6 hours', { sync: { strategy: 'scheduled', intervalMinutes: 360 } }],
  ['Every day', { sync: { strategy: 'scheduled', intervalMinutes: 1440 } }],
  [
    'Every day at 02:00 (Europe/Zurich)',
    { sync: { strategy: 'scheduled', cron: '0 2 * * *', timezone: 'Europe/Zurich' } },
  ],
  ['Mon, Fri at 22:05 (UTC)', { sync: { strategy: 'scheduled', cron: '5 22 * * mon,fri' } }],
  ['At 5 22 1 * * (UTC)', { sync: { strategy: 'scheduled', cron: '5 22 1 * *' } }],
  [
    'Every hour, from 22:00 to 05:00 (Asia/Kolkata)',
    { sync: { strategy: 'scheduled', timezone: 'Asia/Kolkata', window: { from: '22:00', to: '05:00' } } },
  ],
  ['When you start it', { sync: { strategy: 'manual' } }],
  ['Not set yet', {}],
])('the rhythm reads "%s"', (words, settings) => {
  expect(rhythm({ settings })).toBe(words);
});
