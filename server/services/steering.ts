import type { Kysely } from 'kysely';
import { Conflict } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { moveConnection } from '../../store/connection-state.ts';
import type { Connection, ConnectionStatus, Database } from '../../store/schema.ts';
import type { SteeringSignal, SyncEngine } from '../../temporal/engine.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import type { ConnectionView } from '../views.ts';
import { audit } from './audit.ts';
import { existingConnection } from './connection-rows.ts';
import type { ConnectionsService } from './contracts.ts';

/** What an administrator may do with the syncs of a connection besides starting and cancelling one. */
export interface SteeringService {
  /**
   * Content rests: a sync under way stops at its next batch and keeps its place, and no new one starts. Permissions go
   * on being read. Idempotent. @throws Conflict where the connection does not sync at all
   */
  pause(actor: Actor, connectionId: string): Promise<ConnectionView>;
  /** Content goes on, a paused sync from where it stopped. Idempotent. @throws Conflict where it is not paused */
  resume(actor: Actor, connectionId: string): Promise<ConnectionView>;
}

export function createSteeringService(deps: {
  db: Kysely<Database>;
  engine: SyncEngine;
  log: Logger;
  connections: Pick<ConnectionsService, 'get'>;
}): SteeringService {
  const { db, engine, log, connections } = deps;

  async function move(actor: Actor, id: string, event: 'paused' | 'resumed'): Promise<ConnectionView> {
    requireAdministrator(actor);
    const connection = await existingConnection(db, id);
    const { done, action, signal, from } = moves[event];
    if (!done.includes(connection.status)) {
      if (!from.includes(connection.status)) throw refusal(connection, event);
      await db.transaction().execute(async (trx) => {
        const moved = await moveConnection(trx, connection.id, event);
        await audit(trx, actor, action, connection.name, {
          before: { status: connection.status },
          after: { status: moved?.after.status },
        });
      });
    }
    // The engine may be away: a step looks each second, and the worker compares rows and workflows each minute.
    await Promise.all([engine.steerRun(connection.id, signal), engine.applySchedule(connection.id)]).catch(
      (error: unknown) =>
        log.warn({ connectionId: connection.id, reason: String(error) }, 'Temporal could not be told yet.'),
    );
    return connections.get(actor, connection.id);
  }

  return {
    pause: (actor, id) => move(actor, id, 'paused'),
    resume: (actor, id) => move(actor, id, 'resumed'),
  };
}

const moves: Record<
  'paused' | 'resumed',
  { from: ConnectionStatus[]; done: ConnectionStatus[]; action: string; signal: SteeringSignal }
> = {
  paused: { from: ['active', 'attention'], done: ['paused'], action: 'connection.pause', signal: 'pause' },
  resumed: {
    from: ['paused'],
    done: ['active', 'attention'],
    action: 'connection.resume',
    signal: 'resume',
  },
};

function refusal({ name, status }: Connection, event: 'paused' | 'resumed'): Conflict {
  switch (status) {
    case 'draft':
      return new Conflict('not_ready', `"${name}" is not authorized yet. Complete the Authorize tab first.`);
    case 'needs_reauth':
      return new Conflict('needs_reauth', `"${name}" must be authorized again; nothing of it syncs.`);
    case 'disabled':
      return new Conflict(
        'disabled',
        `"${name}" is disabled, so nothing of it syncs. ${event === 'resumed' ? 'Enable it.' : 'There is nothing to pause.'}`,
      );
    default:
      return new Conflict('disconnecting', `"${name}" is being deleted.`);
  }
}
