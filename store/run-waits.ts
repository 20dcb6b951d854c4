import { sql } from 'kysely';
import { redact } from '../redaction.ts';
import { stateAfter, stateAllows } from './run-state.ts';
import type { Db } from './schema.ts';

/**
 * Steps of a run that go side by side may wait while others store. The run is "running" as long as one of them goes on,
 * and "waiting" when all that are left wait: so each wait is kept until its step is taken up again.
 */
export interface StepWait {
  /** The activity's name. */
  step: string;
  until: Date;
  message: string;
}

/** Says that a step of a run waits; as the run does, until another step stores something. */
export async function noteWait(db: Db, runId: string, { step, until, message }: StepWait): Promise<void> {
  const words = redact(message);
  await sql`
    update sync_runs set state = ${stateAfter('waits')}, waiting_until = ${until}, message = ${words},
      waits = waits || jsonb_build_object(${step}::text,
        jsonb_build_object('until', ${until}::timestamptz, 'message', ${words}::text)),
      updated_at = now()
    where id = ${runId} and ${stateAllows('waits')}`.execute(db);
}

/** A step is taken up again. */
export async function endWait(db: Db, runId: string, step: string): Promise<void> {
  await sql`update sync_runs set waits = waits - ${step}::text where id = ${runId} and waits ? ${step}::text`.execute(
    db,
  );
}

/** A step has ended: where what is left waits, the run waits, for the first of them. */
export async function waitForOthers(db: Db, runId: string): Promise<void> {
  await sql`
    update sync_runs r set state = ${stateAfter('waits')}, waiting_until = w.until, message = w.message, updated_at = now()
    from (
      select (value ->> 'until')::timestamptz as until, value ->> 'message' as message
      from sync_runs, jsonb_each(waits) where id = ${runId}
      order by 1 limit 1) w
    where r.id = ${runId} and r.state = 'running' and w.until > now()`.execute(db);
}
