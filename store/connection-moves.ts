import type { Connection, ConnectionStatus } from './schema.ts';

/**
 * What happens to a connection: by event, the states in which it may happen, and the state after it. `back`: what the
 * state stands before (`status_before`), or active. `stay`: the state remains, and only what it stands before, or its
 * cause and words, change.
 */
export const connectionMoves = {
  /** Consented to, or a good token was stored. */
  authorized: {
    draft: 'active',
    needs_reauth: 'back',
    active: 'stay',
    paused: 'stay',
    attention: 'stay',
    disabled: 'stay',
  },
  /** The site, the app or the account was changed: the consent of before says nothing about it. */
  unauthorized: {
    draft: 'stay',
    active: 'draft',
    paused: 'draft',
    attention: 'draft',
    needs_reauth: 'draft',
    disabled: 'stay',
  },
  /** Atlassian takes the credential no more, for a cause that only somebody can mend. */
  credential_dead: {
    active: 'needs_reauth',
    paused: 'needs_reauth',
    attention: 'needs_reauth',
    needs_reauth: 'stay',
    disabled: 'stay',
  },
  /** An administrator is asked to decide something; syncs go on. */
  asked: { active: 'attention', attention: 'stay', paused: 'stay', needs_reauth: 'stay', disabled: 'stay' },
  /** What was asked is decided, or has mended itself. */
  answered: { attention: 'active', active: 'stay', paused: 'stay', needs_reauth: 'stay', disabled: 'stay' },
  paused: { active: 'paused', attention: 'paused' },
  resumed: { paused: 'back' },
  disabled: {
    draft: 'disabled',
    active: 'disabled',
    paused: 'disabled',
    needs_reauth: 'disabled',
    attention: 'disabled',
  },
  enabled: { disabled: 'back' },
  disconnected: {
    draft: 'disconnecting',
    active: 'disconnecting',
    paused: 'disconnecting',
    needs_reauth: 'disconnecting',
    attention: 'disconnecting',
    disabled: 'disconnecting',
    disconnecting: 'stay',
  },
} as const satisfies Record<string, Moves>;

type Moves = Partial<Record<ConnectionStatus, ConnectionStatus | 'back' | 'stay'>>;

export type ConnectionEvent = keyof typeof connectionMoves;

/** Why a connection is what it is: a code, and words that say what to do. */
export interface StatusCause {
  cause: string | null;
  message: string | null;
}

export const noCause: StatusCause = { cause: null, message: null };

/** What of a row decides about its moves. */
export type StatusColumns = Pick<
  Connection,
  | 'status'
  | 'status_cause'
  | 'status_message'
  | 'status_before'
  | 'status_before_cause'
  | 'status_before_message'
>;

/**
 * The columns after an event, or null where it cannot happen. Pure. A connection that is disabled or waits for a new
 * consent remembers what it stood at: paused by hand stays paused, a question stays asked.
 */
export function afterEvent(
  row: StatusColumns,
  event: ConnectionEvent,
  told: StatusCause,
): StatusColumns | null {
  const moves: Moves = connectionMoves[event];
  const to = moves[row.status];
  if (to === undefined) return null;
  if (event === 'answered' && isAnotherQuestion(row, told)) return row;
  const bare = { status_before: null, status_before_cause: null, status_before_message: null };
  if (to === 'back') {
    return {
      status: row.status_before ?? 'active',
      status_cause: row.status_before_cause,
      status_message: row.status_before_message,
      ...bare,
    };
  }
  if (to === 'stay') return stayed(row, event, told);
  const resting = to === 'needs_reauth' || to === 'disabled' || to === 'paused';
  const isMore = row.status !== 'active' && row.status !== 'disabled' && row.status !== 'disconnecting';
  const before =
    resting && isMore
      ? {
          status_before: row.status as NonNullable<Connection['status_before']>,
          status_before_cause: row.status_cause,
          status_before_message: row.status_message,
        }
      : bare;
  // Of one that works there is nothing to tell.
  const { cause, message } = to === 'active' ? noCause : told;
  return { status: to, status_cause: cause, status_message: message, ...before };
}

/** The answer to one question settles no other. */
function isAnotherQuestion(row: StatusColumns, { cause }: StatusCause): boolean {
  const asked = row.status === 'attention' ? row.status_cause : row.status_before_cause;
  return cause !== null && asked !== cause;
}

/** What an event changes of a connection that stays what it is. */
function stayed(row: StatusColumns, event: ConnectionEvent, told: StatusCause): StatusColumns {
  const below = (status: Connection['status_before'], { cause, message }: StatusCause = noCause) => ({
    ...row,
    status_before: status,
    status_before_cause: cause,
    status_before_message: message,
  });
  const { status, status_before: before } = row;
  const own = { ...row, status_cause: told.cause, status_message: told.message };
  switch (event) {
    case 'authorized':
      return before === 'needs_reauth' || before === 'draft' ? below(null) : row;
    case 'unauthorized':
      return status === 'disabled' ? below('draft') : own;
    case 'credential_dead':
      return status === 'disabled' ? below('needs_reauth', told) : own;
    case 'asked':
      if (status === 'attention') return own;
      return before === null && status !== 'active' ? below('attention', told) : row;
    case 'answered':
      return before === 'attention' ? below(null) : row;
    default:
      return row;
  }
}
