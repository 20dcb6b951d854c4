import type { ForecastView, QuotaView } from '../../server/services/forecast.ts';
import type { Page } from '../../web/layout.ts';
import { syncNowScreen } from '../../web/screens/connection/sync-now.ts';
import { at, connection, now, unfinished } from './samples.ts';

const incremental: ForecastView = {
  kind: 'incremental',
  requests: 8,
  points: 78,
  minutes: 1,
  waits: 0,
  basis: 'past_runs',
  runs: 20,
  pages: 104_218,
  obstacle: null,
};
const items: ForecastView[] = [
  incremental,
  {
    ...incremental,
    kind: 'full',
    requests: 3_122,
    points: 448_900,
    minutes: 437,
    waits: 7,
    runs: 1,
  },
  { ...incremental, kind: 'permissions', requests: 212, points: 6_175, minutes: 2 },
  {
    ...incremental,
    kind: 'sweep',
    requests: 43,
    points: 12_350,
    minutes: 1,
    basis: 'stored',
  },
];
const quota: QuotaView = { limit: 65_000, used: 12_408, own: 11_020, sharing: 2, refillsAt: at(-47) };
const view = { csrfToken: 'token', connection, items, quota, now };
const byToken = {
  ...connection,
  auth: {
    method: 'api_token' as const,
    oauthApp: null,
    email: 'crawler@acme.example',
    scoped: false,
    expiresAt: null,
  },
  settings: {
    sync: { strategy: 'scheduled' as const, intervalMinutes: 60, timezone: 'UTC', requestsPerMinute: 120 },
  },
};
const waits = 'A full sync must succeed first.';

/** The page "Sync now" in its states. */
export const syncNowGallery: Record<string, Page> = {
  'sync-now': syncNowScreen(view),
  'sync-now-first': syncNowScreen({
    ...view,
    connection: { ...byToken, lastRun: null },
    quota: null,
    items: items.map((one) =>
      one.kind === 'full' ? { ...one, basis: 'counted', waits: 0, minutes: 27 } : { ...one, obstacle: waits },
    ),
  }),
  'sync-now-running': syncNowScreen({
    ...view,
    items: items.map((one) => ({ ...one, obstacle: 'A sync is under way. Wait for it, or stop it.' })),
  }),
  'sync-now-unknown': syncNowScreen({
    ...view,
    items: items.map((one) => ({
      ...one,
      requests: null,
      points: null,
      minutes: null,
      basis: 'unknown',
      pages: null,
    })),
  }),
  'sync-now-unfinished': syncNowScreen({ ...view, connection: unfinished, items: [], quota: null }),
};
