import { idleReasons, type AccountRow, type UnmatchedReason } from '../../../store/people-accounts.ts';
import type { Reach } from '../../../store/people-reach.ts';
import type { UserRow } from '../../../store/people-users.ts';
import type { PersonView, UserMatchView } from './views.ts';

/** Whether an account is one whose person could find something here, and does not. */
export function misses(reason: UnmatchedReason | null): boolean {
  return reason !== null && !(idleReasons as readonly UnmatchedReason[]).includes(reason);
}

/** `counted`: what was counted a moment ago, which the row does not hold yet. */
export function presentPerson(row: AccountRow, counted: readonly Reach[]): PersonView {
  const fresh = counted.find(
    (reach) => reach.accountId === row.account_id && reach.connectionId === row.connection_id,
  );
  const records = fresh?.records ?? row.records;
  const countedAt = fresh?.countedAt ?? row.counted_at;
  return {
    connection: { id: row.connection_id, name: row.connection_name },
    accountId: row.account_id,
    name: row.display_name,
    email: row.email,
    emailBefore: row.email_before,
    accountType: row.account_type,
    state: row.reason === null ? 'matched' : 'unmatched',
    matchedBy: row.matched_by,
    reason: row.reason,
    user:
      row.user_id === null
        ? null
        : { id: row.user_id, email: row.user_email ?? '', name: row.user_name ?? '' },
    linkedBy: row.link_source,
    otherEmailOwner: row.namesake_email,
    records: !misses(row.reason) || records === null ? null : Number(records),
    countedAt: misses(row.reason) ? (countedAt?.toISOString() ?? null) : null,
    readAt: row.read_at.toISOString(),
  };
}

export function presentUserMatch(row: UserRow): UserMatchView {
  return {
    user: { id: row.user_id, email: row.email, name: row.name },
    connection: { id: row.connection_id, name: row.connection_name },
    state: row.reason === null ? 'matched' : 'unmatched',
    matchedBy: row.matched_by,
    reason: row.reason,
    accountId: row.account_id,
  };
}
