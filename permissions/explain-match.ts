/** An account of a site that could be somebody, by an own proof or by the email. */
export interface CandidateAccount {
  accountId: string;
  name: string;
  active: boolean;
}

/** What decides which accounts of one site a user is. The SQL twin is store/viewer-accounts.ts. */
export interface MatchFacts {
  userActive: boolean;
  emailVerified: boolean;
  /** Accounts that the person proved or an administrator vouched for, and that this site knows. */
  proven: readonly (CandidateAccount & { source: 'sign_in' | 'grant' | 'administrator'; app: boolean })[];
  /** Accounts of people, or of a kind that is not told, that show the user's email. */
  byEmail: readonly (CandidateAccount & { person: boolean; emailChanged: boolean; someoneElses: boolean })[];
}

export type MatchSource = 'sign_in' | 'grant' | 'administrator' | 'email';

export interface Match {
  /** The accounts that count, with how each is known. */
  accounts: { accountId: string; name: string; source: MatchSource }[];
  /** Machine-readable: `matched`, or why nobody is, as the people's page names it. */
  code: string;
  reason: string;
  /** What to do about it; null where nothing needs doing. */
  remedy: string | null;
}

const connect = 'Let the person connect the account under Profile, or confirm it under People.';

/** Which accounts of a site a user is, or why none is and what to do about it. */
export function matchOf(facts: MatchFacts): Match {
  if (!facts.userActive) {
    return unmatched(
      'user_deactivated',
      'The user is deactivated here.',
      'Activate the user under Settings, Users.',
    );
  }
  const active = facts.proven.filter((account) => account.active && !account.app);
  // What the person proved outranks an administrator's word.
  const own = active.filter((account) => account.source !== 'administrator');
  if (active.length > 0) {
    const accounts = (own.length > 0 ? own : active).map(({ accountId, name, source }) => ({
      accountId,
      name,
      source,
    }));
    return { accounts, code: 'matched', reason: 'The account is proven.', remedy: null };
  }
  if (facts.proven.length > 0 && facts.proven.every((account) => account.app)) {
    return unmatched(
      'account_inactive',
      'The account that is linked is an app, and an app is nobody.',
      connect,
    );
  }
  if (facts.proven.length > 0) {
    return unmatched(
      'account_inactive',
      'The account that is proven is not active on this site.',
      'Activate the account in Atlassian, or let the person connect another one.',
    );
  }
  return byEmail(facts);
}

function byEmail(facts: MatchFacts): Match {
  if (!facts.emailVerified)
    return unmatched('email_unverified', 'The email of the user is not verified here.', connect);
  const [account, ...others] = facts.byEmail;
  if (account === undefined) {
    return unmatched(
      'no_account',
      'No account that is known of this site shows the email: it is hidden, it is another one, or there is no account.',
      connect,
    );
  }
  if (others.length > 0)
    return unmatched('email_shared', `${others.length + 1} accounts of this site show the email.`, connect);
  if (!account.person)
    return unmatched('account_inactive', 'Atlassian does not tell what kind of account this is.', connect);
  if (!account.active)
    return unmatched(
      'account_inactive',
      'The account with this email is not active on this site.',
      'Activate it in Atlassian, or let the person connect another account.',
    );
  if (account.emailChanged)
    return unmatched('email_changed', 'The email of this account changed, so it proves nobody.', connect);
  if (account.someoneElses)
    return unmatched('account_taken', 'The account with this email is proven to be another user.', connect);
  const { accountId, name } = account;
  return {
    accounts: [{ accountId, name, source: 'email' }],
    code: 'matched',
    reason: 'The account is known by its email.',
    remedy: null,
  };
}

function unmatched(code: string, reason: string, remedy: string): Match {
  return { accounts: [], code, reason, remedy };
}
