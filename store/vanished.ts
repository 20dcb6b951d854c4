import { sql, type RawBuilder } from 'kysely';
import { hideGone } from './gone.ts';
import { rowsAs } from './rows.ts';
import type { Db, RecordKind, VanishedEvidence } from './schema.ts';

/** A record that the source did not show, and what it told of it. */
export interface Vanished {
  externalId: string;
  evidence: VanishedEvidence;
}

export interface VanishedTarget {
  connectionId: string;
  runId: string | null;
}

/** Rows that one statement hides: a connection's largest space has 50,000 pages. */
const hiddenAtOnce = 5_000;

/** What says more is higher: an absence; a complete listing, of content or of spaces; the word on the content itself. */
const evidenceRank = (evidence: string) =>
  sql`case ${sql.raw(evidence)} when 'unanswered' then 1 when 'unlisted' then 2 when 'space' then 2 else 3 end`;

/**
 * A record (alias `r`) that is hidden because the source did not show it, and that nothing has shown since. `is true`
 * keeps it from the index of states: to statistics of yesterday nothing is gone, and a join would walk all that is by
 * that index for each row.
 */
export const isGone = sql<boolean>`((r.state = 'pending') is true and r.attributes ? 'gone')`;

/**
 * Hides records that the source did not show, and notes them for removal: whether they are removed, when and under
 * which name is decided where the evidence is weighed (activities/removal/). What is not stored is left out. Evidence
 * takes the place of weaker that was noted before.
 * @param asOf when the source was asked; what is stored from a later question stays as it is
 */
export async function noteVanished(
  db: Db,
  target: VanishedTarget,
  vanished: readonly Vanished[],
  asOf: Date,
): Promise<void> {
  if (vanished.length === 0) return;
  const rows = vanished.map(({ externalId, evidence }) => ({ external_id: externalId, evidence }));
  await noteRows(
    db,
    target,
    sql`select input.external_id, input.evidence from ${rowsAs(rows, 'external_id text, evidence text')}`,
    asOf,
  );
  await hideGone(
    db,
    target.connectionId,
    vanished.map(({ externalId }) => externalId),
    asOf,
  );
}

/** Hides and notes all content of spaces that are not synced any more; its comments and attachments go along with it. */
export function noteSpacesVanished(
  db: Db,
  target: VanishedTarget,
  spaceIds: readonly string[],
  asOf: Date,
): Promise<void> {
  return noteAll(
    db,
    target,
    (after) => sql<{ external_id: string }>`
      select r.external_id from records r join spaces s on s.id = r.space_id
      where r.connection_id = ${target.connectionId} and s.connection_id = ${target.connectionId}
        and s.external_id = any(${spaceIds}::text[]) and r.kind not in ('comment', 'attachment')
        and r.synced_at <= ${asOf} and r.external_id > ${after}
        and not exists (select from vanished v where v.connection_id = r.connection_id
          and v.external_id = r.external_id and ${evidenceRank('v.evidence')} >= ${evidenceRank("'space'")})
      order by r.external_id limit ${hiddenAtOnce}`,
    'space',
    asOf,
  );
}

/**
 * Hides and notes what a full run has not seen.
 * @param evidence `unlisted` of a run that read everything, `unanswered` of one that did not
 * @param asOf when the run was asked for: what another sync has stored since is there
 * @param unread kinds that the run did not ask for: of these an absence says nothing
 */
export function noteUnseen(
  db: Db,
  target: VanishedTarget & { runId: string },
  evidence: 'unlisted' | 'unanswered',
  asOf: Date,
  unread: readonly RecordKind[] = [],
): Promise<void> {
  return noteAll(
    db,
    target,
    (after) => sql<{ external_id: string }>`
      select r.external_id from records r
      where r.connection_id = ${target.connectionId} and r.seen_run is distinct from ${target.runId}
        and (r.synced_at <= ${asOf} or ${isGone}) and r.external_id > ${after}
        and not r.kind = any(${[...unread]}::text[])
        -- Comments and attachments that are left out are not looked for among those that are listed.
        and not (r.kind in ('comment', 'attachment') and r.state in ('filtered', 'manual'))
      order by r.external_id limit ${hiddenAtOnce}`,
    evidence,
    asOf,
  );
}

/** Forgets what shows again, and what is not stored any more. @returns how much that was */
export async function forgetShown(db: Db, connectionId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from vanished v where v.connection_id = ${connectionId} and not exists (
      select from records r where r.connection_id = v.connection_id and r.external_id = v.external_id and ${isGone})`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

async function noteAll(
  db: Db,
  target: VanishedTarget,
  batch: (after: string) => RawBuilder<{ external_id: string }>,
  evidence: VanishedEvidence,
  asOf: Date,
): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await batch(after).execute(db);
    if (rows.length === 0) return;
    await noteVanished(
      db,
      target,
      rows.map((row) => ({ externalId: row.external_id, evidence })),
      asOf,
    );
    after = rows.at(-1)?.external_id ?? after;
  }
}

async function noteRows(
  db: Db,
  { connectionId, runId }: VanishedTarget,
  source: RawBuilder<unknown>,
  asOf: Date,
): Promise<void> {
  await sql`
    insert into vanished (connection_id, external_id, evidence, since, run_id)
    select ${connectionId}::uuid, input.external_id, max(input.evidence), ${asOf}, ${runId}::uuid
    from (${source}) input
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id
      and (r.synced_at <= ${asOf} or ${isGone})
    group by input.external_id
    on conflict (connection_id, external_id) do update
    set evidence = excluded.evidence, run_id = excluded.run_id
    where ${evidenceRank('excluded.evidence')} >= ${evidenceRank('vanished.evidence')}`.execute(db);
}
