import { connectionsOnSites } from '../../store/connections.ts';
import { connectionsThatAdmit } from '../../store/group-roles.ts';
import { saveGrant } from '../../store/grants.ts';
import type { Db, OAuthApp, User } from '../../store/schema.ts';
import { findGrant } from '../../store/user-grants.ts';
import {
  accountsOf,
  findUserByAccount,
  findUserByEmail,
  insertUser,
  linkAccount,
  updateUser,
} from '../../store/users.ts';
import type { Consent } from '../oauth/strategy.ts';
import { actorOf } from './access.ts';
import { audit } from './audit.ts';
import { refuse, type Outcome } from './consent-outcomes.ts';
import { grantOf } from './consent-own.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * Who a sign-in with Atlassian is: the user to whom the account is linked; else the user with the same verified email;
 * else, for people of a connected site, a new member; where groups of that site are mapped to roles, only for people in
 * one of these. Whatever is not clear is refused, in words.
 */
export async function finishSignIn(deps: ServiceDeps, app: OAuthApp, consent: Consent): Promise<Outcome> {
  const { db, cipher } = deps;
  const { accountId } = consent.identity;
  const outcome = await db.transaction().execute(async (tx): Promise<Outcome> => {
    const found = await personOf(tx, consent);
    if ('ok' in found) return found;
    if (!found.user.active) {
      return refuse('deactivated', 'Your user is deactivated. Ask one of your administrators.');
    }
    const user = { ...found.user };
    if (!(await linkOnce(tx, user, accountId))) {
      return refuse('account_taken', 'This Atlassian account was just linked to another user. Try again.');
    }
    await updateUser(tx, user.id, { signed_in_at: new Date() });
    await audit(tx, actorOf(user, 'session'), 'sign_in', user.email, { after: { by: 'atlassian' } });
    return { ok: true, userId: user.id, message: 'You are signed in.' };
  });
  if (!outcome.ok) return outcome;
  // The new tokens replace a family that we keep for this account: Atlassian has just replaced it, too.
  const kept = await findGrant(db, { oauthAppId: app.id, accountId });
  if (kept !== undefined) await saveGrant(db, cipher, grantOf(app, consent));
  return outcome;
}

async function personOf(db: Db, consent: Consent): Promise<{ user: User } | (Outcome & { ok: false })> {
  const { accountId, email } = consent.identity;
  const linked = await findUserByAccount(db, accountId);
  if (linked !== undefined) return { user: linked };
  if (email === null) {
    return no(
      'no_email',
      'Atlassian does not tell the email of this account, so that nobody here can be matched with it. Ask an ' +
        'administrator to link your Atlassian account with your user.',
    );
  }
  const namesake = await findUserByEmail(db, email);
  if (namesake === undefined) return newMember(db, consent, email);
  if (!namesake.email_verified) {
    return no('email_unverified', `${email} is not verified here. Ask an administrator to vouch for it.`);
  }
  const links = await accountsOf(db, [namesake.id]);
  if (links.length > 0) {
    return no(
      'other_account',
      `The user ${email} belongs to another Atlassian account. Sign in with that one, or ask an administrator to ` +
        'remove the old link.',
    );
  }
  return { user: namesake };
}

async function newMember(
  db: Db,
  consent: Consent,
  email: string,
): Promise<{ user: User } | (Outcome & { ok: false })> {
  const connections = await connectionsOnSites(
    db,
    consent.sites.map((site) => site.cloudId),
  );
  if (connections.length === 0) {
    return no(
      'not_a_member',
      `Nobody here has the email ${email}, and this Atlassian account reaches none of the connected sites. Choose a ` +
        'connected site at the consent, or ask an administrator to add you.',
    );
  }
  const ids = connections.map((connection) => connection.id);
  const admitting = await connectionsThatAdmit(db, ids, consent.identity.accountId);
  const first = connections.find((connection) => admitting.has(connection.id));
  if (first === undefined) {
    return no(
      'not_in_mapped_group',
      `Nobody here has the email ${email}, and signing in adds only people in certain groups of the connected site. ` +
        'Ask an administrator to add you.',
    );
  }
  const user = await insertUser(db, {
    email,
    email_verified: true,
    name: consent.identity.name,
    role: 'member',
    password_hash: null,
  });
  if (user === undefined) return no('try_again', 'Your user was just made. Sign in once more.');
  await audit(db, actorOf(user, 'session'), 'user.join', email, { after: { email, through: first.name } });
  return { user };
}

/** Links the account unless it is already; a link of another source stays as it is. */
async function linkOnce(db: Db, user: User, accountId: string): Promise<boolean> {
  const linked = await findUserByAccount(db, accountId);
  if (linked !== undefined) return linked.id === user.id;
  return linkAccount(db, { userId: user.id, accountId, source: 'sign_in' });
}

function no(code: string, message: string): Outcome & { ok: false } {
  return { ok: false, code, message };
}
