import type { ImportPlan, PersonView, UserMatchView } from '../../server/services/people/views.ts';
import type { GrantView, OfferedApp } from '../../server/views.ts';
import { unmatchedReasons } from '../../store/people-accounts.ts';
import { accountlessReasons } from '../../store/people-users.ts';
import { at, connection, hostile, user } from './samples.ts';

const site = { id: connection.id, name: connection.name };
const ines = { id: user.id, email: user.email, name: user.name };

const matched: PersonView = {
  connection: site,
  accountId: '557058:8f1c0a52-77f1-4a0b-9b0e-3a2f4a6c0e11',
  name: 'Ines Okafor',
  email: 'ines@acme.example',
  emailBefore: null,
  accountType: 'atlassian',
  state: 'matched',
  matchedBy: 'grant',
  reason: null,
  user: ines,
  linkedBy: 'grant',
  otherEmailOwner: 'ines.o@acme.example',
  records: null,
  countedAt: null,
  readAt: at(8),
};

/** An account of every reason, with names and counts that differ. */
export const people: PersonView[] = [
  ...unmatchedReasons.map((reason, index): PersonView => ({
    ...matched,
    connection: index % 3 === 1 ? { id: 'c2', name: hostile.markup } : site,
    accountId:
      index % 2 === 0
        ? `5b10a2844c20165700ede21${index}`
        : `557058:8f1c0a52-77f1-4a0b-9b0e-00000000000${index}`,
    name:
      ['Tomás Rivera', 'מיכל לוי', hostile.markup, 'Donaudampfschifffahrtsgesellschaftskapitän Müller', ''][
        index % 5
      ] ?? '',
    email:
      reason === 'email_hidden' ? null : `person.with.a.rather.long.name${index}@subsidiary.acme.example`,
    emailBefore: reason === 'email_changed' ? 'before@acme.example' : null,
    accountType: reason === 'not_a_person' ? 'app' : 'atlassian',
    state: 'unmatched',
    matchedBy: null,
    reason,
    user: reason === 'email_hidden' || reason === 'no_user' ? null : ines,
    linkedBy: reason === 'link_outranked' ? 'administrator' : null,
    otherEmailOwner: null,
    records: index % 4 === 3 ? null : 12_408 - index * 1_000,
    countedAt: index % 4 === 3 ? null : at(index * 7),
  })),
  matched,
];

export const userMatches: UserMatchView[] = [
  ...accountlessReasons.map((reason, index): UserMatchView => ({
    user: { id: `u${index}`, email: `user${index}@acme.example`, name: index === 2 ? hostile.markup : '' },
    connection: site,
    state: 'unmatched',
    matchedBy: null,
    reason,
    accountId: reason === 'no_account' ? null : matched.accountId,
  })),
  {
    user: ines,
    connection: site,
    state: 'matched',
    matchedBy: 'grant',
    reason: null,
    accountId: matched.accountId,
  },
];

const line = { from: null, refused: null, note: null };
export const importPlan: ImportPlan = {
  stored: false,
  digest: 'x',
  counts: { link: 1, change: 1, same: 1, refused: 2 },
  lines: [
    { ...line, line: 2, accountId: matched.accountId, email: 'ines@acme.example', outcome: 'link' },
    {
      ...line,
      line: 3,
      accountId: '5b10a2844c20165700ede21g',
      email: 'tomas@acme.example',
      outcome: 'change',
      from: 'ines@acme.example',
      note: 'No connected site knows this account so far: check the id.',
    },
    { ...line, line: 4, accountId: '5b10a2', email: 'kim@acme.example', outcome: 'same' },
    {
      ...line,
      line: 6,
      accountId: hostile.markup,
      email: hostile.markup,
      outcome: 'refused',
      refused: 'This is not the id of an Atlassian account, for example 5b10a2844c20165700ede21g.',
    },
    {
      ...line,
      line: 7,
      accountId: '5b10a3',
      email: 'nobody@acme.example',
      outcome: 'refused',
      refused: 'Nobody here has this email. Add the person under Settings, Users first.',
    },
  ],
};

export const consent: GrantView = {
  id: 'g1',
  user: { id: user.id, email: user.email },
  oauthApp: { id: 'a1', name: 'Sluice at Acme' },
  accountId: '557058:1',
  accountName: 'Ines Okafor',
  scopes: [],
  state: 'active',
  deadCause: null,
  endsAt: null,
  createdAt: at(90),
};

export const offered: OfferedApp[] = [
  {
    id: 'a1',
    name: 'Sluice at Acme',
    hosts: ['acme.atlassian.net', 'acme-legal.atlassian.net'],
    consents: [consent, { ...consent, id: 'g3', accountId: '557058:2', accountName: 'Ines O.' }],
  },
  {
    id: 'a2',
    name: 'Legal',
    hosts: ['legal.atlassian.net'],
    consents: [
      {
        ...consent,
        id: 'g2',
        accountName: hostile.markup,
        state: 'dead',
        deadCause: 'invalid_grant: Unknown or invalid refresh token.',
      },
    ],
  },
  { id: 'a3', name: hostile.markup, hosts: [], consents: [] },
];
