import type { DryRunItemView, DryRunReport } from '../../server/services/dry-runs.ts';
import type { ScopePreviewView } from '../../server/services/scope-preview.ts';
import type { Page } from '../../web/layout.ts';
import { dryRunScreen, type DryRunScreen } from '../../web/screens/connection/dry-run-report.ts';
import { scopePreviewScreen } from '../../web/screens/connection/scope-preview.ts';
import { at, connection, hostile, now, progress, run } from './samples.ts';

const sample = {
  externalId: '65551',
  kind: 'page' as const,
  title: 'Leave policy',
  url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/65551',
  spaceKey: 'HR',
};
const odd = { ...sample, externalId: '65552', title: hostile.markup, url: hostile.address, spaceKey: null };

const preview: ScopePreviewView = {
  complete: true,
  stored: { added: 120, removed: 3_410, kept: 1_204, leftOut: 88 },
  kinds: [
    { kind: 'page', added: 100, removed: 3_000, kept: 1_000, leftOut: 80 },
    { kind: 'comment', added: 20, removed: 410, kept: 204, leftOut: 8 },
  ],
  removedBy: [
    { reason: 'pageIds', records: 3_000 },
    { reason: 'container', records: 410 },
  ],
  addedBy: [
    { reason: 'labels', records: 119 },
    { reason: null, records: 1 },
  ],
  samples: { added: [sample], removed: [sample, odd] },
  site: {
    state: 'counted',
    message: null,
    atMost: true,
    new: { spaces: 2, pages: 812, blogposts: 0, comments: 1_400, attachments: 310 },
    spaces: [
      { key: 'LEGAL', name: 'Legal' },
      { key: '~x', name: hostile.markup },
    ],
  },
  warning:
    '3,410 of 4,614 records (73 %) would leave the search. What settings leave out goes at once, and no further question is asked.',
  cost: { requests: 44, points: 3_900, minutes: 2, waits: 0 },
  quota: { limit: 65_000, used: 12_408, own: 11_020, sharing: 1, refillsAt: at(-47) },
  synced: true,
  settingsVersion: 3,
};
const view = { csrfToken: 'token', connection, preview, values: { labels: hostile.markup, version: '3' } };
const nothing: ScopePreviewView = {
  ...preview,
  stored: { added: 0, removed: 0, kept: 0, leftOut: 0 },
  kinds: [],
  removedBy: [],
  addedBy: [],
  samples: { added: [], removed: [] },
  warning: null,
  quota: null,
};

const report: DryRunReport = {
  runId: run.id,
  connectionId: connection.id,
  candidate: true,
  complete: true,
  spaces: 24,
  outcomes: [
    { outcome: 'add', items: 812, points: 1_624 },
    { outcome: 'update', items: 40, points: 80 },
    { outcome: 'remove', items: 310, points: 0 },
    { outcome: 'fail', items: 1, points: 0 },
    { outcome: 'leave_out', items: 5_000, points: 10_000 },
    { outcome: 'keep', items: 98_000, points: 196_000 },
  ],
  reasons: [
    { outcome: 'leave_out', reason: 'labels', words: 'the filter of labels', items: 5_000 },
    { outcome: 'remove', reason: 'notListed', words: 'the site does not list it any more', items: 310 },
  ],
  kinds: [{ kind: 'page', outcome: 'add', items: 812 }],
  bySpace: [
    { key: 'HR', add: 812, update: 40, remove: 0, other: 98_000 },
    { key: hostile.markup, add: 0, update: 0, remove: 310, other: 0 },
    { key: null, add: 0, update: 0, remove: 0, other: 5_001 },
  ],
  cost: { requests: 3_122, points: 448_900, minutes: 437, waits: 7 },
};
const item: DryRunItemView = {
  externalId: '65551',
  kind: 'page',
  title: 'Leave policy',
  url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/65551',
  spaceKey: 'HR',
  outcome: 'add',
  reason: null,
  failure: null,
  points: 2,
  words: null,
};
const dryRun = { ...progress, state: 'succeeded' as const, dryRun: true, finishedAt: at(1), failures: [] };
const screen: DryRunScreen = {
  connection,
  run: dryRun,
  report,
  items: [
    item,
    { ...item, externalId: '2', outcome: 'update' },
    { ...item, externalId: '3', outcome: 'remove', words: 'the filter of labels', reason: 'labels' },
    {
      ...item,
      externalId: '4',
      outcome: 'fail',
      title: hostile.markup,
      url: hostile.address,
      words: hostile.markup,
    },
    { ...item, externalId: '5', outcome: 'leave_out', title: '', spaceKey: null },
    { ...item, externalId: '6', outcome: 'keep', kind: 'attachment' },
  ],
  nextCursor: 'next',
  filter: { outcome: '', kind: '', space: '', reason: '', q: '' },
  now,
};
const noReport = { ...report, outcomes: [], reasons: [], kinds: [], bySpace: [] };

/** What changed settings would do, and the report of a dry run, in their states. */
export const previewGallery: Record<string, Page> = {
  'scope-preview': scopePreviewScreen(view),
  'scope-preview-nothing': scopePreviewScreen({
    ...view,
    preview: { ...nothing, site: { ...preview.site, state: 'not_needed' } },
  }),
  'scope-preview-first': scopePreviewScreen({ ...view, preview: { ...nothing, synced: false } }),
  'scope-preview-unreachable': scopePreviewScreen({
    ...view,
    preview: {
      ...preview,
      complete: false,
      site: { ...preview.site, state: 'unreachable', message: 'Confluence took too long to answer.' },
    },
  }),
  'dry-run-report': dryRunScreen(screen),
  'dry-run-report-filtered': dryRunScreen({
    ...screen,
    items: [],
    nextCursor: null,
    filter: { outcome: 'remove', kind: 'page', space: 'HR', reason: 'labels', q: hostile.markup },
  }),
  'dry-run-under-way': dryRunScreen({
    ...screen,
    run: { ...progress, dryRun: true },
    report: { ...noReport, complete: false },
  }),
  'dry-run-cancelled': dryRunScreen({
    ...screen,
    run: { ...dryRun, state: 'cancelled' },
    report: { ...noReport, complete: false },
  }),
  'dry-run-empty': dryRunScreen({ ...screen, report: noReport }),
};
