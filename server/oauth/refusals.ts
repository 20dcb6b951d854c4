import type { AtlassianError } from '../../atlassian/errors.ts';
import { CodeRefused, ProfileRefused } from './strategy.ts';

/** Why a consent came to nothing: a stable code, and what to do now. */
export interface Refusal {
  code: string;
  message: string;
}

const start = 'Start again from the Authorize tab.';

export const refusals = {
  unknownState: {
    code: 'unknown_state',
    message:
      'This answer from Atlassian does not belong to a consent that was started in this browser session, or it was ' +
      'used already. Start again, and finish in the same browser.',
  },
  expiredState: {
    code: 'expired_state',
    message: 'The consent took longer than ten minutes. Start again.',
  },
  otherUser: {
    code: 'other_user',
    message: 'The consent was started by another user of this browser. Sign in as that user, or start again.',
  },
  declined: {
    code: 'consent_declined',
    message: 'The consent was declined at Atlassian. Start again and choose Accept.',
  },
  noCode: { code: 'no_code', message: `Atlassian's answer holds no code. ${start}` },
  wrongClient: {
    code: 'wrong_client',
    message:
      'Atlassian does not accept this client ID and secret. Copy both again from Settings of the app in the developer ' +
      'console: into the Authenticate tab, or for a registered app into Settings, OAuth apps.',
  },
  spentCode: {
    code: 'code_refused',
    message:
      'Atlassian does not accept the code any more: it is good once and for minutes, and only with the callback URL ' +
      `that the app has registered. ${start}`,
  },
  identity: {
    code: 'identity_unreadable',
    message:
      'Atlassian does not tell whose account this is. In the developer console, add the User identity API with the ' +
      'scope read:me to the app, then authorize again.',
  },
} satisfies Record<string, Refusal>;

/** How to mend an app whose callback is not ours: Atlassian shows this on a page of its own and sends nobody back. */
export function callbackMismatch(callbackUrl: string): Refusal {
  return {
    code: 'callback_mismatch',
    message:
      `The app's callback URL does not match. In the developer console, under Authorization, enter exactly ` +
      `${callbackUrl} and authorize again.`,
  };
}

/**
 * A consent that was started and has not come back: perhaps it goes on in another window, perhaps Atlassian shows one
 * of the errors that it keeps to itself.
 */
export function unfinishedConsent(callbackUrl: string): Refusal {
  return {
    code: 'consent_unfinished',
    message:
      'The consent was opened at Atlassian and has not come back yet. If Atlassian showed an error: for "Callback URL ' +
      `mismatch", enter exactly ${callbackUrl} in the developer console under Authorization; for a client that it does ` +
      'not know, copy the client ID again into the Authenticate tab; for scopes, add those listed here under ' +
      'Permissions. Then authorize again.',
  };
}

/** What `?error=` on the callback says (RFC 6749, section 4.1.2.1). `description` is Atlassian's, never shown raw. */
export function refusalOfCallback(error: string, description: string, callbackUrl: string): Refusal {
  if (error === 'access_denied') return refusals.declined;
  if (/callback|redirect/i.test(description)) return callbackMismatch(callbackUrl);
  if (error === 'unauthorized_client') return refusals.wrongClient;
  if (error === 'invalid_scope') {
    return {
      code: 'missing_scopes',
      message:
        'The app does not have all the scopes that are asked for. Add those listed here under Permissions in the ' +
        'developer console, then authorize again.',
    };
  }
  return {
    code: 'authorization_failed',
    message: `Atlassian refused (${error.replaceAll(/[^\w.-]/g, '').slice(0, 60)}). ${start}`,
  };
}

/** What the exchange or the profile failed with; null for a defect of ours. */
export function refusalOfFailure(error: unknown): Refusal | null {
  if (error instanceof ProfileRefused) {
    const cause = error.cause as Partial<AtlassianError> | undefined;
    return cause?.retryable === true ? unreachable(cause.message ?? '') : refusals.identity;
  }
  if (!(error instanceof CodeRefused)) return null;
  const { result } = error;
  if (result.kind === 'wrong_client') return refusals.wrongClient;
  return result.kind === 'dead' ? refusals.spentCode : unreachable(result.error.message);
}

function unreachable(told: string): Refusal {
  return {
    code: 'atlassian_unreachable',
    message: `Atlassian could not be asked just now: ${told} Try again in a moment.`,
  };
}
