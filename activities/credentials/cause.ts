import { missingScopes, scopeOfPath } from '../../atlassian/scopes.ts';
import { consentDays, unusedDays, type CredentialCause } from '../../store/credential-notices.ts';
import type { Reach } from './reach.ts';

/** What is wrong with a credential, in words that say what to do. */
export interface CredentialEnd {
  cause: CredentialCause;
  message: string;
}

/** What is known of a connection's credential. Times are by our clock. */
export interface CredentialFacts {
  method: 'oauth' | 'api_token';
  siteUrl: string;
  /** Name of the crawling account, where it is known. */
  account: string | null;
  /** The account is known to be closed or deactivated. */
  isDeactivated: boolean;
  /** A consent or a token is stored at all. */
  isStored: boolean;
  consentedAt: Date | null;
  /** The last refresh, or the consent. */
  usedAt: Date | null;
  tokenExpiresAt: Date | null;
}

const dayMs = 86_400_000;
const kept = 'What is indexed stays, with its permissions.';

/**
 * Codes of failures after which Atlassian is to be asked what the credential still reaches: they may come from one
 * thing that the account may not do, or from a credential that is good for nothing.
 */
export const asksReach = new Set(['unauthorized', 'forbidden', 'not_found', 'scope_mismatch', 'gone']);

/**
 * What a failure says of the credential: null where it says nothing of it. Pure. `reach` is what Atlassian said to the
 * question after it, for codes of `asksReach`.
 */
export function credentialEnd(
  failure: { code: string; message: string },
  facts: CredentialFacts,
  reach: Reach,
  now: Date,
): CredentialEnd | null {
  const host = facts.siteUrl.replace(/^https:\/\//, '');
  switch (failure.code) {
    case 'needs_reauth':
      return facts.isStored ? deadCredential(facts, now) : noCredential(facts);
    case 'wrong_client':
    case 'app_deleted':
    case 'unknown_encryption_key':
    case 'unreadable_secret':
      return { cause: failure.code, message: failure.message };
    default:
      return asksReach.has(failure.code) ? unreached(failure, facts, reach, host, now) : null;
  }
}

function unreached(
  failure: { code: string; message: string },
  facts: CredentialFacts,
  reach: Reach,
  host: string,
  now: Date,
): CredentialEnd | null {
  switch (reach.kind) {
    case 'other_sites':
      return {
        cause: 'site_removed',
        message: `The consent does not reach ${host} any more (it reaches ${reach.hosts.slice(0, 5).join(', ')}). Reauthenticate and choose ${host}. ${kept}`,
      };
    case 'no_site':
      return {
        cause: 'no_site',
        message:
          `The consent reaches no site: the site was taken out of it, or the account ${facts.account ?? ''} is a guest in Confluence now, for whom Atlassian lists none. Reauthenticate with an account that may use ${host}. ${kept}`.replace(
            'account  is',
            'account is',
          ),
      };
    case 'no_access':
      return {
        cause: 'access_lost',
        message: `The account${named(facts)} may not use Confluence on ${host} any more. Give it access again at Atlassian, or reauthenticate with another account. ${kept}`,
      };
    case 'refused':
      return deadCredential(facts, now);
    case 'site':
      return failure.code === 'scope_mismatch' ? scopeMissing(failure.message, facts, reach.scopes) : null;
    case 'unknown':
      // Two failures speak for themselves, the others may be about one thing alone.
      if (failure.code === 'unauthorized') return deadCredential(facts, now);
      return failure.code === 'scope_mismatch' ? scopeMissing(failure.message, facts, null) : null;
  }
}

function noCredential({ method }: CredentialFacts): CredentialEnd {
  const message =
    method === 'oauth'
      ? 'No consent is stored for this connection. Authorize it.'
      : 'No API token is stored for this connection. Enter one in Authenticate Instance.';
  return { cause: 'no_credential', message };
}

/** Atlassian tells nothing but that it refuses: what it probably was, by the times that are known. */
function deadCredential(facts: CredentialFacts, now: Date): CredentialEnd {
  const { method, tokenExpiresAt, usedAt, consentedAt } = facts;
  if (facts.isDeactivated) {
    return {
      cause: 'account_deactivated',
      message: `The Atlassian account${named(facts)} is deactivated. ${method === 'oauth' ? 'Reauthenticate with another account ("Use another account")' : 'Enter an API token of another account'}, or have this one activated. ${kept}`,
    };
  }
  if (method === 'api_token') {
    const over = tokenExpiresAt !== null && tokenExpiresAt <= now;
    const remedy = `Make a new one at id.atlassian.com and enter it in Authenticate Instance. ${kept}`;
    return over
      ? {
          cause: 'token_expired',
          message: `The API token expired on ${tokenExpiresAt.toISOString().slice(0, 10)}. ${remedy}`,
        }
      : {
          cause: 'token_rejected',
          message: `Atlassian does not accept the API token any more: it has expired or was revoked, or the account${named(facts)} has another email or is deactivated. ${remedy}`,
        };
  }
  const age = (since: Date | null) => (since === null ? 0 : (now.getTime() - since.getTime()) / dayMs);
  if (age(usedAt) >= unusedDays) {
    return {
      cause: 'consent_unused',
      message: `The consent was not used for ${Math.floor(age(usedAt))} days, and Atlassian ends one after ${unusedDays}. Reauthenticate. ${kept}`,
    };
  }
  if (age(consentedAt) >= consentDays) {
    return {
      cause: 'consent_year',
      message: `Atlassian does not accept the consent any more, probably because it is ${Math.floor(age(consentedAt))} days old. Reauthenticate. ${kept}`,
    };
  }
  return {
    cause: 'consent_revoked',
    message: `Atlassian does not accept the consent any more: the account${named(facts)} took it back, changed its password at Atlassian, or was deactivated; Atlassian does not tell which. Reauthenticate. ${kept}`,
  };
}

function scopeMissing(words: string, facts: CredentialFacts, granted: string[] | null): CredentialEnd {
  const absent = granted === null ? [] : missingScopes(granted).map(({ scope }) => scope);
  const needed = scopeOfPath(words);
  const names = absent.length > 0 ? absent : needed === null ? [] : [needed];
  const what =
    names.length === 0
      ? 'lacks a scope'
      : `lacks ${names.length === 1 ? 'the scope' : 'these scopes'}: ${names.join(', ')}`;
  const message =
    facts.method === 'oauth'
      ? `The consent ${what}. Add what is missing to the app under Permissions in Atlassian's developer console, then reauthenticate. ${kept}`
      : `The API token ${what}. Make one with the scopes that Authenticate Instance lists, and enter it there. ${kept}`;
  return { cause: 'scope_missing', message };
}

function named({ account }: CredentialFacts): string {
  return account === null || account === '' ? '' : ` ${account}`;
}
