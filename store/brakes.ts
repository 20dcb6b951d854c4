import { sql, type Selectable } from 'kysely';
import { moveConnectionIfPossible } from './connection-state.ts';
import { closeNotice, openNotice } from './notices.ts';
import type { BrakeFacts } from './brake-shares.ts';
import type { Database, Db } from './schema.ts';

export type Brake = Selectable<Database['deletion_brakes']>;

/** The cause of `attention`, and the code of the notice. */
export const massDeletion = 'mass_deletion';

/** Brakes that hold something, newest first: asked ones before those that were decided to be kept. */
export function listBrakes(db: Db, connectionId: string): Promise<Brake[]> {
  return db
    .selectFrom('deletion_brakes')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'asked'),
        eb.and([
          eb('state', 'in', ['kept', 'confirmed']),
          eb.exists(
            eb.selectFrom('vanished').select('brake_id').whereRef('brake_id', '=', 'deletion_brakes.id'),
          ),
        ]),
      ]),
    )
    .orderBy(sql`state = 'asked'`, 'desc')
    .orderBy('asked_at', 'desc')
    .execute();
}

export function askedBrakes(db: Db, connectionId: string): Promise<Brake[]> {
  return db
    .selectFrom('deletion_brakes')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'asked')
    .execute();
}

export function findBrake(db: Db, connectionId: string, id: string): Promise<Brake | undefined> {
  return db
    .selectFrom('deletion_brakes')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** @returns the new brake's id */
export async function addBrake(
  db: Db,
  brake: { connectionId: string; runId: string; scope: string; name: string },
): Promise<string> {
  const { id } = await db
    .insertInto('deletion_brakes')
    .values({
      connection_id: brake.connectionId,
      run_id: brake.runId,
      scope: brake.scope,
      name: brake.name,
      found: 0,
      total: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Asks an administrator: by the connection's status, by a notice, and by what the brake tells of itself. */
export async function askAdministrator(
  db: Db,
  brake: { id: string; connectionId: string; scope: string },
  { found, total, causes, sample }: BrakeFacts,
  message: string,
): Promise<void> {
  await db
    .updateTable('deletion_brakes')
    .set({ found, total, causes: JSON.stringify(causes), sample: JSON.stringify(sample) })
    .where('id', '=', brake.id)
    .execute();
  const { connectionId, scope } = brake;
  await moveConnectionIfPossible(db, connectionId, 'asked', { cause: massDeletion, message });
  await openNotice(db, { connectionId, code: massDeletion, subject: scope, severity: 'warning', message });
}

/**
 * Settles a brake that was asked, or one that was kept and shall be removed after all. The last one that is settled
 * gives the connection its state back.
 * @param by who decided; null where what was missing has shown up again
 */
export async function settleBrake(
  db: Db,
  brake: Pick<Brake, 'id' | 'connection_id' | 'scope'>,
  state: 'confirmed' | 'kept' | 'released',
  by: string | null,
): Promise<void> {
  await db
    .updateTable('deletion_brakes')
    .set({ state, decided_at: sql<Date>`now()`, decided_by: by })
    .where('id', '=', brake.id)
    .execute();
  if (state === 'released')
    await db.updateTable('vanished').set({ brake_id: null }).where('brake_id', '=', brake.id).execute();
  await closeNotice(db, { connectionId: brake.connection_id, code: massDeletion, subject: brake.scope });
  if ((await askedBrakes(db, brake.connection_id)).length > 0) return;
  await moveConnectionIfPossible(db, brake.connection_id, 'answered', {
    cause: massDeletion,
    message: null,
  });
}
