import { bannerOf, noticeGallery } from './gallery-notices.ts';
import type { Page, PageContext } from '../../web/layout.ts';
import { confluenceScopes } from '../../atlassian/scopes.ts';
import { authenticateScreen, type AuthenticateView } from '../../web/screens/connection/authenticate.ts';
import { authorizeScreen } from '../../web/screens/connection/authorize.ts';
import { newSteps } from '../../web/screens/connection/drawer.ts';
import { overviewScreen } from '../../web/screens/connection/overview.ts';
import { runScreen } from '../../web/screens/connection/run.ts';
import { runsScreen } from '../../web/screens/connection/runs.ts';
import { errorScreen } from '../../web/screens/error.ts';
import { searchScreen, type SearchView } from '../../web/screens/search.ts';
import { apiKeysScreen } from '../../web/screens/settings/api-keys.ts';
import { auditScreen } from '../../web/screens/settings/audit.ts';
import { oauthAppsScreen } from '../../web/screens/settings/oauth-apps.ts';
import { usersScreen } from '../../web/screens/settings/users.ts';
import { setupClosedScreen, setupScreen, signInScreen } from '../../web/screens/sign-in.ts';
import { auditGallery } from './gallery-audit.ts';
import { contentGallery } from './gallery-content.ts';
import { compared, noComparison, permissionGallery } from './gallery-permissions.ts';
import { overviewGallery } from './gallery-overview.ts';
import { explainGallery } from './gallery-explain.ts';
import { hiddenGallery } from './gallery-hidden.ts';
import { recordsGallery } from './gallery-records.ts';
import { removedGallery } from './gallery-removed.ts';
import { previewGallery } from './gallery-preview.ts';
import { statusGallery } from './gallery-status.ts';
import { syncNowGallery } from './gallery-sync-now.ts';
import { scheduleGallery } from './gallery-schedule.ts';
import { configureGallery } from './gallery-configure.ts';
import { peopleGallery } from './gallery-people.ts';
import { apiKey, logLines, oauthApp } from './sample-lists.ts';
import {
  at,
  connection,
  dead,
  hostile,
  now,
  progress,
  run,
  searchPage,
  unfinished,
  user,
} from './samples.ts';

const csrfToken = 'token';
const noErrors = {};

const search: SearchView = {
  state: {
    q: 'leave',
    connection: [],
    space: ['HR'],
    type: [],
    label: [],
    author: ['Tomás'],
    audience: ['Legal'],
    modifiedAfter: '',
  },
  page: searchPage,
  error: null,
  nothingConnected: false,
  further: false,
  typing: false,
  administrator: true,
  people: [user],
  audiences: ['All staff', 'Legal'],
  csrfToken,
  now,
};

const authenticate: AuthenticateView = {
  csrfToken,
  connection: null,
  steps: newSteps,
  values: {
    name: '',
    siteUrl: '',
    method: 'oauth',
    app: 'listed',
    oauthAppId: '',
    clientId: '',
    email: '',
    tokenKind: 'classic',
    expiresAt: '',
  },
  errors: noErrors,
  oauthApps: [oauthApp],
  redirectUrl: connection.redirectUrl,
  scopes: confluenceScopes,
  isDraft: false,
};

const wrong = {
  name: 'Give the connection a name.',
  siteUrl: 'The site URL ends in a slash: leave it out.',
  token: 'Atlassian refused this email and token.',
};

const noHits = { ...searchPage, hits: [], totalVisible: 0, nextCursor: null };
const settings = { csrfToken, now, errors: noErrors };
const checks = [
  { name: 'token', ok: true, message: 'Works, as Ines Okafor.' },
  {
    name: 'emails',
    ok: false,
    message: '3 of 12 emails are visible. Ask people to connect their own account.',
  },
];

