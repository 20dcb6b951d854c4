import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** What a choice by hand takes in or leaves out. */
export interface ChoiceRequest {
  connectionId: string;
  /** `record`: what is named, with its comments and attachments; `subtree`: and all below it; `space`: all of a space. */
  reach: 'record' | 'subtree' | 'space';
  /** Of records; of `space`, of spaces. */
  externalIds: readonly string[];
  indexed: boolean;
  /** The user who chose. */
  by: string | null;
}

export interface Chosen {
  /** Records that the choice reaches, comments and attachments among them, wanted or not. */
  affected: number;
  /** Ids that nothing is stored under: nothing was chosen of them. */
  unknown: string[];
}

/**
 * Stores what somebody chose, in place of what was chosen of it before; a choice of a subtree or a space also replaces
 * what was chosen below it. It decides nothing: call it in a transaction, and `decideNow` (scope-decide.ts) with
 * `reachOfChoice` after that.
 */
export async function choose(trx: Db, choice: ChoiceRequest): Promise<Chosen> {
  const { connectionId, reach, indexed, by } = choice;
  const named = [...new Set(choice.externalIds)];
  const { rows } = await sql<{ id: string }>`
    select external_id as id from ${reach === 'space' ? sql`spaces` : sql`records`}
    where connection_id = ${connectionId} and external_id = any(${named}::text[])`.execute(trx);
  const known = rows.map(({ id }) => id);
  const unknown = named.filter((id) => !known.includes(id));
  if (known.length === 0) return { affected: 0, unknown };
  const reached = { connectionId, reach, externalIds: known };
  if (reach !== 'record')
    await sql`
      delete from record_choices x using records r
      where x.connection_id = ${connectionId} and x.reach in ('record', 'subtree')
        and r.connection_id = x.connection_id and r.external_id = x.external_id and ${reachOfChoice(reached)}`.execute(
      trx,
    );
  await sql`
    insert into record_choices (connection_id, reach, external_id, indexed, chosen_by)
    select ${connectionId}, ${reach}, id, ${indexed}, ${by} from unnest(${known}::text[]) as id
    on conflict (connection_id, reach, external_id) do update
    set indexed = excluded.indexed, chosen_by = excluded.chosen_by, chosen_at = now()`.execute(trx);
  const { rows: counted } = await sql<{ affected: number }>`
    select count(*)::integer as affected from records r
    where r.connection_id = ${connectionId} and ${reachOfChoice(reached)}`.execute(trx);
  return { affected: counted[0]?.affected ?? 0, unknown };
}

/** A condition on `r` (records of the connection): what a choice reaches. */
export function reachOfChoice({
  connectionId,
  reach,
  externalIds,
}: Pick<ChoiceRequest, 'connectionId' | 'reach' | 'externalIds'>): RawBuilder<boolean> {
  const ids = sql`any(${[...externalIds]}::text[])`;
  switch (reach) {
    case 'record':
      return sql<boolean>`(r.external_id = ${ids} or r.container_id = ${ids})`;
    case 'space':
      return sql<boolean>`r.space_id in (
        select id from spaces where connection_id = ${connectionId} and external_id = ${ids})`;
    case 'subtree':
      return sql<boolean>`coalesce(r.container_id, r.external_id) in (
        with recursive below as (
          select id as external_id from unnest(${[...externalIds]}::text[]) as id
          union
          select c.external_id from below b
          cross join lateral (
            select x.external_id from records x
            where x.connection_id = ${connectionId} and x.parent_id = b.external_id
              and x.kind not in ('comment', 'attachment') offset 0) c)
        select external_id from below)`;
  }
}
