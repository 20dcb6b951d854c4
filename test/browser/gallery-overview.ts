import { overviewOf } from '../../server/services/overview.ts';
import type { Diagnosis } from '../../server/diagnosis/check.ts';
import type { OverviewFigures } from '../../store/overview.ts';
import type { Page } from '../../web/layout.ts';
import { connectionsScreen } from '../../web/screens/connections.ts';
import { diagnosisScreen } from '../../web/screens/settings/diagnosis.ts';
import { logsScreen, type LogsScreen } from '../../web/screens/logs.ts';
import { logLines } from './sample-lists.ts';
import { connection, dead, hostile, now, progress, run, unfinished } from './samples.ts';

const figures: OverviewFigures = {
  connectionId: connection.id,
  kinds: [
    { kind: 'page', records: 12_408 },
    { kind: 'comment', records: 3_211 },
    { kind: 'blogpost', records: 1 },
  ],
  failures: 12,
  contentReadAt: new Date(now.getTime() - 3_600_000),
  hour: { requests: 212, points: 9_734 },
  quota: { points: 31_002, limit: 65_000 },
  people: { accounts: 340, matched: 327 },
};
const syncing = {
  ...connection,
  id: '55555555-5555-4555-8555-555555555555',
  name: 'Docs of the whole company, by their long and unbreakablenameunbreakablenameunbreakable',
  currentRun: progress,
};
const unread = {
  ...connection,
  id: '66666666-6666-4666-8666-666666666666',
  name: 'سياسة الإجازات',
  permissions: { ...connection.permissions, trouble: 'The last permission sync failed: 403.' },
};
const token: OverviewFigures = {
  ...figures,
  connectionId: syncing.id,
  failures: 0,
  quota: null,
  people: { accounts: 0, matched: 0 },
};

const lines = logLines.map((line) => ({
  ...line,
  connection: { id: connection.id, name: hostile.markup },
  run: { id: run.id, kind: 'incremental' as const },
}));
const logs: LogsScreen = {
  filter: { connection: '', level: 'debug', from: '', to: '', q: '' },
  connections: [connection, { ...dead, name: hostile.markup }],
  lines,
  nextCursor: 'x',
  errors: {},
  now,
};

const check = {
  name: 'token',
  title: 'Credential',
  connection: { id: connection.id, name: hostile.markup },
  state: 'failed',
  found: `Atlassian does not take it: ${hostile.markup} anunbreakablewordanunbreakablewordanunbreakablewordanunbreakableword.`,
  why: 'With it the site is read.',
  remedy: 'Open the connection, Authorize, and reauthenticate.',
  docs: 'docs/diagnosis.md#credential',
} as const;
const diagnosis: Diagnosis = {
  at: now.toISOString(),
  ok: false,
  counts: { ok: 1, warning: 1, failed: 1, skipped: 1 },
  checks: [
    { ...check, title: 'Database', connection: null, state: 'ok', found: 'PostgreSQL 18.', remedy: null },
    { ...check, title: 'Clock', connection: null, state: 'warning', found: 'It is 40 s behind.' },
    { ...check, title: 'Temporal', connection: null, state: 'skipped', found: 'Not asked.', remedy: null },
    check,
  ],
};
const page = { connections: logs.connections, chosen: '', now };

/** What is about all connections. */
export const overviewGallery: Record<string, Page> = {
  connections: connectionsScreen({
    overview: overviewOf([connection, syncing, unread, unfinished, dead], [figures, token], now),
    now,
  }),
  'connections-well': connectionsScreen({ overview: overviewOf([connection], [figures], now), now }),
  'connections-empty': connectionsScreen({ overview: overviewOf([], [], now), now }),
  'settings-diagnosis': diagnosisScreen({ ...page, diagnosis: null }),
  'settings-diagnosis-run': diagnosisScreen({ ...page, chosen: connection.id, diagnosis }),
  'settings-diagnosis-well': diagnosisScreen({
    ...page,
    diagnosis: { ...diagnosis, ok: true, counts: { ok: 1, warning: 0, failed: 0, skipped: 0 } },
  }),
  logs: logsScreen(logs),
  'logs-none': logsScreen({ ...logs, lines: [], nextCursor: null }),
  'logs-not-found': logsScreen({
    ...logs,
    filter: {
      connection: connection.id,
      level: 'error',
      from: '2026-03-26T16:00',
      to: '',
      q: hostile.markup,
    },
    lines: [],
    nextCursor: null,
  }),
  'logs-wrong': logsScreen({
    ...logs,
    filter: { ...logs.filter, from: 'yesterday' },
    lines: [],
    nextCursor: null,
    errors: { from: 'A time such as 2026-03-26T16:00:00Z.' },
  }),
};
