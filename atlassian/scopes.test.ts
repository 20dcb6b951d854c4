import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unlimitedBudget } from './budget.ts';
import { createConfluenceReader } from './confluence/reader.ts';
import type { ConfluenceReader } from './confluence/types.ts';
import { apiTokenCredential } from './credential.ts';
import { confluenceScopeNames, confluenceScopes, missingScopes } from './scopes.ts';
import { sendJson, startServer, type TestServer } from './server.fixture.ts';

interface Operation {
  parameters?: { in?: string; name?: string; $ref?: string }[];
  'x-atlassian-oauth2-scopes'?: { state: string; scopes: string[] }[];
}
type Paths = Record<string, Record<string, Operation>>;

const folder = fileURLToPath(new URL('../../shared/openapi/', import.meta.url));
const absent = !existsSync(folder);
if (absent && process.env['CI'] !== 'true') console.warn(`Skipped: ${folder} is not there.`);
const withDocuments = absent && process.env['CI'] !== 'true' ? describe.skip : describe;

/** Endpoints that coming work needs and no reader calls yet. */
const reserved: [string, string][] = [
  ['GET', '/wiki/rest/api/user/memberof'],
  ['POST', '/wiki/rest/api/content/1/permission/check'],
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer((_request, response) => sendJson(response, 404, {}));
});
afterAll(() => server.close());

function readDocuments(): Paths[] {
  return ['confluence-v1.json', 'confluence-v2.json'].map((name) => {
    const { paths } = JSON.parse(readFileSync(folder + name, 'utf8')) as { paths: Paths };
    const prefix = name.includes('v2') ? '/wiki/api/v2' : '';
    return Object.fromEntries(Object.entries(paths).map(([path, item]) => [prefix + path, item]));
  });
}

function readerOf({ http }: TestServer): ConfluenceReader {
  const credential = apiTokenCredential({ siteUrl: 'https://acme.atlassian.net', email: 'a', token: 'b' });
  return createConfluenceReader({ http, credential, budget: unlimitedBudget() });
}

/** Every function of the reader, called once. */
async function callEverything(reader: ConfluenceReader): Promise<void> {
  const cursor = null;
  const calls: Record<keyof ConfluenceReader, () => Promise<unknown>> = {
    listSpaces: () => reader.listSpaces({ cursor, status: 'current' }),
    listPages: () =>
      reader.listPages({
        cursor,
        body: true,
        newestFirst: true,
        ids: ['1'],
        spaceIds: ['1'],
        status: ['current'],
      }),
    listBlogposts: () => reader.listBlogposts({ cursor, body: true }),
    listVersions: async () => {
      await Promise.allSettled((['page', 'blogpost'] as const).map((kind) => reader.listVersions(kind, '1')));
    },
    listComments: async () => {
      await Promise.allSettled(
        (['footer', 'inline'] as const).map((placement) => reader.listComments({ placement, cursor })),
      );
    },
    searchComments: () => reader.searchComments({ cql: 'type = comment', cursor }),
    listReplies: async () => {
      await Promise.allSettled(
        (['footer', 'inline'] as const).map((placement) =>
          reader.listReplies({ placement, to: '1', cursor }),
        ),
      );
    },
    listAttachments: () => reader.listAttachments({ cursor, newestFirst: true }),
    downloadFile: () => {
      const file = { containerId: '1', attachmentId: 'att1', version: 1 };
      return reader.downloadFile({ ...file, to: '/dev/null', maxBytes: 1 });
    },
    searchAttachments: () => reader.searchAttachments({ cql: 'type = attachment', cursor }),
    searchLabels: () => reader.searchLabels({ cql: 'label = x', cursor }),
    searchAccess: () => reader.searchAccess({ cql: 'type = page', cursor }),
    count: () => reader.count('type = page'),
    readRestriction: () => reader.readRestriction('1'),
    readContainer: async () => {
      const kinds = ['folder', 'whiteboard', 'database', 'embed'] as const;
      await Promise.allSettled(kinds.map((kind) => reader.readContainer(kind, '1')));
    },
    readSpaceRoleMode: () => reader.readSpaceRoleMode(),
    listSpaceRoles: () => reader.listSpaceRoles(),
    listSpacePermissions: () => reader.listSpacePermissions('1'),
    listRoleAssignments: () => reader.listRoleAssignments('1'),
    listGroups: () => reader.listGroups({ accessType: 'user' }),
    listGroupMembers: () => reader.listGroupMembers('1'),
    listPeople: () => reader.listPeople(),
    readAccounts: () => reader.readAccounts(['1']),
    checkPermission: () => reader.checkPermission('1', 'a'),
    readVisitorsMayUse: () => reader.readVisitorsMayUse(),
    currentAccount: () => reader.currentAccount(),
    listAudit: () => reader.listAudit({ from: new Date(0), to: null, cursor: null }),
  };
  expect(Object.keys(calls).sort()).toEqual(Object.keys(reader).sort());
  await Promise.allSettled(Object.values(calls).map((call) => call()));
}

