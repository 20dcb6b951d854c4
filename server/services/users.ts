import type { Kysely } from 'kysely';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { revokeApiKeys } from '../../store/api-keys.ts';
import { countBelongings, deleteUser } from '../../store/user-removal.ts';
import { loadRoleSources, type RoleSource } from '../../store/group-roles.ts';
import { invitationsOf, removeInvitation } from '../../store/invitations.ts';
import type { Database, Db, User } from '../../store/schema.ts';
import {
  accountsOf,
  endSessions,
  findUser,
  findUserByAccount,
  insertUser,
  linkAccount,
  listUsers,
  lockAdministrators,
  unlinkAccount,
  updateUser,
  type AccountLink,
  type UserChange,
} from '../../store/users.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { checkEmail } from '../emails.ts';
import { cursorOf, cursorPatterns, idOf, limitOf, pageOf } from '../paging.ts';
import { checkNewPassword, hashPassword, isPassword } from '../passwords.ts';
import type { UserView } from '../views.ts';
import { audit } from './audit.ts';
import type { UsersService } from './contracts.ts';

export function createUsersService(deps: {
  db: Kysely<Database>;
  /** Gives up a consent that nobody holds any more. */
  forgetGrant(grantId: string): Promise<unknown>;
}): UsersService {
  const { db } = deps;
  const presentAll = async (tx: Db, users: readonly User[]) => {
    const ids = users.map((user) => user.id);
    const links = await accountsOf(tx, ids);
    const sources = await loadRoleSources(tx, ids);
    const invited = await invitationsOf(tx, ids);
    return users.map((user) => {
      const through = sources.get(user.id) ?? null;
      return presentUser(user, { links, through, invitedUntil: invited.get(user.id) ?? null });
    });
  };
  const present = async (user: User, tx: Db = db): Promise<UserView> => {
    const [view] = await presentAll(tx, [user]);
    if (view === undefined) throw new Error('A user was not presented.');
    return view;
  };

  /** Changes role or activity; the last active administrator cannot lose either. */
  const change = (actor: Actor, id: string, action: string, patch: UserChange) =>
    db.transaction().execute(async (tx) => {
      requireAdministrator(actor);
      const administrators = await lockAdministrators(tx);
      const before = await existing(tx, id);
      const after = await updateUser(tx, before.id, patch);
      if (after === undefined) throw new NotFound('This user');
      if (after.role !== 'administrator' || !after.active) requireAnother(administrators, after.id);
      await audit(tx, actor, action, after.email, { before: facts(before), after: facts(after) });
      // Rights changed: whoever held a session signs in again, and a deactivated person's keys are over.
      await endSessions(tx, after.id);
      if (!after.active) {
        await revokeApiKeys(tx, { userId: after.id });
        await removeInvitation(tx, { userId: after.id });
      }
      return present(after, tx);
    });

  return {
    async list(actor, request) {
      requireAdministrator(actor);
      const limit = limitOf(request);
      const rows = await listUsers(db, { after: cursorOf(request, cursorPatterns.text), limit: limit + 1 });
      const page = pageOf(
        rows,
        limit,
        (row) => row.email,
        (row) => row,
      );
      return { ...page, items: await presentAll(db, page.items) };
    },
    async get(actor, id) {
      if (actor.userId !== id) requireAdministrator(actor);
      return present(await existing(db, id));
    },
    async create(actor, input) {
      requireAdministrator(actor);
      const email = checkEmail(input.email);
      const password = input.password === undefined ? null : checkNewPassword(input.password);
      const hash = password === null ? null : await hashPassword(password);
      return db.transaction().execute(async (tx) => {
        const user = await insertUser(tx, {
          email,
          email_verified: true,
          name: (input.name ?? '').trim(),
          role: input.role,
          password_hash: hash,
        });
        if (user === undefined) throw new InvalidInput({ email: `There is a user with ${email} already.` });
        await audit(tx, actor, 'user.create', user.email, { after: facts(user) });
        return presentUser(user, { links: [], through: null, invitedUntil: null });
      });
    },
    setRole: (actor, id, role) => change(actor, id, 'user.role', { role }),
    setActive: (actor, id, active) =>
      change(actor, id, active ? 'user.activate' : 'user.deactivate', { active }),
    async belongings(actor, id) {
      requireAdministrator(actor);
      const user = await existing(db, id);
      return { user: await present(user), ...(await countBelongings(db, user.id)) };
    },
    async remove(actor, id) {
      requireAdministrator(actor);
      const grants = await db.transaction().execute(async (tx) => {
        const administrators = await lockAdministrators(tx);
        const user = await existing(tx, id);
        if (user.id === actor.userId) {
          throw new Conflict('own_user', 'You cannot delete yourself. Ask another administrator to do it.');
        }
        requireAnother(administrators, user.id);
        await endSessions(tx, user.id);
        await audit(tx, actor, 'user.delete', user.email, { before: facts(user) });
        return deleteUser(tx, user.id);
      });
      for (const grant of grants) await deps.forgetGrant(grant);
    },
    async setPassword(actor, id, input) {
      if (actor.userId !== id) requireAdministrator(actor);
      const user = await existing(db, id);
      checkNewPassword(input.password);
      const own = actor.userId === user.id;
      if (
        own &&
        user.password_hash !== null &&
        !(await isPassword(user.password_hash, input.current ?? ''))
      ) {
        throw new InvalidInput({ current: 'This is not your current password.' });
      }
      const hash = await hashPassword(input.password);
      await db.transaction().execute(async (tx) => {
        await updateUser(tx, user.id, { password_hash: hash });
        await endSessions(tx, user.id);
        await audit(tx, actor, 'user.password', user.email);
      });
    },
    async linkAccount(actor, id, accountId) {
      requireAdministrator(actor);
      const user = await existing(db, id);
      const account = accountId.trim();
      if (!/^[\w:.-]{1,128}$/.test(account)) {
        throw new InvalidInput({
          accountId: 'An Atlassian account id, for example 5b10a2844c20165700ede21g.',
        });
      }
      await db.transaction().execute(async (tx) => {
        const linked = await linkAccount(tx, {
          userId: user.id,
          accountId: account,
          source: 'administrator',
        });
        if (!linked) throw new Conflict('account_taken', await takenBy(tx, account));
        await audit(tx, actor, 'user.account_link', user.email, { after: { accountId: account } });
      });
      return present(user);
    },
    async unlinkAccount(actor, id, accountId) {
      requireAdministrator(actor);
      const user = await existing(db, id);
      await db.transaction().execute(async (tx) => {
        if (!(await unlinkAccount(tx, { userId: user.id, accountId })))
          throw new NotFound('This account link');
        await audit(tx, actor, 'user.account_unlink', user.email, { before: { accountId } });
      });
      return present(user);
    },
  };
}

