import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startSandbox, type RunningSandbox } from '../../sandbox/main.ts';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';
import { createTestCli, type Ended, type TestCli } from '../../test/cli.ts';
import { createTestServer, type TestServer } from '../../test/server.ts';

let sandbox: RunningSandbox;
let server: TestServer;
let cli: TestCli;
let folder: string;
let siteUrl: string;
const email = 'ada.lindqvist@northwind.example';
const token = 'a-token-of-tests';
const secrets = { WIKI_TOKEN: token, OURS_SECRET: 'a-client-secret' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-apply-'));
  const world = createDemonstration({ redirectUri: 'http://localhost:3000/oauth/atlassian/callback' });
  const accountId = world.people.find((person) => person.email === email)?.accountId ?? '';
  world.apiTokens = [{ token, accountId, scopes: null, expiresAt: null }];
  siteUrl = world.site.url;
  sandbox = await startSandbox({ port: 0, world });
  server = await createTestServer({ gatewayUrl: sandbox.url });
  const key = await server.key(await server.person('admin@example.com', 'administrator'));
  cli = await createTestCli(server.app, key);
});
afterAll(async () => {
  cli.close();
  await server.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await server.database.db.deleteFrom('connections').execute();
  await server.database.db.deleteFrom('oauth_apps').execute();
});

const wiki = (settings = 'sync: { strategy: scheduled, intervalMinutes: 30 }') => `  - name: Wiki
    siteUrl: ${siteUrl}
    auth: { method: api_token, email: ${email}, token: { env: WIKI_TOKEN } }
    settings:
      ${settings}
`;
const apps = `oauthApps:
  - name: Ours
    clientId: an-app
    clientSecret: { env: OURS_SECRET }
`;
const other = `  - name: Other
    siteUrl: https://other.atlassian.net
    auth: { method: oauth, app: Ours }
    settings:
      sync: { strategy: manual }
`;
const file = (connections: string, before = '') => `version: 1\n${before}connections:\n${connections}`;

/** `sluice apply` of a text, with the secrets in the environment. */
function apply(text: string, args: string[] = [], env: Record<string, string> = secrets): Promise<Ended> {
  const path = join(folder, 'connections.yaml');
  writeFileSync(path, text);
  return cli.sluice(['apply', path, ...args], { env });
}
const inFile = (words: string) => words.replaceAll(`${folder}/`, '');
const connections = () => server.services.connections.list(actor());
const actor = () => ({
  userId: '',
  email: '',
  name: '',
  role: 'administrator' as const,
  via: 'api_key' as const,
});

test('what is not there is made, and a second time there is nothing to change', async () => {
  const text = file(wiki() + other, apps);
  const plan = await apply(text, ['--plan'], {});
  expect([plan.exit, plan.out]).toEqual([
    0,
    `+ create app "Ours"\n    an-app\n+ create connection "Wiki"\n    ${siteUrl}\n+ create connection "Other"\n    https://other.atlassian.net\n`,
  ]);
  expect(await connections()).toEqual([]);
  const first = await apply(text);
  expect([first.exit, first.err]).toEqual([0, '']);
  expect(first.out).toMatch(
    /"Other" waits for a person's consent.*\n {4}Open within an hour: http:\/\/localhost:3000\/\S+token=/,
  );
  const [other_, wiki_] = await connections();
  expect([wiki_?.status, wiki_?.settings.sync]).toEqual([
    'active',
    { strategy: 'scheduled', intervalMinutes: 30 },
  ]);
  expect([other_?.status, other_?.configuredAt, other_?.auth.oauthApp?.name]).toEqual([
    'draft',
    null,
    'Ours',
  ]);
  const second = await apply(text, [], {});
  expect([second.exit, second.out.split('\n')[0]]).toEqual([0, 'Nothing to change.']);
  expect(second.out).toContain('"Other" waits');
  for (const { out, err } of [plan, first, second]) {
    for (const secret of Object.values(secrets)) expect(out + err).not.toContain(secret);
  }
});

test('what differs is told field by field and changed, and what the file does not say is kept', async () => {
  await apply(file(wiki()));
  const changed = file(wiki('sync: { strategy: manual }\n      deletions: { askAbovePercent: 20 }'));
  const plan = await apply(changed, ['--plan', '--json'], {});
  expect(JSON.parse(plan.out)).toMatchObject({
    applied: false,
    changes: [
      {
        action: 'change settings',
        name: 'Wiki',
        details: [
          'settings.deletions.askAbovePercent: not set → 20',
          'settings.sync.intervalMinutes: 30 → not set',
          'settings.sync.strategy: "scheduled" → "manual"',
        ],
      },
    ],
  });
  expect((await apply(changed, [], {})).exit).toBe(0);
  const [stored] = await connections();
  expect(stored?.settings).toMatchObject({
    sync: { strategy: 'manual' },
    deletions: { askAbovePercent: 20 },
  });
  const without = file(wiki().split('    settings:')[0] ?? '');
  expect((await apply(without, [], {})).out).toBe('Nothing to change.\n');
  const off = await apply(`${without}    enabled: false\n`, [], {});
  expect(off.out).toBe('~ disable "Wiki"\n');
  expect((await connections())[0]?.status).toBe('disabled');
});

