import type { Hit, SearchPage } from '../../search/types.ts';
import type { ConnectionView, ProgressView, RunView, UserView } from '../../server/views.ts';

/** View models as a busy day makes them, with hostile and unusual names among them. */
export const now = new Date('2026-03-26T16:00:00Z');
export const at = (minutesAgo: number): string => new Date(now.getTime() - minutesAgo * 60_000).toISOString();

/** Would call `alert` where markup or an address came through. */
export const hostile = {
  markup: '"><img src=x onerror=alert(1)><script>alert(2)</script>',
  address: 'javascript:alert(3)',
};

export const run: RunView = {
  id: '11111111-1111-4111-8111-111111111111',
  connectionId: '22222222-2222-4222-8222-222222222222',
  kind: 'incremental',
  dryRun: false,
  trigger: 'schedule',
  state: 'succeeded',
  cause: null,
  message: null,
  counts: { seen: 42, indexed: 12, unchanged: 30, filtered: 0, failed: 0, deleted: 0 },
  requests: 8,
  points: 71,
  waitingUntil: null,
  heartbeatAt: at(33),
  changes: { added: 3, updated: 8, removed: 1 },
  createdAt: at(34),
  startedAt: at(34),
  finishedAt: at(33),
  durationSeconds: 60,
};

export const progress: ProgressView = {
  ...run,
  kind: 'full',
  trigger: 'manual',
  state: 'running',
  counts: { seen: 8_412, indexed: 8_100, unchanged: 300, filtered: 0, failed: 12, deleted: 0 },
  requests: 212,
  points: 9_734,
  heartbeatAt: at(0),
  changes: {},
  startedAt: at(3),
  finishedAt: null,
  durationSeconds: 180,
  stages: [
    { stage: 'spaces', state: 'done', done: 24, total: 24 },
    { stage: 'pages', state: 'running', done: 8_102, total: 12_408 },
    { stage: 'comments', state: 'running', done: 286, total: null },
  ],
  rate: 46.7,
  remainingSeconds: 92,
  failures: [
    {
      stage: 'pages',
      externalId: '4711',
      title: hostile.markup,
      url: hostile.address,
      request: '/wiki/api/v2/pages',
      status: 500,
      traceId: 'b7a1c0ffee',
      message: 'Atlassian answered 500 three times.',
      meaning: 'It is not here, or not in its newest version.',
      attempts: 3,
      firstAt: at(180),
      lastAt: at(1),
      nextRetryAt: at(-15),
    },
  ],
};

export const connection: ConnectionView = {
  id: run.connectionId,
  name: 'Acme wiki',
  product: 'confluence',
  deployment: 'cloud',
  siteUrl: 'https://acme.atlassian.net',
  cloudId: 'c1',
  auth: {
    method: 'oauth',
    oauthApp: { id: 'a1', name: 'Sluice at Acme', clientId: 'Zx8Ku1', listed: true },
    email: null,
    scoped: false,
    expiresAt: null,
  },
  account: { id: '557058:1', name: 'Ines Okafor' },
  status: 'active',
  statusCause: null,
  statusMessage: null,
  statusSince: at(8_990),
  settings: { sync: { strategy: 'scheduled', intervalMinutes: 60 } },
  steps: {
    authenticate: { state: 'done', reason: null },
    authorize: { state: 'done', reason: null },
    configure: { state: 'done', reason: null },
  },
  redirectUrl: 'http://localhost:3000/oauth/atlassian/callback',
  currentRun: null,
  lastRun: run,
  nextRuns: [at(-26), at(-86), at(-146), at(-206), at(-266)],
  settingsVersion: 1,
  deletion: null,
  permissions: {
    promisedSeconds: 1_080,
    changes: 64,
    p50Seconds: 412,
    p95Seconds: 903,
    oldestReadAt: at(14),
    readAt: at(6),
    nextAt: at(-9),
    reading: false,
    trouble: null,
    day: { runs: 96, requests: 2_904, points: 11_212 },
    auditLog: { state: 'readable', message: null },
  },
  createdAt: at(9_000),
  updatedAt: at(60),
  authorizedAt: at(8_990),
  configuredAt: at(8_980),
};

export const unfinished: ConnectionView = {
  ...connection,
  id: '33333333-3333-4333-8333-333333333333',
  name: hostile.markup,
  status: 'draft',
  account: null,
  authorizedAt: null,
  configuredAt: null,
  lastRun: null,
  steps: {
    authenticate: { state: 'done', reason: null },
    authorize: { state: 'todo', reason: null },
    configure: { state: 'locked', reason: 'Authorize first.' },
  },
};

export const dead: ConnectionView = {
  ...connection,
  id: '44444444-4444-4444-8444-444444444444',
  name: 'Legal',
  status: 'needs_reauth',
  statusCause: 'refresh_token_unknown',
  statusMessage: 'Atlassian no longer knows the refresh token: the password of Ines Okafor was changed.',
  steps: {
    ...connection.steps,
    authorize: { state: 'attention', reason: 'Atlassian no longer knows the refresh token.' },
  },
};

const hit: Hit = {
  id: '1',
  fields: {},
  externalId: '98',
  type: 'page',
  title: 'Parental leave',
  url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/98',
  snippet: [
    { text: 'Everybody may take up to twenty weeks of ', mark: false },
    { text: 'leave', mark: true },
    { text: ', of which twelve are paid in full. Tell your lead and HR three months before.', mark: false },
  ],
  breadcrumbs: [
    {
      id: '5',
      title: 'Working here',
      url: 'https://acme.atlassian.net/wiki/x',
      externalId: '5',
      type: 'page',
    } as Hit['breadcrumbs'][number],
  ],
  space: { key: 'HR', name: 'People' },
  author: { accountId: 'u1', name: 'Tomás Rivera' },
  modifiedAt: at(60 * 26),
  score: 1,
  connection: { id: connection.id, name: 'Acme wiki', status: 'active' },
};

export const searchPage: SearchPage = {
  hits: [
    hit,
    {
      ...hit,
      id: '2',
      type: 'comment',
      title: 'Comment on מדיניות חופשה (2026)',
      snippet: [{ text: hostile.markup, mark: true }],
    },
    {
      ...hit,
      id: '3',
      type: 'attachment',
      title: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz-leave-2026-final-final.pdf',
      url: hostile.address,
      space: { key: 'X', name: hostile.markup },
    },
    { ...hit, id: '4', type: 'blogpost', title: hostile.markup, snippet: [], author: null, breadcrumbs: [] },
  ],
  totalVisible: 37,
  totalIsExact: true,
  facets: {
    connections: [{ value: connection.id, label: 'Acme wiki', count: 37 }],
    spaces: [
      { value: 'HR', label: 'People', count: 21 },
      { value: 'ENG', label: 'Engineering', count: 16 },
    ],
    types: [
      { value: 'page', label: 'page', count: 30 },
      { value: 'comment', label: 'comment', count: 7 },
    ],
    labels: [{ value: 'policy', label: hostile.markup, count: 4 }],
  },
  nextCursor: 'next',
  interpreted: {
    groups: [],
    excluded: [],
    fields: {},
    truncated: false,
  } as unknown as SearchPage['interpreted'],
};

export const user: UserView = {
  id: '55555555-5555-4555-8555-555555555555',
  email: 'ines@acme.example',
  emailVerified: true,
  name: 'Ines Okafor',
  role: 'administrator',
  effectiveRole: 'administrator',
  roleThrough: null,
  active: true,
  accounts: [{ accountId: '557058:1', source: 'grant' }],
  createdAt: at(90_000),
  signedInAt: at(12),
  invitation: null,
};
