import { sql } from 'kysely';
import type { Decision } from '../scope/decide.ts';
import type { Reason } from '../scope/reasons.ts';
import { rowsAs } from './rows.ts';
import type { Db, RecordState } from './schema.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** A record whose stored state is not what was decided of it. */
export interface Flip {
  id: string;
  /** As it was when it was decided; one that is in another state by now is left to the next decision. */
  was: RecordState;
  /** `filtered` and `manual`: left out; `waiting`: taken in, its body is to be read; `indexed`: taken in as it is stored. */
  next: 'filtered' | 'manual' | 'waiting' | 'indexed';
  reason: Reason | null;
}

/** What the flips of a batch came to. */
export interface Flipped {
  leftOut: number;
  takenIn: number;
  /** Of what was left out: what the run has seen, and counted as stored. */
  counted: number;
}

/** What is to be done with a record; null: it is as it should be, or is not for filters to decide. */
export function flipOf({ id, state, reason, bodyDue }: ScopeFacts, decided: Decision): Flip | null {
  const out = state === 'filtered' || state === 'manual';
  if (decided.wanted) {
    if (!out) return null;
    return { id, was: state, next: bodyDue ? 'waiting' : 'indexed', reason: null };
  }
  // What is in a space that is out of scope is removed, not left out.
  if (decided.reason === 'spaceKind' || decided.reason === 'spaceKeys') return null;
  // A body that was read of what is left out goes again.
  if (state === decided.state && reason === decided.reason && bodyDue) return null;
  return { id, was: state, next: decided.state, reason: decided.reason };
}

/**
 * Writes what was decided of some records, in one statement: what is left out loses body, search words and the text of
 * its file at the moment in which it is hidden. What is taken in is shown when its body is stored. Call it in a transaction.
 * @param runId null: no run decided it
 */
export async function applyFlips(
  trx: Db,
  connectionId: string,
  runId: string | null,
  flips: readonly Flip[],
): Promise<Flipped> {
  const { rows } = await sql<Flipped>`
    with input as materialized (select * from ${rowsAs(flips, 'id bigint, was text, next text, reason text')}),
    held as materialized (
      select r.id, r.external_id, r.seen_run, r.body_due, i.was, i.next, i.reason, i.next in ('filtered', 'manual') as leaves
      from input i join records r on r.id = i.id
      where r.connection_id = ${connectionId} and r.state = i.was
      order by r.id for no key update of r),
    changed as (
      update records r set state = h.next, state_reason = h.reason, body_due = h.next <> 'indexed'
      from held h where r.id = h.id),
    bodies as (delete from record_bodies where record_id in (select id from held where leaves)),
    words as (delete from record_search where record_id in (select id from held where leaves)),
    files as (
      update attachment_texts set state = 'due', read_version = null, code = null, message = null
      where record_id in (select id from held where leaves)),
    flipped as (
      select *, leaves and was not in ('filtered', 'manual') as left_out, not leaves as taken_in from held),
    told as (
      insert into record_events (connection_id, external_id, run_id, what, detail)
      select ${connectionId}, external_id, ${runId}::uuid, case when left_out then 'left_out' else 'taken_in' end,
        case when left_out then jsonb_build_object('reason', reason) else '{}' end
      from flipped where left_out or taken_in order by id)
    select count(*) filter (where left_out)::integer as "leftOut",
      count(*) filter (where taken_in)::integer as "takenIn",
      count(*) filter (where left_out and was = 'indexed' and not body_due and seen_run = ${runId}::uuid)::integer as counted
    from flipped`.execute(trx);
  return rows[0] ?? { leftOut: 0, takenIn: 0, counted: 0 };
}
