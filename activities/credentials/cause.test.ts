import { expect, test } from '@jest/globals';
import { credentialEnd, type CredentialFacts } from './cause.ts';
import type { Reach } from './reach.ts';

const now = new Date('2026-06-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const oauth: CredentialFacts = {
  method: 'oauth',
  siteUrl: 'https://acme.atlassian.net',
  account: 'Mia',
  isDeactivated: false,
  isStored: true,
  consentedAt: daysAgo(10),
  usedAt: daysAgo(1),
  tokenExpiresAt: null,
};
const token: CredentialFacts = { ...oauth, method: 'api_token', consentedAt: null, usedAt: null };
const unknown: Reach = { kind: 'unknown' };
const site = (scopes: string[] | null = null): Reach => ({ kind: 'site', scopes });
const path = '(GET /wiki/api/v2/pages, status 401)';

const ends: [string, string, Partial<CredentialFacts>, Reach, string, RegExp][] = [
  [
    'taken back',
    'needs_reauth',
    {},
    unknown,
    'consent_revoked',
    /took it back, changed its password.*Reauthenticate/,
  ],
  ['90 days', 'needs_reauth', { usedAt: daysAgo(91) }, unknown, 'consent_unused', /not used for 91 days/],
  [
    'a year',
    'needs_reauth',
    { consentedAt: daysAgo(400) },
    unknown,
    'consent_year',
    /probably because it is 400 days/,
  ],
  [
    'nobody there',
    'needs_reauth',
    { isDeactivated: true },
    unknown,
    'account_deactivated',
    /Mia is deactivated/,
  ],
  ['no consent', 'needs_reauth', { isStored: false }, unknown, 'no_credential', /Authorize it/],
  ['secret', 'wrong_client', {}, unknown, 'wrong_client', /words/],
  ['app', 'app_deleted', {}, unknown, 'app_deleted', /words/],
  [
    'site',
    'forbidden',
    {},
    { kind: 'other_sites', hosts: ['b.net'] },
    'site_removed',
    /reaches b.net.*choose acme/,
  ],
  ['no site', 'not_found', {}, { kind: 'no_site' }, 'no_site', /guest/],
  ['no access', 'forbidden', {}, { kind: 'no_access' }, 'access_lost', /may not use Confluence/],
  ['refused', 'not_found', {}, { kind: 'refused' }, 'consent_revoked', /Reauthenticate/],
  ['scopes', 'scope_mismatch', {}, site(['read:me']), 'scope_missing', /search:confluence/],
  [
    'a scope',
    'scope_mismatch',
    {},
    unknown,
    'scope_missing',
    /the scope: read:page:confluence.*developer console/,
  ],
  ['401 and silence', 'unauthorized', {}, unknown, 'consent_revoked', /Reauthenticate/],
];

test.each(ends)('by consent, %s (%s)', (_name, code, facts, reach, cause, words) => {
  const end = credentialEnd({ code, message: `words ${path}` }, { ...oauth, ...facts }, reach, now);
  expect(end?.cause).toBe(cause);
  expect(end?.message).toMatch(words);
});

const tokenEnds: [string, string, Partial<CredentialFacts>, Reach, string, RegExp][] = [
  [
    'refused',
    'unauthorized',
    {},
    { kind: 'refused' },
    'token_rejected',
    /Make a new one at id.atlassian.com/,
  ],
  [
    'expired',
    'unauthorized',
    { tokenExpiresAt: daysAgo(1) },
    unknown,
    'token_expired',
    /expired on 2026-05-31/,
  ],
  [
    'scoped too narrowly',
    'scope_mismatch',
    {},
    site(),
    'scope_missing',
    /read:page:confluence.*Authenticate Instance/,
  ],
  [
    'of nobody',
    'unauthorized',
    { isDeactivated: true },
    unknown,
    'account_deactivated',
    /of another account/,
  ],
];

test.each(tokenEnds)('by API token, %s (%s)', (_name, code, facts, reach, cause, words) => {
  const end = credentialEnd({ code, message: `words ${path}` }, { ...token, ...facts }, reach, now);
  expect(end?.cause).toBe(cause);
  expect(end?.message).toMatch(words);
});

test.each([
  ['unauthorized', site()],
  ['forbidden', site()],
  ['not_found', site()],
  ['forbidden', unknown],
  ['not_found', unknown],
  ['network', unknown],
  ['server_error', { kind: 'refused' }],
  ['unexpected', { kind: 'no_site' }],
] as [string, Reach][])('%s says nothing of a credential that reaches %j', (code, reach) => {
  expect(credentialEnd({ code, message: 'x' }, oauth, reach, now)).toBeNull();
});

test('every message says what to do, and that nothing is lost', () => {
  for (const [, code, facts, reach] of ends) {
    const end = credentialEnd({ code, message: `words ${path}` }, { ...oauth, ...facts }, reach, now);
    if (['no_credential', 'wrong_client', 'app_deleted'].includes(end?.cause ?? '')) continue;
    expect(end?.message).toMatch(/What is indexed stays/);
    expect(end?.message).toMatch(/[Rr]eauthenticate/);
  }
});
