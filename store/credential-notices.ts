import { closeNotice } from './notices.ts';
import { moveConnection } from './connection-state.ts';
import type { Connection, Db } from './schema.ts';

/** Why a credential is dead: `connections.status_cause`, and the cause of the run that found it. */
export const credentialCauses = [
  'no_credential',
  'consent_revoked',
  'consent_unused',
  'consent_year',
  'account_deactivated',
  'app_deleted',
  'wrong_client',
  'site_removed',
  'no_site',
  'access_lost',
  'scope_missing',
  'token_rejected',
  'token_expired',
  'unknown_encryption_key',
  'unreadable_secret',
] as const;

export type CredentialCause = (typeof credentialCauses)[number];

/** Unused for so long, a refresh token ends (OAuth 2.0 (3LO) guide, "rotating refresh tokens"). */
export const unusedDays = 90;
/** How long a consent lasted at most in 2022 (community.developer.atlassian.com/t/54172); today's guide is silent. */
export const consentDays = 365;
/** What will end is told so many days ahead. */
export const warnDays = 14;

/** The code of the notice that a connection's credential is dead; the cause is the connection's own. */
export const credentialNotice = 'needs_reauth';
/** Of a consent that will end by itself; the subject is `unused` or `year`. */
export const consentExpires = 'consent_expires';
/** Of an API token that ends: the subject is `soon`, and `today` from a day before its end. */
export const tokenExpires = 'token_expires';

/**
 * A connection has a good credential again: it is what it was before, and what administrators were told of the old one
 * is over. Call it in the transaction that stores the credential.
 */
export async function markAuthorized(
  trx: Db,
  connectionId: string,
): Promise<{ before: Connection; after: Connection } | undefined> {
  const moved = await moveConnection(trx, connectionId, 'authorized');
  await closeCredentialNotices(trx, connectionId);
  return moved;
}

export async function closeCredentialNotices(trx: Db, connectionId: string): Promise<void> {
  await closeNotice(trx, { connectionId, code: credentialNotice });
  for (const subject of ['unused', 'year'])
    await closeNotice(trx, { connectionId, code: consentExpires, subject });
  for (const subject of ['soon', 'today'])
    await closeNotice(trx, { connectionId, code: tokenExpires, subject });
}