test('secrets are sent where they are needed, or asked for; one that is missing is named by its place', async () => {
  const missing = await apply(file(wiki()), [], {});
  expect([missing.exit, inFile(missing.err)]).toEqual([
    2,
    'connections.yaml:5: connections[0].auth.token: The environment variable WIKI_TOKEN is not set.\n',
  ]);
  await apply(file(wiki()));
  const again = await apply(file(wiki()), ['--secrets']);
  expect([again.exit, again.out]).toEqual([0, '~ update connection "Wiki"\n    the secret\n']);
  const wrong = await apply(file(wiki()), ['--secrets'], { WIKI_TOKEN: 'another' });
  expect([wrong.exit, inFile(wrong.err)]).toEqual([
    2,
    expect.stringMatching(/^connections.yaml:5: connections\[0\].auth.(token|email): /),
  ]);
  writeFileSync(join(folder, 'token'), `${token}\n`);
  const byFile = file(wiki()).replace('{ env: WIKI_TOKEN }', '{ file: token }');
  expect((await apply(byFile, ['--secrets'], {})).exit).toBe(0);
});

test('what only the server knows to be wrong is told by the line of the file', async () => {
  const unknown = file(wiki('permissions: { groupRoles: { nobody: member } }'));
  const refused = await apply(unknown);
  expect([refused.exit, inFile(refused.err)]).toEqual([
    2,
    expect.stringMatching(
      /^connections.yaml:7: connections\[0\].settings.permissions.groupRoles.nobody: This site has no group/,
    ),
  ]);
  // The connection was made before its settings were refused: mended, the same file goes on from there.
  expect((await apply(file(wiki()))).out).toMatch(/^~ change settings "Wiki"/);
});

test('settings that somebody changed between the look and the saving are not overwritten', async () => {
  await apply(file(wiki()));
  const { updateSettings } = server.services.connections;
  server.services.connections.updateSettings = async (by, id, settings, options) => {
    await server.database.db
      .updateTable('connections')
      .set((eb) => ({ settings_version: eb('settings_version', '+', 1) }))
      .execute();
    return updateSettings(by, id, settings, options);
  };
  try {
    const { exit, err } = await apply(file(wiki('sync: { strategy: manual }')));
    expect([exit, err]).toEqual([5, expect.stringMatching(/changed meanwhile by somebody else/)]);
  } finally {
    server.services.connections.updateSettings = updateSettings;
  }
  expect((await connections())[0]?.settings.sync).toMatchObject({ intervalMinutes: 30 });
});

test('nothing is deleted that was not asked for twice', async () => {
  await apply(file(wiki() + other, apps));
  const one = file(wiki());
  expect((await apply(one, [], {})).out).toBe('Nothing to change.\nNot in the file, left alone: Other.\n');
  const plan = await apply(one, ['--prune', '--plan'], {});
  expect(plan.out).toMatch(/^- delete connection "Other"\n {4}https:\/\/other/);
  const unasked = await apply(file(wiki('sync: { strategy: manual }')), ['--prune'], {});
  expect([unasked.exit, unasked.err]).toEqual([
    2,
    expect.stringMatching(/"Other".*\n.*--yes.*Nothing was changed/),
  ]);
  expect((await connections()).map(({ settings }) => settings.sync?.strategy)).toContain('scheduled');
  expect((await apply(one, ['--prune', '--yes'], {})).exit).toBe(0);
  expect((await connections()).map(({ name }) => name)).toEqual(['Wiki']);
});

test('what is exported holds no secret, and applied again it changes nothing', async () => {
  await apply(file(wiki() + other, apps));
  const { out } = await cli.sluice(['export']);
  expect(out).toMatch(/^# Connections of a Sluice/);
  expect(out).toContain('env: SLUICE_WIKI_TOKEN');
  for (const secret of Object.values(secrets)) expect(out).not.toContain(secret);
  const again = await apply(out, ['--plan'], {});
  expect([again.exit, again.out]).toEqual([
    0,
    `Nothing to change.\n"Other" waits for a person's consent; then apply again for its settings.\n`,
  ]);
});
