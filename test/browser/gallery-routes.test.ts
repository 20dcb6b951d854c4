import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routesOf } from '../routes.ts';
import { createTestServer, type TestServer } from '../server.ts';
import { gallery } from './gallery.ts';

/**
 * Each page that can be asked for, with the beginnings of the names under which its states stand in the gallery, which
 * screens.test.ts looks at with axe-core, in light and dark, at 320 pixels, with hostile texts.
 */
const shown: Record<string, string> = {
  '/sign-in': 'sign-in',
  '/setup': 'setup',
  '/invitation': 'invitation',
  '/': 'search',
  '/records/:id': 'record',
  '/connections/:id/records': 'records-tree',
  '/connections/:id/records/list': 'records-list',
  '/connections/:id/records/selections': 'records-selections',
  '/connections/:id/records/choose': 'records-question',
  '/explain': 'explain',
  '/connections': 'connections',
  '/connections/new': 'connection-new',
  '/connections/:id': 'connection-overview',
  '/connections/:id/authenticate': 'connection-authenticate',
  '/connections/:id/disconnect': 'connection-disconnect',
  '/connections/:id/configure': 'connection-configure',
  '/connections/:id/content': 'connection-content',
  '/connections/:id/sync': 'sync-now',
  '/connections/:id/runs': 'runs',
  '/connections/:id/runs/failures': 'failures',
  '/connections/:id/runs/removed': 'removed',
  '/connections/:id/runs/removed/:id/remove': 'removed-confirm',
  '/connections/:id/permissions': 'connection-permissions',
  '/connections/:id/permissions/compared': 'connection-compared',
  '/connections/:id/permissions/audit': 'confluence-audit',
  '/connections/:id/permissions/hidden': 'connection-hidden',
  '/runs/:id': 'run',
  '/runs/:id/report': 'dry-run',
  '/logs': 'logs',
  '/settings/oauth-apps': 'settings-oauth-apps',
  '/settings/api-keys': 'settings-api-keys',
  '/settings/diagnosis': 'settings-diagnosis',
  '/settings/audit': 'settings-audit',
  '/settings/notifications': 'notifications',
  '/settings/notifications/:id': 'notification-target',
  '/settings/notifications/:id/remove': 'notification-target-remove',
  '/settings/users': 'settings-users',
  '/settings/users/:id': 'settings-user',
  '/settings/users/:id/delete': 'settings-user-delete',
  '/profile': 'profile',
  '/profile/grants/:id/withdraw': 'profile-consent-ends',
  '/connect-account': 'connect-account',
  '/people': 'people',
  '/people/import': 'people-import',
  '/people/users': 'people-users',
  '/people/link': 'people-link',
  '/people/unlink': 'people-unlink',
  '/people/confirm-email': 'people-confirm',
};

/** What is asked for and is no screen of its own, with the reason. */
const others: Record<string, string> = {
  '/healthz': 'for machines',
  '/readyz': 'for machines',
  '/api/openapi.json': 'for machines',
  '/api/docs': 'looked at in api-docs.test.ts, which serves the document that it shows',
  '/connections/:id/authorize': 'leads to Atlassian, or is the tab: connection-authorize in the gallery',
  '/oauth/atlassian/callback': 'leads on',
  '/oauth/atlassian/done': 'closes the window in which it stands; people.test.ts',
  '/assets/:id/:id': 'styles and scripts',
  '/connections/:id/configure/preview':
    'leads to the form; what is posted to it is scope-preview in the gallery',
  '/connections/events': 'a stream of parts of a screen',
  '/runs/:id/live': 'a stream of parts of a screen',
  '/settings': 'leads to its first tab',
};

let server: TestServer;
let pages: string[];
beforeAll(async () => {
  server = await createTestServer();
  const paths = routesOf(server.app)
    .filter(({ method, path }) => method === 'GET' && !path.startsWith('/api/v1'))
    .map(({ path }) => path.replaceAll(/0{8}-[\d-]+/g, ':id'));
  // Files to download.
  pages = [...new Set(paths)].filter((path) => !/\.(csv|ndjson|txt)$/.test(path));
});
afterAll(() => server.close());

test('each page that can be asked for stands in the gallery, in some state, or is no screen for a reason', () => {
  expect(pages.length).toBeGreaterThan(50);
  expect(pages.filter((path) => !(path in shown) && !(path in others))).toEqual([]);
});

test('no page is listed here that is not there any more, and no state that the gallery does not have', () => {
  expect([...Object.keys(shown), ...Object.keys(others)].filter((path) => !pages.includes(path))).toEqual([]);
  const states = Object.keys(gallery);
  const missing = Object.entries(shown).filter(
    ([, name]) => !states.some((state) => state === name || state.startsWith(`${name}-`)),
  );
  expect(missing).toEqual([]);
});

test('the states that have no page of their own are in the gallery', () => {
  for (const name of ['connection-authorize', 'scope-preview', 'error-404', 'error-500']) {
    expect([name, name in gallery]).toEqual([name, true]);
  }
});
