import { sql, type RawBuilder } from 'kysely';
import { isoTime } from './iso-time.ts';
import type { RecordState } from './schema.ts';

export const toldStates = ['indexed', 'pending', 'filtered', 'failed', 'manual'] as const;

/** The states that people and programs are told: what waits for its body is pending, and failed where that failed. */
export type ToldState = Exclude<RecordState, 'waiting'>;

/** What failed last of a record and is tried again. */
export interface RecordFailure {
  stage: string;
  message: string;
  nextRetryAt: string | null;
}

/** Failures of `r` alone: ids of groups and spaces, which fail too, may be the same as its own. */
export const failuresOf = sql`sync_failures f where f.connection_id = r.connection_id and f.external_id = r.external_id
  and f.stage in ('restrictions', 'folders', 'bodies', 'files')`;

/** Of `r`. */
export function toldState(): RawBuilder<string> {
  return sql<string>`case when r.state in ('waiting', 'pending')
    then case when exists (select from ${failuresOf}) then 'failed' else 'pending' end else r.state end`;
}

/** Whether `r` is told to be in a state; in terms that the index of states answers. */
export function isTold(state: ToldState): RawBuilder<boolean> {
  switch (state) {
    case 'indexed':
    case 'filtered':
    case 'manual':
      return sql<boolean>`r.state = ${sql.lit(state)}`;
    case 'pending':
      return sql<boolean>`(r.state in ('waiting', 'pending') and not exists (select from ${failuresOf}))`;
    case 'failed':
      return sql<boolean>`(r.state in ('failed', 'waiting', 'pending') and (r.state = 'failed' or exists (select from ${failuresOf})))`;
  }
}

/** Of `r`, as JSON; null where nothing failed. */
export function lastFailure(): RawBuilder<RecordFailure | null> {
  return sql`(select json_build_object('stage', f.stage, 'message', f.message, 'nextRetryAt', ${isoTime(sql`f.next_retry_at`)})
    from ${failuresOf} order by f.last_at desc limit 1)`;
}
