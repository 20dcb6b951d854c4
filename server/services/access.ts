import { foldEmail } from '../../store/fold-email.ts';
import type { Kysely } from 'kysely';
import { InvalidInput, NotFound, SluiceError } from '../../errors.ts';
import { appendAudit } from '../../store/audit.ts';
import { findActingUser } from '../../store/group-roles.ts';
import { isSetupLinkOpen, useSetupLink } from '../../store/setup-links.ts';
import type { Database, User } from '../../store/schema.ts';
import { findUserByEmail, hasAdministrator, insertUser, updateUser } from '../../store/users.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import type { AttemptKey, Attempts } from '../attempts.ts';
import { checkEmail } from '../emails.ts';
import { checkNewPassword, hashPassword, isPassword } from '../passwords.ts';
import { hashToken } from '../tokens.ts';
import { audit } from './audit.ts';
import type { AccessService } from './contracts.ts';

export function createAccessService(deps: { db: Kysely<Database>; attempts: Attempts }): AccessService {
  const { db, attempts } = deps;
  return {
    async checkPassword(email, password, address) {
      const keys = attemptKeys(email, address ?? 'unknown');
      attempts.begin(keys);
      const user = await findUserByEmail(db, email.trim().slice(0, 320));
      const right = await isPassword(user?.password_hash, password.slice(0, 256));
      if (!right || user === undefined || !user.active) {
        // Whoever tries is not known: only the email that was given is, and whether it is anybody's is not told.
        const actor = email.trim().slice(0, 320);
        await appendAudit(db, {
          actorUserId: null,
          actor,
          action: 'sign_in.refused',
          target: actor,
          address,
        });
        return null;
      }
      attempts.succeed(keys);
      await updateUser(db, user.id, { signed_in_at: new Date() });
      const actor = actorOf((await findActingUser(db, user.id)) ?? user, 'session');
      await audit(db, { ...actor, address }, 'sign_in', user.email, { after: { by: 'password' } });
      return actor;
    },
    setupOpen: (token) => isSetupLinkOpen(db, hashToken(token)),
    async finishSetup(token, input) {
      const email = checkEmail(input.email);
      const hash = await hashPassword(checkNewPassword(input.password));
      return db.transaction().execute(async (tx) => {
        if (!(await useSetupLink(tx, hashToken(token))) || (await hasAdministrator(tx))) {
          throw new SluiceError(
            'setup_link_used',
            'This set-up link was used already or is too old. Restart Sluice to get a new one in its log.',
            { status: 410 },
          );
        }
        const user = await insertUser(tx, {
          email,
          email_verified: true,
          name: (input.name ?? '').trim(),
          role: 'administrator',
          password_hash: hash,
        });
        if (user === undefined) throw new InvalidInput({ email: `There is a user with ${email} already.` });
        await audit(tx, actorOf(user, 'setup'), 'user.create', email, {
          after: { email, role: 'administrator' },
        });
        return actorOf(user, 'session');
      });
    },
    async findViewer(actor, email) {
      requireAdministrator(actor);
      const user = await findUserByEmail(db, email.trim());
      if (user === undefined || !user.active)
        throw new NotFound(`An active user with the email ${email.trim()}`);
      await audit(db, actor, 'search.as', user.email);
      return { userId: user.id, email: user.email, name: user.name };
    },
    async activeActor(userId, via) {
      const user = await findActingUser(db, userId);
      return user === undefined || !user.active ? null : actorOf(user, via);
    },
  };
}

/**
 * A few tries for one email from one address; many for an email from everywhere, so that a stranger cannot lock its
 * owner out with ten; many for an address, behind which an office or a proxy may stand.
 */
function attemptKeys(email: string, address: string): AttemptKey[] {
  const name = foldEmail(email.trim()).slice(0, 320);
  return [
    { key: `both:${address}:${name}`, limit: 10 },
    { key: `email:${name}`, limit: 100 },
    { key: `address:${address}`, limit: 100 },
  ];
}

/** `user` with the role that counts: an ActingUser (store/group-roles.ts) wherever rights hang on it. */
export function actorOf(user: User, via: Actor['via']): Actor {
  return { userId: user.id, email: user.email, name: user.name, role: user.role, via };
}
