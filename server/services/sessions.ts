import type { Kysely } from 'kysely';
import { NotFound } from '../../errors.ts';
import type { Database } from '../../store/schema.ts';
import { endSession, listSessions } from '../../store/sessions.ts';
import { endSessions, findUser } from '../../store/users.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { idOf } from '../paging.ts';
import { idleSession } from '../security/sessions.ts';
import { audit } from './audit.ts';

export interface SessionView {
  /** Names the session; it is not its secret. */
  id: string;
  /** What the browser says it is; empty when it said nothing. */
  device: string;
  signedInAt: string | null;
  lastSeenAt: string;
  /** Whether it is the one that asks. */
  current: boolean;
}

/** Browsers that are signed in. Everybody's own; an administrator sees and ends anybody's. */
export interface SessionsService {
  /** @param current the session id of the one who asks, to mark it; null where a key asks */
  list(actor: Actor, userId: string, current: string | null): Promise<SessionView[]>;
  end(actor: Actor, userId: string, id: string): Promise<void>;
  /** All of them, but for `keep` (a session id). */
  endAll(actor: Actor, userId: string, keep: string | null): Promise<void>;
}

export function createSessionsService({ db }: { db: Kysely<Database> }): SessionsService {
  const emailOf = async (actor: Actor, userId: string) => {
    if (actor.userId !== userId) requireAdministrator(actor);
    const user = await findUser(db, idOf('This user', userId));
    if (user === undefined) throw new NotFound('This user');
    return user.email;
  };
  return {
    async list(actor, userId, current) {
      await emailOf(actor, userId);
      const rows = await listSessions(db, userId, { current, idleMs: idleSession });
      return rows.map(({ signedInAt, lastSeenAt, ...row }) => ({
        ...row,
        signedInAt: signedInAt?.toISOString() ?? null,
        lastSeenAt: lastSeenAt.toISOString(),
      }));
    },
    async end(actor, userId, id) {
      const email = await emailOf(actor, userId);
      await db.transaction().execute(async (tx) => {
        if (!(await endSession(tx, userId, id))) throw new NotFound('This session');
        await audit(tx, actor, 'session.end', email);
      });
    },
    async endAll(actor, userId, keep) {
      const email = await emailOf(actor, userId);
      await db.transaction().execute(async (tx) => {
        await endSessions(tx, userId, keep ?? undefined);
        await audit(tx, actor, 'session.end_all', email, { after: { keptOwn: keep !== null } });
      });
    },
  };
}