async function existing(db: Db, id: string): Promise<User> {
  const user = await findUser(db, idOf('This user', id));
  if (user === undefined) throw new NotFound('This user');
  return user;
}

/** @throws Conflict `last_administrator` */
function requireAnother(administrators: readonly string[], id: string): void {
  if (administrators.length !== 1 || administrators[0] !== id) return;
  throw new Conflict(
    'last_administrator',
    'This is the last administrator. Make somebody else an administrator first.',
  );
}

async function takenBy(db: Db, accountId: string): Promise<string> {
  const owner = await findUserByAccount(db, accountId);
  return `This Atlassian account belongs to ${owner?.email ?? 'another user'}. Remove it there first.`;
}

/** What the audit log says about a user. */
function facts(user: User) {
  return { email: user.email, name: user.name, role: user.role, active: user.active };
}

function presentUser(
  user: User,
  {
    links,
    through,
    invitedUntil,
  }: { links: AccountLink[]; through: RoleSource | null; invitedUntil: Date | null },
): UserView {
  const roleThrough = user.role === 'administrator' ? null : through;
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.email_verified,
    name: user.name,
    role: user.role,
    effectiveRole: roleThrough === null ? user.role : 'administrator',
    roleThrough,
    active: user.active,
    accounts: links
      .filter((link) => link.userId === user.id)
      .map(({ accountId, source }) => ({ accountId, source })),
    createdAt: user.created_at.toISOString(),
    signedInAt: user.signed_in_at?.toISOString() ?? null,
    invitation: invitedUntil === null ? null : { expiresAt: invitedUntil.toISOString() },
  };
}
