import { isGrantInUse } from '../../store/connections.ts';
import { createGrantVault } from '../../store/grants.ts';
import { deleteGrant } from '../../store/user-grants.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * Forgets a token family that neither a connection nor a person needs any more: revoked at Atlassian as far as that
 * goes (it documents no way for these apps), deleted here in any case. True when it was forgotten.
 */
export async function forgetGrant(
  deps: Pick<ServiceDeps, 'db' | 'cipher' | 'oauth' | 'log'>,
  grantId: string,
): Promise<boolean> {
  const { db } = deps;
  if (await isGrantInUse(db, grantId)) return false;
  await revokeGrant(deps, grantId);
  await deleteGrant(db, grantId);
  return true;
}

/** Asks Atlassian to revoke a token family. Never throws: what is to be deleted is deleted in any case. */
export async function revokeGrant(
  deps: Pick<ServiceDeps, 'db' | 'cipher' | 'oauth' | 'log'>,
  grantId: string,
): Promise<void> {
  const { db, cipher, oauth, log } = deps;
  try {
    const grant = await createGrantVault({ db, cipher }).read(grantId);
    const token = grant?.refreshToken ?? grant?.accessToken;
    if (grant !== null && token !== undefined) {
      const { clientId, clientSecret } = grant;
      const revoked = await oauth.revoke({ clientId, clientSecret, token });
      if (!revoked) log.info({ grantId }, 'Atlassian did not confirm the revocation of a grant.');
    }
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    log.warn(
      { grantId, reason: code },
      'A grant could not be opened for its revocation; it is deleted all the same.',
    );
  }
}