/** Every screen in the states that differ in what they show, by name. */
export const gallery: Record<string, Page> = {
  'sign-in': signInScreen({ csrfToken, email: '', returnTo: '/', error: null, atlassian: true }),
  'sign-in-refused': signInScreen({
    csrfToken,
    email: hostile.markup,
    returnTo: '/',
    error: 'Email and password do not go together.',
    atlassian: false,
  }),
  setup: setupScreen({
    csrfToken,
    token: 't',
    values: { email: '', name: '' },
    errors: { email: 'Give an email.' },
  }),
  'setup-closed': setupClosedScreen(),
  'error-404': errorScreen({ status: 404, code: 'not_found', message: 'This record was not found.' }),
  'error-500': errorScreen({ status: 500, code: 'internal', message: 'Something went wrong here.' }),
  search: searchScreen(search),
  'search-none': searchScreen({
    ...search,
    page: noHits,
    state: { ...search.state, space: [], author: [], audience: [] },
  }),
  'search-error': searchScreen({ ...search, page: null, error: 'The cursor belongs to another query.' }),
  'search-empty': searchScreen({ ...search, page: noHits, nothingConnected: true }),
  ...contentGallery,
  ...explainGallery,
  ...hiddenGallery,
  ...statusGallery,
  ...previewGallery,
  ...recordsGallery,
  ...removedGallery,
  ...syncNowGallery,
  ...overviewGallery,
  'connection-new': authenticateScreen(authenticate),
  'connection-new-errors': authenticateScreen({
    ...authenticate,
    errors: wrong,
    isDraft: true,
    oauthApps: [],
    values: { ...authenticate.values, method: 'api_token', app: 'typed', name: hostile.markup },
  }),
  'connection-authenticate': authenticateScreen({ ...authenticate, connection, steps: connection.steps }),
  'connection-authorize': authorizeScreen({ csrfToken, connection: unfinished, test: null, now }),
  'connection-authorized': authorizeScreen({
    csrfToken,
    connection,
    test: { at: now, ok: false, checks },
    now,
  }),
  'connection-reauthorize': authorizeScreen({ csrfToken, connection: dead, test: null, now }),
  'connection-overview': overviewScreen({
    csrfToken,
    connection: { ...connection, currentRun: progress },
    run: progress,
    kinds: [
      { kind: 'page', records: 12_408 },
      { kind: 'comment', records: 3_211 },
      { kind: 'attachment', records: 940 },
    ],
    failures: 12,
    warnings: [],
    removed: null,
    comparison: compared.comparison,
    now,
  }),
  'connection-first': overviewScreen({
    csrfToken,
    connection: { ...connection, lastRun: null },
    run: null,
    kinds: [],
    failures: 0,
    warnings: [],
    removed: null,
    comparison: noComparison,
    now,
  }),
  runs: runsScreen({
    connection,
    list: 'content',
    state: '',
    runs: [progress, run, { ...run, state: 'failed' }],
    nextCursor: 'x',
    now,
  }),
  'runs-permissions': runsScreen({
    connection,
    list: 'permissions',
    state: '',
    runs: [{ ...run, kind: 'permissions', trigger: 'schedule' }],
    nextCursor: null,
    now,
  }),
  'runs-none': runsScreen({ connection, list: 'permissions', state: '', runs: [], nextCursor: null, now }),
  run: runScreen({ connection, run: progress, lines: logLines, nextCursor: 'x', level: 'debug', q: '', now }),
  'settings-oauth-apps': oauthAppsScreen({
    ...settings,
    apps: [oauthApp, { ...oauthApp, id: 'a2', name: hostile.markup, connections: 0 }],
    values: { name: '', clientId: '' },
    redirectUrl: connection.redirectUrl,
    scopes: confluenceScopes,
  }),
  'settings-users': usersScreen({
    ...settings,
    users: [
      user,
      { ...user, id: 'u2', name: hostile.markup, email: 'x@acme.example', role: 'member', accounts: [] },
      {
        ...user,
        id: 'u3',
        email: 'y@acme.example',
        role: 'member',
        roleThrough: {
          connection: { id: connection.id, name: connection.name },
          group: { id: 'g1', name: hostile.markup },
        },
      },
    ],
    nextCursor: 'x',
    ownId: user.id,
    values: { email: '', name: '', role: 'member' },
    errors: { email: 'There is a user with this email already.' },
  }),
  'settings-api-keys': apiKeysScreen({
    ...settings,
    keys: [apiKey, { ...apiKey, id: 'k2', name: hostile.markup, revokedAt: at(3) }],
    made: { name: 'Assistant', key: 'slc_8dJ2kQ0000000000000000000000000000' },
    values: { name: '', scopes: ['search'], life: '90' },
  }),
  'settings-audit': auditScreen({
    entries: [
      {
        id: '2',
        at: at(5),
        actor: 'ines@acme.example',
        action: 'search.as',
        target: hostile.markup,
        address: '203.0.113.9',
        before: null,
        after: null,
      },
      {
        id: '1',
        at: at(55),
        actor: 'ines@acme.example',
        action: 'connection.update',
        target: 'Acme wiki',
        address: null,
        before: { name: 'A' },
        after: { name: 'Acme wiki' },
      },
    ],
    nextCursor: 'x',
    filter: { actor: '', action: 'user', target: '', from: '', to: '', q: '' },
    errors: {},
    now,
  }),
  ...peopleGallery,
  ...permissionGallery,
  ...auditGallery,
  ...scheduleGallery,
  ...configureGallery,
  ...noticeGallery,
};

/** Who looks at the gallery: nobody on the screens before sign-in, an administrator elsewhere. */
export function galleryContext(name: string, asset: (name: string) => string): PageContext {
  const anonymous = /^(sign-in|setup)/.test(name);
  return {
    now,
    csrfToken,
    user: anonymous ? null : { id: user.id, name: user.name, email: user.email, role: 'administrator' },
    searchingAs: name === 'record' ? { name: hostile.markup, email: 'x@acme.example' } : null,
    notices: anonymous ? null : bannerOf(name),
    flash: name === 'connections' ? { ok: true, message: hostile.markup } : null,
    asset,
  };
}
