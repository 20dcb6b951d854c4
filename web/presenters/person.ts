import type { PersonView, UserMatchView } from '../../server/services/people/views.ts';
import type { State } from '../components/badge.ts';

type Reason = NonNullable<PersonView['reason']>;
type Accountless = NonNullable<UserMatchView['reason']>;

/** Reasons about which nothing can be done here: nobody could be such an account. */
export const idle: readonly Reason[] = ['account_unknown', 'account_inactive', 'not_a_person'];

/** Every reason why an account is nobody's, in the order of how much there is to do. */
export const reasonNames: Record<Reason, string> = {
  email_changed: 'Email changed',
  email_hidden: 'Email hidden',
  no_user: 'No user here',
  email_shared: 'Two accounts, one email',
  email_unverified: 'Email not verified here',
  user_other_account: 'User is another account',
  link_outranked: 'User proved another account',
  user_deactivated: 'User deactivated',
  account_inactive: 'Account closed',
  account_unknown: 'Account not answered for',
  not_a_person: 'Not a person',
};

export const accountlessNames: Record<Accountless, string> = {
  no_account: 'No account shows this email',
  email_changed: 'Email changed',
  email_shared: 'Two accounts, one email',
  account_taken: 'Account is somebody else’s',
  account_inactive: 'Account closed',
  email_unverified: 'Email not verified here',
  user_deactivated: 'User deactivated',
};

const matchedWords = {
  grant: 'by own consent',
  sign_in: 'by sign-in with Atlassian',
  administrator: 'by an administrator',
  email: 'by email',
};

/** How a person is matched, in words. */
export function matchedBy(by: PersonView['matchedBy']): string {
  return by === null ? '' : matchedWords[by];
}

export function personState(person: Pick<PersonView, 'reason'>): State {
  const { reason } = person;
  if (reason === null) return { word: 'Matched', tone: 'good', icon: 'check' };
  if (idle.includes(reason)) return { word: reasonNames[reason], tone: 'quiet', icon: 'cross' };
  return { word: reasonNames[reason], tone: 'warning', icon: 'attention' };
}

export function userMatchState({ reason }: Pick<UserMatchView, 'reason'>): State {
  if (reason === null) return { word: 'Matched', tone: 'good', icon: 'check' };
  if (reason === 'user_deactivated') return { word: accountlessNames[reason], tone: 'quiet', icon: 'cross' };
  return { word: accountlessNames[reason], tone: 'warning', icon: 'attention' };
}

/** What is the matter with an account, and what mends it; of a matched one, whose it is and why. */
export function personWords(person: PersonView): string {
  const user = person.user === null ? 'the user' : person.user.name || person.user.email;
  switch (person.reason) {
    case null:
      return person.otherEmailOwner === null
        ? `${capital(matchedBy(person.matchedBy))}.`
        : `${capital(matchedBy(person.matchedBy))}, which counts more than its email: that is the one of ${person.otherEmailOwner}, who is not matched by it.`;
    case 'email_changed':
      return `From ${person.emailBefore ?? 'another'} to ${person.email ?? 'none'}. It matches nobody until you confirm that this is still the same person.`;
    case 'email_hidden':
      return 'Atlassian does not show the email of this account to apps. The person can show it, or connect the account.';
    case 'no_user':
      return 'Nobody here has this email. Add the person under Settings, Users, or link the account with somebody.';
    case 'email_shared':
      return 'Several accounts of this site have this email, so it is nobody’s. Link the right one, or let the person connect it.';
    case 'email_unverified':
      return `The email of ${user} is not verified here. Link the account, or let the person connect it.`;
    case 'user_other_account':
      return `${user} has this email, and is another account of this site.`;
    case 'link_outranked':
      return `An administrator linked it with ${user}, who has proven to be another account of this site.`;
    case 'user_deactivated':
      return `${user} is deactivated here.`;
    case 'account_inactive':
      return 'It is deactivated or closed at Atlassian, and opens nothing.';
    case 'account_unknown':
      return 'Atlassian does not answer for this account. It opens nothing.';
    case 'not_a_person':
      return person.accountType === 'app'
        ? 'An app of Atlassian’s.'
        : 'An account of a customer portal, or of a kind that Atlassian does not tell.';
  }
}

/** Why a user is nobody on a site, and what mends it. */
export function userMatchWords({ reason, matchedBy: by, accountId, user }: UserMatchView): string {
  switch (reason) {
    case null:
      return `${capital(matchedBy(by))}.`;
    case 'no_account':
      return 'The account may hide its email, or have another. The person can connect it, or show the email.';
    case 'email_changed':
      return `The account ${accountId ?? ''} had another email before. Confirm the change under Atlassian accounts.`;
    case 'email_shared':
      return 'Several accounts of the site have this email, so it is nobody’s. Link the right one.';
    case 'account_taken':
      return `The account ${accountId ?? ''} has this email and is linked with another user.`;
    case 'account_inactive':
      return 'The account is deactivated or closed at Atlassian, or not a person’s.';
    case 'email_unverified':
      return `${user.email} is not verified here. Link an account, or let the person connect one.`;
    case 'user_deactivated':
      return 'Sees nothing while deactivated.';
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
