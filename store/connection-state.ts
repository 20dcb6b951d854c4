import { sql } from 'kysely';
import { Conflict } from '../errors.ts';
import { redact } from '../redaction.ts';
import {
  afterEvent,
  noCause,
  type ConnectionEvent,
  type StatusCause,
  type StatusColumns,
} from './connection-moves.ts';
import type { Connection, ConnectionStatus, Db } from './schema.ts';

export { noCause, type ConnectionEvent, type StatusCause } from './connection-moves.ts';

/** An event as a sentence begins, for whoever is told that it cannot happen. */
const words: Record<ConnectionEvent, string> = {
  authorized: 'be authorized',
  unauthorized: 'lose its consent',
  credential_dead: 'wait for a new consent',
  asked: 'ask an administrator',
  answered: 'be answered',
  paused: 'be paused',
  resumed: 'be resumed',
  disabled: 'be disabled',
  enabled: 'be enabled',
  disconnected: 'be disconnected',
};

const statusWords: Record<ConnectionStatus, string> = {
  draft: 'not authorized yet',
  active: 'active',
  paused: 'paused',
  needs_reauth: 'waiting for a new consent',
  attention: 'waiting for an answer',
  disabled: 'disabled',
  disconnecting: 'being deleted',
};

/**
 * Moves a connection by an event: the only way in which `connections.status` changes. The row is locked, so of two
 * events the later one sees what the earlier one made.
 * @returns the row as it was and as it is; undefined where it is gone
 * @throws Conflict `impossible_move` where the event cannot happen in its state
 */
export async function moveConnection(
  db: Db,
  id: string,
  event: ConnectionEvent,
  told: StatusCause = noCause,
): Promise<{ before: Connection; after: Connection } | undefined> {
  // The lock must hold from the look at the row to its change.
  if (!db.isTransaction) return db.transaction().execute((trx) => moveConnection(trx, id, event, told));
  const before = await db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) return undefined;
  const message = told.message === null ? null : redact(told.message);
  const columns = afterEvent(before, event, { ...told, message });
  if (columns === null) {
    throw new Conflict(
      'impossible_move',
      `"${before.name}" is ${statusWords[before.status]}, so it cannot ${words[event]}. Look at its state again.`,
    );
  }
  const after = await db
    .updateTable('connections')
    .set({
      ...pickStatus(columns),
      updated_at: sql<Date>`now()`,
      ...(columns.status === before.status ? {} : { status_since: sql<Date>`now()` }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { before, after };
}

/** The same where an event that comes too late is nothing to tell anybody: false then, and nothing is changed. */
export async function moveConnectionIfPossible(
  db: Db,
  id: string,
  event: ConnectionEvent,
  told: StatusCause = noCause,
): Promise<boolean> {
  try {
    return (await moveConnection(db, id, event, told)) !== undefined;
  } catch (error) {
    if (error instanceof Conflict && error.code === 'impossible_move') return false;
    throw error;
  }
}

function pickStatus(row: StatusColumns): StatusColumns {
  return {
    status: row.status,
    status_cause: row.status_cause,
    status_message: row.status_message,
    status_before: row.status_before,
    status_before_cause: row.status_before_cause,
    status_before_message: row.status_before_message,
  };
}
