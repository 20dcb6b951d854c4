import { saveGrant } from '../../store/grants.ts';
import type { OAuthApp } from '../../store/schema.ts';
import { addOwnGrant } from '../../store/user-grants.ts';
import { claimsOutranked, removeAdministratorsLink, type OutrankedClaim } from '../../store/people-links.ts';
import { accountsOf, findUser, findUserByAccount, linkAccount } from '../../store/users.ts';
import type { Consent } from '../oauth/strategy.ts';
import { actorOf } from './access.ts';
import { audit } from './audit.ts';
import { refuse, type Outcome } from './consent-outcomes.ts';
import type { PendingConsent } from './contracts.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * A person's own consent: proves the account, and gives live calls for this person a credential. It outranks an
 * administrator's word and an email; only another person's own proof stands against it.
 */
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
  if (owner !== undefined && owner.id !== user.id && (await hasProven(deps, owner.id, identity.accountId))) {
    return refuse('account_taken', takenWords(identity.name));
  }
  const grantId = await saveGrant(db, cipher, grantOf(app, consent));
  const linked = await db.transaction().execute(async (tx) => {
    if (owner !== undefined && (await removeAdministratorsLink(tx, identity.accountId, user.id))) {
      await audit(tx, actorOf(user, 'session'), 'user.account_unlink', owner.email, {
        before: { accountId: identity.accountId, provenBy: user.email },
      });
    }
    if (!(await linkAccount(tx, { userId: user.id, accountId: identity.accountId, source: 'grant' })))
      return false;
    await addOwnGrant(tx, { userId: user.id, grantId });
    await audit(tx, actorOf(user, 'session'), 'grant.give', app.name, {
      after: { accountId: identity.accountId },
    });
    return true;
  });
  if (!linked) return refuse('account_taken', takenWords(identity.name));
  const outranked = await claimsOutranked(db, { userId: user.id, accountId: identity.accountId });
  const message = [`Your Atlassian account ${identity.name} is linked.`, ...outranked.map(told)].join(' ');
  return { ok: true, userId: null, message };
}

function takenWords(name: string): string {
  return `The Atlassian account ${name} belongs to another user here. Sign out at Atlassian and consent with your own.`;
}

function told({ name, site, by }: OutrankedClaim): string {
  const why = by === 'email' ? 'which has your email' : 'which an administrator had linked with you';
  return `On ${URL.canParse(site) ? new URL(site).host : site} it counts instead of the account ${name}, ${why}.`;
}

async function hasProven({ db }: ServiceDeps, userId: string, accountId: string): Promise<boolean> {
  const links = await accountsOf(db, [userId]);
  return links.some((link) => link.accountId === accountId && link.source !== 'administrator');
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
