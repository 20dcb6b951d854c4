import { saveGrant } from '../../store/grants.ts';
import type { OAuthApp } from '../../store/schema.ts';
import { addOwnGrant } from '../../store/user-grants.ts';
import { findUser, findUserByAccount, linkAccount } from '../../store/users.ts';
import type { Consent } from '../oauth/strategy.ts';
import { actorOf } from './access.ts';
import { audit } from './audit.ts';
import { refuse, type Outcome } from './consent-outcomes.ts';
import type { PendingConsent } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';

/** A person's own consent: proves the account, and gives live calls for this person a credential. */
export async function finishOwnGrant(
  deps: ServiceDeps,
  app: OAuthApp,
  pending: PendingConsent,
  consent: Consent,
): Promise<Outcome> {
  const { db, cipher } = deps;
  const { identity } = consent;
  const user = pending.actor === null ? undefined : await findUser(db, pending.actor.userId);
  if (user === undefined || !user.active) return refuse('no_user', 'Your user is not active any more.');
  const owner = await findUserByAccount(db, identity.accountId);
  if (owner !== undefined && owner.id !== user.id) {
    return refuse(
      'account_taken',
      `The Atlassian account ${identity.name} belongs to another user here. Sign out at Atlassian and consent with your own.`,
    );
  }
  const grantId = await saveGrant(db, cipher, grantOf(app, consent));
  await db.transaction().execute(async (tx) => {
    await addOwnGrant(tx, { userId: user.id, grantId });
    await linkAccount(tx, { userId: user.id, accountId: identity.accountId, source: 'grant' });
    await audit(tx, actorOf(user, 'session'), 'grant.give', app.name, {
      after: { accountId: identity.accountId },
    });
  });
  return { ok: true, userId: null, message: `Your Atlassian account ${identity.name} is linked.` };
}

/** A consent as the store keeps it. */
export function grantOf(app: OAuthApp, { tokens, identity }: Consent) {
  return {
    oauthAppId: app.id,
    accountId: identity.accountId,
    accountName: identity.name,
    accountEmail: identity.email,
    scopes: tokens.scopes,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    accessExpiresAt: tokens.expiresAt,
  };
}
