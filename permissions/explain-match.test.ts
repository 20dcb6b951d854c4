import { expect, test } from '@jest/globals';
import { matchOf, type MatchFacts } from './explain-match.ts';

const proven = { accountId: 'a', name: 'Ada', active: true, app: false, source: 'grant' as const };
const byEmail = {
  accountId: 'e',
  name: 'Ada',
  active: true,
  person: true,
  emailChanged: false,
  someoneElses: false,
};
const facts = (change: Partial<MatchFacts> = {}): MatchFacts => ({
  userActive: true,
  emailVerified: true,
  proven: [],
  byEmail: [],
  ...change,
});

test.each<[string, MatchFacts, string, string[]]>([
  ['a deactivated user', facts({ userActive: false, proven: [proven] }), 'user_deactivated', []],
  ['a proven account', facts({ proven: [proven], byEmail: [byEmail] }), 'matched', ['a grant']],
  [
    'several proven accounts',
    facts({ proven: [proven, { ...proven, accountId: 'b', source: 'sign_in' }] }),
    'matched',
    ['a grant', 'b sign_in'],
  ],
  [
    "an administrator's word",
    facts({ proven: [{ ...proven, source: 'administrator' }] }),
    'matched',
    ['a administrator'],
  ],
  [
    "an administrator's word beside an own proof",
    facts({ proven: [proven, { ...proven, accountId: 'b', source: 'administrator' }] }),
    'matched',
    ['a grant'],
  ],
  ['an app', facts({ proven: [{ ...proven, app: true }], byEmail: [byEmail] }), 'account_inactive', []],
  [
    'an account of an unknown kind',
    facts({ byEmail: [{ ...byEmail, person: false }] }),
    'account_inactive',
    [],
  ],
  [
    'a proven account that is closed',
    facts({ proven: [{ ...proven, active: false }], byEmail: [byEmail] }),
    'account_inactive',
    [],
  ],
  ['an email', facts({ byEmail: [byEmail] }), 'matched', ['e email']],
  [
    'an email that is not verified',
    facts({ emailVerified: false, byEmail: [byEmail] }),
    'email_unverified',
    [],
  ],
  ['no such email', facts(), 'no_account', []],
  ['two such emails', facts({ byEmail: [byEmail, { ...byEmail, accountId: 'f' }] }), 'email_shared', []],
  ['a closed account', facts({ byEmail: [{ ...byEmail, active: false }] }), 'account_inactive', []],
  ['a changed email', facts({ byEmail: [{ ...byEmail, emailChanged: true }] }), 'email_changed', []],
  ["somebody else's account", facts({ byEmail: [{ ...byEmail, someoneElses: true }] }), 'account_taken', []],
])('who a user is: %s', (_name, given, code, accounts) => {
  const match = matchOf(given);
  expect([match.code, match.accounts.map(({ accountId, source }) => `${accountId} ${source}`)]).toEqual([
    code,
    accounts,
  ]);
  // Whoever is not matched is told what to do.
  expect(match.remedy === null).toBe(code === 'matched');
});
