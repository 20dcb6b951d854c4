import type { Page } from '../../web/layout.ts';
import { invitationClosedScreen, invitationScreen } from '../../web/screens/invitation.ts';
import { connectAccountScreen, withdrawScreen } from '../../web/screens/own-account.ts';
import { accountsScreen, type AccountsView } from '../../web/screens/people/accounts.ts';
import { importPreviewScreen, importScreen } from '../../web/screens/people/import.ts';
import { confirmEmailScreen, linkScreen, unlinkScreen } from '../../web/screens/people/questions.ts';
import { userMatchesScreen, type UserMatchesView } from '../../web/screens/people/users.ts';
import { profileScreen } from '../../web/screens/profile.ts';
import { deleteUserScreen, userScreen } from '../../web/screens/settings/user.ts';
import { apiKey } from './sample-lists.ts';
import { consent, importPlan, offered, people, userMatches } from './sample-people.ts';
import { at, connection, hostile, now, user } from './samples.ts';

const csrfToken = 'token';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const connections = [
  { id: connection.id, name: connection.name },
  { id: 'c2', name: hostile.markup },
];

const accounts: AccountsView = {
  connections,
  filter: { connection: '', state: 'attention', q: '', sort: 'records' },
  page: {
    items: people,
    nextCursor: 'next',
    counts: {
      matched: 328,
      email_hidden: 7,
      no_user: 3,
      email_changed: 2,
      account_inactive: 4,
      not_a_person: 2,
    },
    uncounted: 0,
  },
  outreach: { connectUrl: 'https://sluice.acme.example/connect-account', canConnect: true },
  now,
};
const noAccounts = { items: [], nextCursor: null, counts: { matched: 3 }, uncounted: 0 };

const users: UserMatchesView = {
  connections,
  filter: { connection: '', state: 'unmatched', q: '' },
  page: { items: userMatches, nextCursor: 'next', counts: { matched: 30, no_account: 3 } },
};

const own = { csrfToken, user, offered, returnTo: '/connect-account', now } as const;
const sessions = [
  { id: 's1', device: firefox, signedInAt: at(90), lastSeenAt: at(1), current: true },
  {
    id: 's2',
    device: `${hostile.markup} Safari/605 iPhone`,
    signedInAt: null,
    lastSeenAt: at(4_000),
    current: false,
  },
];
const belongings = { sessions: 2, apiKeys: 1, consents: 1, connections: 3 };
const userPage = { csrfToken, user, own: false, sessions, keys: [apiKey], invitation: null, now };
const invited = { csrfToken, token: 't', email: user.email, name: hostile.markup, errors: {} };
const profile = { csrfToken, user, offered, sessions, keys: [apiKey], made: null, errors: {}, now };
const changed = people.filter((person) => person.reason === 'email_changed');
const person = (reason: string) => people.find((each) => each.reason === reason) ?? people[0]!;

/** The screens on who is whom, in the states that differ in what they show. */
export const peopleGallery: Record<string, Page> = {
  profile: profileScreen(profile),
  'profile-consent-ends': profileScreen({
    ...profile,
    offered: offered.map((app) => ({
      ...app,
      consents: app.consents.map((consent) => ({ ...consent, endsAt: at(-9 * 1440) })),
    })),
  }),
  'profile-nothing-offered': profileScreen({ ...profile, offered: [] }),
  'connect-account': connectAccountScreen(own),
  'connect-account-first': connectAccountScreen({
    ...own,
    offered: offered.slice(0, 1).map((app) => ({ ...app, consents: [] })),
    user: { emailVerified: true, accounts: [] },
  }),
  'connect-account-nothing': connectAccountScreen({ ...own, offered: [] }),
  'settings-user': userScreen({ ...userPage, user: { ...user, name: hostile.markup } }),
  'settings-user-invited': userScreen({
    ...userPage,
    user: { ...user, invitation: { expiresAt: at(-3_000) } },
    invitation: { url: 'https://sluice.acme.example/invitation?token=f1', expiresAt: at(-3_000) },
  }),
  'settings-user-deactivated': userScreen({
    ...userPage,
    user: { ...user, active: false },
    sessions: [],
    keys: [],
  }),
  'settings-user-delete': deleteUserScreen({
    csrfToken,
    belongings: { user, ...belongings },
    errors: { confirmation: 'Type the email as it stands here.' },
  }),
  invitation: invitationScreen(invited),
  'invitation-refused': invitationScreen({ ...invited, errors: { password: 'At least 10 characters.' } }),
  'invitation-closed': invitationClosedScreen(),
  withdraw: withdrawScreen({ csrfToken, grant: consent, hosts: ['acme.atlassian.net'] }),
  people: accountsScreen(accounts),
  'people-one-site': accountsScreen({
    ...accounts,
    connections: connections.slice(0, 1),
    page: { ...accounts.page, items: people.slice(0, 3), nextCursor: null, uncounted: 9_620 },
  }),
  'people-all-matched': accountsScreen({ ...accounts, page: noAccounts }),
  'people-none-found': accountsScreen({
    ...accounts,
    page: noAccounts,
    filter: { ...accounts.filter, q: hostile.markup },
  }),
  'people-nobody': accountsScreen({
    ...accounts,
    connections: [],
    page: noAccounts,
    outreach: { ...accounts.outreach, canConnect: false },
  }),
  'people-users': userMatchesScreen(users),
  'people-users-none': userMatchesScreen({ ...users, page: { items: [], nextCursor: null, counts: {} } }),
  'people-users-nobody': userMatchesScreen({
    ...users,
    connections: [],
    page: { items: [], nextCursor: null, counts: {} },
  }),
  'people-link': linkScreen({
    csrfToken,
    person: person('email_hidden'),
    values: { email: '' },
    errors: { email: 'Nobody here has this email. Add the person under Settings, Users first.' },
  }),
  'people-unlink': unlinkScreen({ csrfToken, person: person('link_outranked') }),
  'people-confirm': confirmEmailScreen({ csrfToken, people: [...changed, ...changed], more: true }),
  'people-confirm-none': confirmEmailScreen({ csrfToken, people: [], more: false }),
  'people-import': importScreen({ csrfToken, csv: '', errors: {} }),
  'people-import-errors': importScreen({
    csrfToken,
    csv: 'a,b\n1,2',
    errors: { csv: 'The first line names the columns account_id and email; it is: a, b' },
  }),
  'people-import-preview': importPreviewScreen({ csrfToken, csv: 'x', plan: importPlan, aged: true }),
  'people-import-nothing': importPreviewScreen({
    csrfToken,
    csv: 'x',
    plan: { ...importPlan, counts: { link: 0, change: 0, same: 0, refused: 0 }, lines: [] },
    aged: false,
  }),
};
