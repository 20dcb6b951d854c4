import { storedValues, zones } from '../../server/pages/configure-form.ts';
import type { ConnectionView } from '../../server/views.ts';
import type { Page } from '../../web/layout.ts';
import { configureScreen } from '../../web/screens/connection/configure.ts';
import { disconnectingScreen, disconnectScreen } from '../../web/screens/connection/disconnect.ts';
import { connection, hostile, now, progress, unfinished } from './samples.ts';

const csrfToken = 'token';
const nothingFound = { spaces: null, authors: null, named: [], unknown: [] };
const configure = {
  csrfToken,
  errors: {},
  isDraft: false,
  zones: zones.slice(0, 40),
  ...nothingFound,
  now,
};
const preview = {
  records: [
    { kind: 'page', records: 12_408 },
    { kind: 'comment', records: 3_211 },
    { kind: 'attachment', records: 1 },
  ],
  spaces: 24,
  people: 611,
  groups: 43,
  layers: 1_208,
  runs: 91,
  rows: 40_211,
  consent: { connections: [], people: 0 },
};
const nightly: ConnectionView = {
  ...connection,
  currentRun: progress,
  settings: {
    sync: {
      strategy: 'scheduled',
      cron: '30 22 * * mon,tue,wed',
      timezone: 'Europe/Zurich',
      window: { from: '22:00', to: '05:00', days: ['mon', 'tue', 'wed'] },
      requestsPerMinute: 600,
    },
    deletions: { askAbovePercent: 20 },
  },
};

/** When a connection syncs, and how it ends. */
export const scheduleGallery: Record<string, Page> = {
  'connection-configure': configureScreen({ ...configure, connection, values: storedValues(connection) }),
  'connection-configure-nightly': configureScreen({
    ...configure,
    connection: nightly,
    values: storedValues(nightly),
  }),
  'connection-configure-errors': configureScreen({
    ...configure,
    connection: { ...connection, nextRuns: null },
    isDraft: true,
    values: {
      ...storedValues(nightly),
      rhythm: 'cron',
      cron: '99 * * * *',
      timezone: hostile.markup,
      windowTo: '22:00',
    },
    errors: {
      cron: 'The minute is 0 to 59.',
      timezone: 'A time zone by its IANA name, for example Europe/Zurich.',
      windowTo: 'Another time than from.',
      'window-days': 'Choose at least one day.',
      requestsPerMinute: 'At least 1 request a minute.',
    },
  }),
  'connection-locked': configureScreen({
    ...configure,
    connection: unfinished,
    values: storedValues(unfinished),
  }),
  'connection-disconnect': disconnectScreen({
    csrfToken,
    connection,
    preview,
    errors: { confirmation: 'Type the name exactly: Acme wiki' },
  }),
  'connection-disconnect-shared': disconnectScreen({
    csrfToken,
    connection,
    preview: { ...preview, records: [], consent: { connections: [hostile.markup], people: 2 } },
    errors: {},
  }),
  'connection-disconnecting': disconnectingScreen({
    connection: { ...connection, status: 'disconnecting', deletion: { total: 40_211, done: 12_000 } },
  }),
};
