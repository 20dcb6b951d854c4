import { sql, type RawBuilder } from 'kysely';
import { Conflict } from '../errors.ts';
import { redact } from '../redaction.ts';
import type { Db, RunState, SyncRun } from './schema.ts';

/** What happens to a run, the states in which it may, and the state after it. */
export const runMoves = {
  /** A worker has taken its first step. */
  started: { from: ['queued'], to: 'running' },
  /** A step waits: for Atlassian's limits, for the next try, for the hours that are set. */
  waits: { from: ['running', 'waiting'], to: 'waiting' },
  /** A step has stored something. */
  progressed: { from: ['running', 'waiting'], to: 'running' },
  paused: { from: ['queued', 'running', 'waiting'], to: 'paused' },
  resumed: { from: ['paused'], to: 'running' },
  /** The engine was away when it was queued. */
  not_taken: { from: ['queued'], to: 'failed' },
  succeeded: { from: ['running', 'waiting'], to: 'succeeded' },
  failed: { from: ['queued', 'running', 'waiting', 'paused'], to: 'failed' },
  cancelled: { from: ['queued', 'running', 'waiting', 'paused'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly RunState[]; to: RunState }>;

export type RunEvent = keyof typeof runMoves;

/** A run in one of these is under way: no other of its lane may start. */
export const openRunStates = ['queued', 'running', 'waiting', 'paused'] as const satisfies RunState[];
/** In these it has come to its end, and stays as it is. */
export const endedRunStates = ['succeeded', 'failed', 'cancelled'] as const satisfies RunState[];

/** What is written with a move: whatever else of the row changes at that moment. */
export interface RunMoveDetails {
  cause?: string | null;
  message?: string | null;
  waitingUntil?: Date | null;
}

/**
 * Moves a run by an event, with one statement that looks at its state itself. A run that has ended stays as it is, and
 * an event that comes again, after a worker died between doing and telling, changes nothing.
 * @returns whether it has moved
 */
export async function moveRunIfPossible(
  db: Db,
  id: string,
  event: RunEvent,
  details: RunMoveDetails = {},
): Promise<boolean> {
  const { from, to } = runMoves[event];
  const isEnd = endedRunStates.some((state) => state === to);
  const { numUpdatedRows } = await db
    .updateTable('sync_runs')
    .set({
      state: to,
      updated_at: sql<Date>`now()`,
      waiting_until: details.waitingUntil ?? null,
      // What it waited for, or why it rested, is over.
      ...(to === 'running'
        ? { started_at: sql<Date>`coalesce(started_at, now())`, cause: null, message: null }
        : {}),
      ...(isEnd ? { finished_at: sql<Date>`now()` } : {}),
      ...(details.cause === undefined ? {} : { cause: details.cause }),
      ...(details.message === undefined ? {} : { message: redacted(details.message) }),
    })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

const redacted = (text: string | null) => (text === null ? null : redact(text));

/** The same where a move that cannot be is to be told. @throws Conflict `impossible_move` in words */
export async function moveRun(
  db: Db,
  id: string,
  event: RunEvent,
  details: RunMoveDetails = {},
): Promise<void> {
  if (await moveRunIfPossible(db, id, event, details)) return;
  const run: Pick<SyncRun, 'state'> | undefined = await db
    .selectFrom('sync_runs')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirst();
  const is = run === undefined ? 'is gone' : `is ${run.state}`;
  throw new Conflict('impossible_move', `This sync ${is}, so ${words[event]}. Look at its state again.`);
}

const words: Record<RunEvent, string> = {
  started: 'it cannot start',
  waits: 'it cannot wait',
  progressed: 'nothing more is stored of it',
  paused: 'it cannot be paused',
  resumed: 'it cannot be resumed',
  not_taken: 'the engine has taken it',
  succeeded: 'it cannot succeed',
  failed: 'it cannot fail',
  cancelled: 'it cannot be cancelled',
};

/** The state of the run's own row after an event, for a statement that changes more of it in one go. */
export function stateAfter(event: RunEvent): RawBuilder<RunState> {
  return sql<RunState>`${runMoves[event].to}::text`;
}

/** Whether the run's own row is in a state in which an event may happen. */
export function stateAllows(event: RunEvent): RawBuilder<boolean> {
  return sql<boolean>`state = any(${[...runMoves[event].from]}::text[])`;
}
