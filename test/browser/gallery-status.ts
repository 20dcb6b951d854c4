import type { FailureView, RunView } from '../../server/views.ts';
import type { Page } from '../../web/layout.ts';
import { failuresScreen, type FailuresScreen } from '../../web/screens/connection/failures.ts';
import { overviewScreen, type OverviewView } from '../../web/screens/connection/overview.ts';
import { runScreen } from '../../web/screens/connection/run.ts';
import { runsScreen } from '../../web/screens/connection/runs.ts';
import { noComparison } from './gallery-permissions.ts';
import { at, connection, hostile, now, progress, run } from './samples.ts';

const failure: FailureView = {
  stage: 'restrictions',
  externalId: '4711',
  title: 'Salaries 2026',
  url: 'https://acme.atlassian.net/wiki/spaces/PAY/pages/4711',
  request: '/wiki/rest/api/content/4711/restriction/byOperation/read',
  status: 403,
  traceId: 'b7a1c0ffee',
  message: 'Atlassian answered 403: the account may not read this restriction.',
  meaning: 'Whom Confluence admits to it is not known, so nobody sees it or what is below it.',
  attempts: 3,
  firstAt: at(200),
  lastAt: at(20),
  nextRetryAt: at(-40),
};
const failures: FailuresScreen = {
  csrfToken: 't',
  connection,
  stage: '',
  q: '',
  failures: {
    items: [
      failure,
      {
        ...failure,
        externalId: '4712',
        title: hostile.markup,
        url: hostile.address,
        nextRetryAt: at(2),
        attempts: 1,
      },
      {
        ...failure,
        stage: 'people',
        externalId: '0d2f7a3c-9a41-4c57-8f6e-2b1d0c9e7a55-0d2f7a3c-9a41-4c57-8f6e-2b1d0c9e7a55',
        title: 'سياسة الإجازات',
        url: null,
        nextRetryAt: null,
      },
    ],
    nextCursor: 'x',
    counts: [
      { stage: 'restrictions', items: 1_204 },
      { stage: 'people', items: 2 },
    ],
  },
  now,
};
const none = { items: [], nextCursor: null, counts: [] };

const overview: OverviewView = {
  csrfToken: 't',
  connection,
  run: { ...progress, ...run, stages: [], rate: null, remainingSeconds: null, failures: [] },
  kinds: [{ kind: 'page', records: 12_408 }],
  failures: 3,
  warnings: [],
  removed: { title: 'Plan for 2024', kind: 'page', at: at(300) },
  comparison: noComparison,
  now,
};
const paused: RunView = { ...run, state: 'paused', finishedAt: null, message: null };
const silent = { ...progress, heartbeatAt: at(12) };

/** States of connections and runs, and what failed. */
export const statusGallery: Record<string, Page> = {
  failures: failuresScreen(failures),
  'failures-found': failuresScreen({ ...failures, stage: 'people', q: 'leave' }),
  'failures-not-found': failuresScreen({
    ...failures,
    q: 'zzz',
    failures: { ...failures.failures, items: [], nextCursor: null },
  }),
  'failures-none': failuresScreen({ ...failures, failures: none }),
  'failures-never-synced': failuresScreen({
    ...failures,
    connection: { ...connection, lastRun: null },
    failures: none,
  }),
  'overview-warnings': overviewScreen({
    ...overview,
    warnings: [
      {
        code: 'permissions_unread',
        message: `Permissions that could not be read: 2 restrictions (Salaries 2026, ${hostile.markup}); 1 space (Legal). Nobody sees what hangs on them; each is tried again by itself. See Failed items, and Hidden from everybody.`,
        since: at(400),
      },
      {
        code: 'scope_shrank',
        message:
          'A space that was read before shows nothing any more: Legal (LAW, 40 hidden). It was archived or deleted, or the account may not view it any more.',
        since: at(70),
      },
    ],
  }),
  'overview-attention': overviewScreen({
    ...overview,
    connection: {
      ...connection,
      status: 'attention',
      statusCause: 'mass_deletion',
      statusMessage:
        '4,100 of 12,408 records of "Acme wiki" would be removed: 4,100 not shown to the connected account any more (its access was taken away, or they were deleted for good). They are hidden, and nothing of it is removed until you decide: see Removed, under Runs.',
    },
  }),
  'overview-paused': overviewScreen({
    ...overview,
    connection: { ...connection, status: 'paused', currentRun: paused },
    run: { ...progress, ...paused },
  }),
  'overview-disabled': overviewScreen({
    ...overview,
    connection: { ...connection, status: 'disabled' },
    removed: null,
  }),
  'overview-silent': overviewScreen({
    ...overview,
    connection: { ...connection, currentRun: silent },
    run: silent,
  }),
  'runs-states': runsScreen({
    connection,
    list: 'content',
    state: 'open',
    runs: [silent, paused, { ...run, state: 'waiting', finishedAt: null, changes: {} }],
    nextCursor: null,
    now,
  }),
  'runs-no-such-state': runsScreen({
    connection,
    list: 'sweep',
    state: 'failed',
    runs: [],
    nextCursor: null,
    now,
  }),
  'run-log-none': runScreen({
    connection,
    run: { ...progress, ...run, kind: 'incremental', stages: [], failures: [] },
    lines: [],
    nextCursor: null,
    level: 'error',
    q: 'trace',
    now,
  }),
};
