import { sql } from 'kysely';
import { closeNotice, openNotice } from './notices.ts';
import type { Db, NoticeDelivery } from './schema.ts';

/** A delivery for which this process has the turn, with the target that it goes to. */
export interface ClaimedDelivery {
  id: string;
  target_id: string;
  target_name: string;
  target_secret: Buffer;
  event: string;
  payload: unknown;
  attempts: number;
  created_at: Date;
}

/** Of one target at a time, so that one that answers slowly has no more of the others' places than this. */
const perTarget = 4;

/** The code of the notice that a target does not take what is sent to it; the subject is the target. */
export const targetFailing = 'notice_target_failing';

/**
 * Takes deliveries that are due, for so long as the lease: a process that dies with them leaves them to the next one,
 * under the same ids. What is older of the same notice and target goes first, so that an end never overtakes its
 * beginning. `busy`: targets that this process is still posting to.
 */
export async function claimDeliveries(
  db: Db,
  { leaseSeconds, busy }: { leaseSeconds: number; busy: readonly string[] },
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    update notice_deliveries d
    set attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
    from notice_targets t
    cross join lateral (
      select due.id from notice_deliveries due
      where due.target_id = t.id and due.state = 'pending' and due.next_attempt_at <= now()
        and not exists (
          select from notice_deliveries older
          where older.target_id = t.id and older.notice_id = due.notice_id and older.state = 'pending'
            and (older.created_at, older.id) < (due.created_at, due.id))
      order by due.created_at limit ${perTarget} for update skip locked) turn
    where t.enabled and t.id <> all(${[...busy]}::uuid[]) and d.id = turn.id
    returning d.id, d.target_id, t.name as target_name, t.secret as target_secret, d.event, d.payload, d.attempts,
      d.created_at`.execute(db);
  return rows;
}

/** The receiver has taken it. Done twice, nothing changes. */
export async function markDelivered(
  db: Db,
  delivery: Pick<ClaimedDelivery, 'id' | 'target_id'>,
): Promise<void> {
  await sql`
    update notice_deliveries set state = 'delivered', delivered_at = now(), last_error = null
    where id = ${delivery.id} and state = 'pending'`.execute(db);
  await closeNotice(db, { connectionId: null, code: targetFailing, subject: delivery.target_id });
}

/** It was not taken: tried again at `again`, or given up where that is null, which administrators are told. */
export async function markUndelivered(
  db: Db,
  delivery: Pick<ClaimedDelivery, 'id' | 'target_id' | 'target_name'>,
  outcome: { error: string; again: Date | null },
): Promise<void> {
  await sql`
    update notice_deliveries
    set last_error = ${outcome.error}, next_attempt_at = coalesce(${outcome.again}::timestamptz, next_attempt_at),
      state = case when ${outcome.again}::timestamptz is null then 'given_up' else state end
    where id = ${delivery.id} and state = 'pending'`.execute(db);
  if (outcome.again !== null) return;
  await openNotice(db, {
    connectionId: null,
    code: targetFailing,
    subject: delivery.target_id,
    severity: 'warning',
    message: `Notices no longer reach "${delivery.target_name}": ${outcome.error} Look at Settings, Notifications.`,
  });
}

/** Newest first. `before`: the id of the last one seen. */
export async function listDeliveries(
  db: Db,
  targetId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<NoticeDelivery[]> {
  let query = db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where('target_id', '=', targetId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== null) {
    query = query.where(
      sql<boolean>`(created_at, id) < (select created_at, id from notice_deliveries where id = ${before})`,
    );
  }
  return query.execute();
}

/** A delivery that only tries a target, under a turn of the caller's own. */
export async function insertTestDelivery(
  db: Db,
  targetId: string,
  leaseSeconds: number,
): Promise<NoticeDelivery> {
  const { rows } = await sql<NoticeDelivery>`
    insert into notice_deliveries (target_id, notice_id, event, payload, attempts, next_attempt_at)
    values (${targetId}, gen_random_uuid(), 'notice.test', jsonb_build_object('event', 'notice.test'), 1,
      now() + make_interval(secs => ${leaseSeconds}))
    returning *`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('A test delivery was not stored.');
  return row;
}

/** Ended notices and what was sent are kept for so long. */
const keptDays = 90;

export async function pruneNotices(db: Db): Promise<void> {
  await sql`delete from notice_deliveries where state <> 'pending' and created_at < now() - make_interval(days => ${keptDays})`.execute(
    db,
  );
  await sql`delete from notices where ended_at < now() - make_interval(days => ${keptDays})`.execute(db);
}
