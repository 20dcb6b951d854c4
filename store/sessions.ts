import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** A browser that is signed in. */
export interface SessionRow {
  /** Names the session without being it: the first half of the SHA-256 of its id, in hex. */
  id: string;
  signedInAt: Date | null;
  lastSeenAt: Date;
  /** What the browser says it is. */
  device: string;
  current: boolean;
}

const nameOf = sql<string>`left(encode(sha256(convert_to(sid, 'UTF8')), 'hex'), 32)`;

/**
 * Somebody's sessions that are not over, the latest first.
 * @param options.current the session id of the one who asks
 * @param options.idleMs how long a session lives without a request: what is left of it tells when it was seen last
 */
export async function listSessions(
  db: Db,
  userId: string,
  options: { current: string | null; idleMs: number },
): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select ${nameOf} as id, to_timestamp((sess->>'signedInAt')::float8 / 1000) as "signedInAt",
      expire - make_interval(secs => ${options.idleMs / 1_000}) as "lastSeenAt",
      coalesce(sess->>'device', '') as device, sid = ${options.current ?? ''} as current
    from sessions where sess->>'userId' = ${userId} and expire > now()
    order by expire desc limit 200`.execute(db);
  return rows;
}

/** Ends one session by its name. @returns false where there is none of this person's */
export async function endSession(db: Db, userId: string, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from sessions where sess->>'userId' = ${userId} and ${nameOf} = ${id}`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
