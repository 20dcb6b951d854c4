import { sql } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Db, RecordKind, RemovalCause, VanishedEvidence } from './schema.ts';
import { isGone } from './vanished.ts';

/** A record that the source did not show, with what is stored of it. Ids are the source's. */
export interface VanishedRow {
  externalId: string;
  evidence: VanishedEvidence;
  kind: RecordKind;
  version: number;
  title: string;
  parentId: string | null;
  containerId: string | null;
  /** The page or blog post of a comment or attachment is stored and not hidden itself; null for other kinds. */
  containerShown: boolean | null;
  spaceId: string | null;
  spaceKey: string | null;
  spaceType: string | null;
  /** `gone`: the site does not list it any more. */
  spaceStatus: string | null;
}

/**
 * What vanished and must be asked for before it may be removed, in the order of ids: at most `limit` behind `after`.
 * What a brake holds that was not confirmed rests until it is listed again.
 * @param options.since what was asked for since is not asked for again
 * @param options.everything also what nothing but an absence speaks against and what was asked for before in vain
 */
export async function vanishedToWeigh(
  db: Db,
  connectionId: string,
  options: { since: Date; everything: boolean; after: string; limit: number },
): Promise<VanishedRow[]> {
  const { since, everything, after, limit } = options;
  const { rows } = await sql<VanishedRow>`
    select v.external_id as "externalId", v.evidence, r.kind, r.version, r.title, r.parent_id as "parentId",
      r.container_id as "containerId", s.external_id as "spaceId", s.key as "spaceKey", s.type as "spaceType", s.status as "spaceStatus",
      case when r.kind in ('comment', 'attachment') then exists (
        select from records c where c.connection_id = r.connection_id and c.external_id = r.container_id
          and not (c.state = 'pending' and c.attributes ? 'gone')) end as "containerShown"
    from vanished v
    join records r on r.connection_id = v.connection_id and r.external_id = v.external_id and ${isGone}
    left join spaces s on s.id = r.space_id
    left join deletion_brakes b on b.id = v.brake_id
    where v.connection_id = ${connectionId} and v.external_id > ${after}
      and (v.asked_at is null or v.asked_at < ${since})
      and (v.cause is not null or v.asked_at is null or v.evidence <> 'unanswered' or ${everything})
      and (b.id is null or b.state = 'confirmed')
    order by v.external_id limit ${limit}`.execute(db);
  return rows;
}

/** What the weighing of some records came to; a cause of null: it stays hidden, and is not removed. */
export async function settleCauses(
  db: Db,
  connectionId: string,
  settled: readonly { externalId: string; cause: RemovalCause | null }[],
  askedAt: Date,
): Promise<void> {
  if (settled.length === 0) return;
  const rows = settled.map(({ externalId, cause }) => ({ external_id: externalId, cause }));
  await sql`
    update vanished v set cause = input.cause, asked_at = ${askedAt}
    from ${rowsAs(rows, 'external_id text, cause text')}
    where v.connection_id = ${connectionId} and v.external_id = input.external_id`.execute(db);
}

/** Pages, posts and containers that hang directly below some places, and are not hidden as gone themselves. */
export async function placesBelow(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<{ externalId: string; parentId: string; kind: RecordKind }[]> {
  const { rows } = await sql<{ externalId: string; parentId: string; kind: RecordKind }>`
    select r.external_id as "externalId", r.parent_id as "parentId", r.kind from records r
    where r.connection_id = ${connectionId} and r.parent_id = any(${externalIds}::text[])
      and r.kind not in ('comment', 'attachment') and not ${isGone}
    order by r.external_id`.execute(db);
  return rows;
}

/** Of these places, those that something stored hangs below which is not itself proven to be gone. */
export async function parentsOfStored(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select distinct r.parent_id as id from records r
    where r.connection_id = ${connectionId} and r.parent_id = any(${externalIds}::text[])
      and r.kind not in ('comment', 'attachment') and not exists (
        select from vanished v where v.connection_id = r.connection_id and v.external_id = r.external_id
          and v.cause is not null and v.brake_id is null)`.execute(db);
  return new Set(rows.map((row) => row.id));
}
