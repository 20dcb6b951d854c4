import { expect, test } from '@jest/globals';
import { CommandFailed } from '../exit.ts';
import { parseConfiguration } from './read-file.ts';

const good = `version: 1
oauthApps:
  - name: Ours
    clientId: an-app
    clientSecret: { env: OURS_SECRET }
connections:
  - name: Wiki
    siteUrl: https://company.atlassian.net
    auth: { method: oauth, app: Ours }
    settings:
      sync: { strategy: scheduled, intervalMinutes: 30 }
  - name: Other
    siteUrl: https://other.atlassian.net
    auth:
      method: api_token
      email: ada@example.com
      token: { file: secrets/token }
    enabled: false
`;

/** What is wrong with a text, line by line. */
function faults(text: string): string[] {
  try {
    parseConfiguration('connections.yaml', text);
  } catch (error) {
    if (error instanceof CommandFailed) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('a file is read with its defaults; a secret is a place, and a file of one lies beside it', () => {
  const { wanted, secretPlace, place } = parseConfiguration('/etc/sluice/connections.yaml', good);
  expect(wanted.connections.map(({ name, product, deployment }) => [name, product, deployment])).toEqual([
    ['Wiki', 'confluence', 'cloud'],
    ['Other', 'confluence', 'cloud'],
  ]);
  expect(secretPlace({ file: 'secrets/token' })).toEqual({ file: '/etc/sluice/secrets/token' });
  expect(secretPlace({ env: 'OURS_SECRET' })).toEqual({ env: 'OURS_SECRET' });
  expect(place(['connections', 1, 'auth', 'token'])).toBe(
    '/etc/sluice/connections.yaml:17: connections[1].auth.token',
  );
  expect(place(['connections', 0, 'settings', 'permissions', 'audiences'])).toMatch(/:10: .*audiences$/);
});

test('every fault is told at once, with its line, its path and what to write', () => {
  const text = good
    .replace('version: 1', 'version: 2')
    .replace('intervalMinutes: 30', 'intervalMinutes: 1')
    .replace('{ file: secrets/token }', 'ATATT-a-literal-secret')
    .replace('enabled: false', 'enable: false');
  expect(faults(text)).toEqual([
    'connections.yaml:1: version: version is 1.',
    'connections.yaml:11: connections[0].settings.sync.intervalMinutes: At least 5 minutes.',
    'connections.yaml:17: connections[1].auth.token: A secret never stands in this file. Write { env: NAME } for a variable, or { file: path }.',
    'connections.yaml:18: connections[1].enable: There is no such field.',
  ]);
});

test('a literal secret is refused without being repeated', () => {
  for (const text of [
    good.replace('{ env: OURS_SECRET }', 'a-literal-secret'),
    good.replace('{ env: OURS_SECRET }', '{ value: a-literal-secret }'),
    good.replace('{ file: secrets/token }', 'a-literal-secret'),
  ]) {
    expect(faults(text).join('\n')).toMatch(/A secret never stands in this file/);
    expect(faults(text).join('\n')).not.toContain('a-literal-secret');
  }
});

test.each([
  ['broken YAML', 'connections: [', /connections.yaml:1: /],
  ['a key that is there twice', 'version: 1\nversion: 1\n', /:2: Map keys must be unique/],
  ['nothing at all', '', /connections.yaml:1: (version|connections)/],
  ['a list', '- 1\n', /:1: the file: /],
  [
    'two of one name',
    good.replace('name: Other', 'name: wiki'),
    /:12: connections\[1\].name: "wiki" is there twice/,
  ],
  [
    'no way to sign in',
    good.replace('method: oauth, app: Ours', 'method: oauth'),
    /Either app, the name of an OAuth app/,
  ],
  ['a method that is none', good.replace('method: oauth', 'method: magic'), /method is oauth or api_token/],
  [
    'what cannot be connected',
    good.replace('name: Other', 'name: Other\n    product: jira'),
    /Only confluence/,
  ],
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
      .join('\n')}\n`,
    /alias|no such field/i,
  ],
])('%s is told in words', (_what, text, words) => {
  expect(faults(text).join('\n')).toMatch(words);
});