function findOperation(documents: Paths[], method: string, path: string): Operation {
  for (const paths of documents) {
    for (const [template, operations] of Object.entries(paths)) {
      const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
      const operation = operations[method.toLowerCase()];
      // A fixed segment is a better match than a parameter: Atlassian's paths have both nowhere.
      if (pattern.test(path) && operation !== undefined) return operation;
    }
  }
  throw new Error(`${method} ${path} stands in no document.`);
}

withDocuments("by Atlassian's documents", () => {
  test('every request that the readers send is covered by a scope, and no scope is asked for in vain', async () => {
    await callEverything(readerOf(server));
    const requests = server.seen.map(({ method, url }): [string, string] => [
      method,
      new URL(url, 'http://x').pathname,
    ]);
    expect(requests.length).toBeGreaterThan(20);
    const documents = readDocuments();
    const needed = new Set(['read:me', 'offline_access']);
    // Asked only where the general search finds no people; without its scope it is refused, and nothing is wider.
    const withoutScope = '/wiki/rest/api/search/user';
    for (const [method, path] of [...requests, ...reserved].filter(([, each]) => each !== withoutScope)) {
      const scopes = findOperation(documents, method, path)['x-atlassian-oauth2-scopes'] ?? [];
      const current = scopes.filter(({ state }) => state === 'Current').flatMap((each) => each.scopes);
      expect(current.length).toBeGreaterThan(0);
      for (const scope of current) needed.add(scope);
      expect([path, current.filter((scope) => !confluenceScopeNames.includes(scope))]).toEqual([path, []]);
    }
    expect([...confluenceScopeNames].sort()).toEqual([...needed].sort());
  });

  test('no request has a parameter that the documents do not name', async () => {
    await callEverything(readerOf(server));
    const documents = readDocuments();
    for (const { method, url } of server.seen) {
      const { pathname, searchParams } = new URL(url, 'http://x');
      const parameters = findOperation(documents, method, pathname).parameters ?? [];
      // The one shared parameter of these documents is `contentExpand`.
      const named = parameters.map(({ name, $ref }) => name ?? ($ref?.endsWith('Expand') ? 'expand' : $ref));
      const unknown = [...searchParams.keys()].filter((name) => !named.includes(name));
      expect([pathname, unknown]).toEqual([pathname, []]);
    }
  });
});

test('there are fewer than fifty scopes, each once, none that writes, each with a sentence', () => {
  expect(confluenceScopes.length).toBeLessThan(50);
  expect(new Set(confluenceScopeNames).size).toBe(confluenceScopes.length);
  for (const { scope, reason } of confluenceScopes) {
    expect(scope).not.toMatch(/write|delete|manage/);
    expect(reason).toMatch(/^[A-Z].*\.$/);
  }
});

test('what is missing is told by name; offline_access, which no grant lists, is not', () => {
  expect(missingScopes(confluenceScopeNames)).toEqual([]);
  expect(missingScopes(confluenceScopeNames.filter((scope) => scope !== 'offline_access'))).toEqual([]);
  const without = confluenceScopeNames.filter((scope) => scope !== 'read:confluence-groups');
  expect(missingScopes(without).map(({ scope }) => scope)).toEqual(['read:confluence-groups']);
});
