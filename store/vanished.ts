import { sql } from 'kysely';
import { hideGone } from './gone.ts';
import { rowsAs } from './rows.ts';
import type { Db, VanishedEvidence } from './schema.ts';

/** A record that the source did not show, and what it told of it. */
export interface Vanished {
  externalId: string;
  evidence: VanishedEvidence;
}

/**
 * Hides records that the source did not show, and notes them for removal: whether they are removed, when and under
 * which name is decided where the evidence is weighed. What is not stored is left out; what shows up again is forgotten
 * here by whoever stores it. Explicit evidence outranks a mere absence that was noted before.
 * @param asOf when the source was asked; what is stored from a later question stays as it is
 */
export async function noteVanished(
  db: Db,
  target: { connectionId: string; runId: string | null },
  vanished: readonly Vanished[],
  asOf: Date,
): Promise<void> {
  if (vanished.length === 0) return;
  const { connectionId, runId } = target;
  const rows = vanished.map(({ externalId, evidence }) => ({ external_id: externalId, evidence }));
  await sql`
    insert into vanished (connection_id, external_id, evidence, since, run_id)
    select ${connectionId}::uuid, input.external_id, input.evidence, ${asOf}, ${runId}::uuid
    from ${rowsAs(rows, 'external_id text, evidence text')}
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id
      and r.synced_at <= ${asOf}
    on conflict (connection_id, external_id) do update
    set evidence = excluded.evidence, run_id = excluded.run_id
    where vanished.evidence in ('unlisted', 'unanswered') and excluded.evidence not in ('unlisted', 'unanswered')`.execute(
    db,
  );
  await hideGone(
    db,
    connectionId,
    vanished.map(({ externalId }) => externalId),
    asOf,
  );
}
