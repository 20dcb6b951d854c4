import type { Kysely } from 'kysely';
import { Conflict, NotFound, SluiceError } from '../../errors.ts';
import { findActingUser } from '../../store/group-roles.ts';
import { findInvited, removeInvitation, saveInvitation } from '../../store/invitations.ts';
import type { Database } from '../../store/schema.ts';
import { endSessions, findUser, updateUser } from '../../store/users.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { idOf } from '../paging.ts';
import { checkNewPassword, hashPassword } from '../passwords.ts';
import { hashToken, randomToken } from '../tokens.ts';
import { actorOf } from './access.ts';
import { audit } from './audit.ts';

const hours = 72;

/** Links by which people who were added set their first password, or a new one. Nothing is mailed. */
export interface InvitationsService {
  /** A link in place of an older one, shown this once. @throws Conflict `deactivated` */
  invite(actor: Actor, userId: string): Promise<{ url: string; expiresAt: string }>;
  /** @throws NotFound where there is no link */
  revoke(actor: Actor, userId: string): Promise<void>;
  /** Whom a link is for; null for one that is used, over, taken back or was never one. */
  open(token: string): Promise<{ email: string; name: string } | null>;
  /** Sets the password, ends the link and all sessions. @throws SluiceError `invitation_closed` (410) */
  accept(token: string, input: { name?: string; password: string }): Promise<Actor>;
}

export function createInvitationsService(deps: {
  db: Kysely<Database>;
  publicUrl: string;
}): InvitationsService {
  const { db, publicUrl } = deps;
  return {
    async invite(actor, userId) {
      requireAdministrator(actor);
      const token = randomToken();
      const expiresAt = new Date(Date.now() + hours * 3_600_000);
      await db.transaction().execute(async (tx) => {
        const user = await findUser(tx, idOf('This user', userId));
        if (user === undefined) throw new NotFound('This user');
        if (!user.active) {
          throw new Conflict('deactivated', `${user.email} is deactivated. Activate this person first.`);
        }
        await saveInvitation(tx, {
          userId: user.id,
          hash: hashToken(token),
          createdBy: actor.userId,
          expiresAt,
        });
        await audit(tx, actor, 'user.invite', user.email, { after: { expiresAt: expiresAt.toISOString() } });
      });
      return { url: `${publicUrl}/invitation?token=${token}`, expiresAt: expiresAt.toISOString() };
    },
    async revoke(actor, userId) {
      requireAdministrator(actor);
      await db.transaction().execute(async (tx) => {
        const user = await findUser(tx, idOf('This user', userId));
        if (user === undefined || !(await removeInvitation(tx, { userId: user.id }))) {
          throw new NotFound('This invitation');
        }
        await audit(tx, actor, 'user.invitation_revoke', user.email);
      });
    },
    async open(token) {
      const user = await findInvited(db, hashToken(token));
      return user === undefined ? null : { email: user.email, name: user.name };
    },
    async accept(token, input) {
      const hash = await hashPassword(checkNewPassword(input.password));
      return db.transaction().execute(async (tx) => {
        const user = await findInvited(tx, hashToken(token));
        if (user === undefined || !(await removeInvitation(tx, { hash: hashToken(token) }))) throw closed();
        const name = (input.name ?? '').trim();
        await updateUser(tx, user.id, {
          password_hash: hash,
          signed_in_at: new Date(),
          ...(name === '' ? {} : { name }),
        });
        await endSessions(tx, user.id);
        const actor = actorOf((await findActingUser(tx, user.id)) ?? user, 'session');
        await audit(tx, actor, 'user.invitation_accept', user.email);
        return actor;
      });
    },
  };
}

/** The same words for every link that does not work: they tell nobody who has an account. */
function closed(): SluiceError {
  return new SluiceError(
    'invitation_closed',
    'This link was used already, was taken back, or is too old. Ask an administrator for a new one.',
    { status: 410 },
  );
}
