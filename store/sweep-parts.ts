import { sql, type Selectable } from 'kysely';
import { rowsAs } from './rows.ts';
import type { Database, Db } from './schema.ts';

export type SweepPart = Selectable<Database['sweep_parts']>;

/** What a part lists: see activities/sweep/parts.ts. */
export type SweepKind = 'spaces' | 'pages' | 'posts' | 'footer' | 'inline' | 'replies' | 'attachments';

/** A part as it is cut now. */
export interface PlannedPart {
  part: string;
  kind: SweepKind;
  /** External ids; empty: the whole site. */
  spaceIds: string[];
}

/** v2 `space-id` takes 100 at most, so spaces are gathered by the hundreds of our own ids, which never change. */
const spacesPerLot = 100n;

export function lotOf(spaceId: string): string {
  return String(BigInt(spaceId) / spacesPerLot);
}

export const partNames = {
  pagesOfSpace: (externalId: string) => `pages of ${externalId}`,
  pagesOfLot: (lot: string) => `pages of lot ${lot}`,
  postsOfLot: (lot: string) => `posts of lot ${lot}`,
};

/** The mark of a full run that is under way, kept among the parts (rememberFullRun). */
const fullRun = 'full';

/** A space with how many pages are stored of it. */
export interface SpaceSize {
  /** Ours, which never changes. */
  id: string;
  externalId: string;
  key: string;
  type: string;
  status: string;
  pages: number;
}

export async function loadSpaceSizes(db: Db, connectionId: string): Promise<SpaceSize[]> {
  const { rows } = await sql<Omit<SpaceSize, 'pages'> & { pages: string }>`
    select s.id, s.external_id as "externalId", s.key, s.type, s.status, count(r.id) as pages
    from spaces s left join records r on r.space_id = s.id and r.kind = 'page'
    where s.connection_id = ${connectionId} group by s.id order by s.id`.execute(db);
  return rows.map((row) => ({ ...row, pages: Number(row.pages) }));
}

/** Stores how the site is cut now. Walks that are under way go on as they are; parts that are no more are forgotten. */
export async function savePlan(db: Db, connectionId: string, planned: readonly PlannedPart[]): Promise<void> {
  const rows = planned.map(({ part, kind }) => ({ part, kind }));
  await sql`
    insert into sweep_parts (connection_id, part, kind)
    select ${connectionId}::uuid, part, kind from ${rowsAs(rows, 'part text, kind text')}
    on conflict do nothing`.execute(db);
  await sql`
    delete from sweep_parts where connection_id = ${connectionId} and began_at is null
      and kind <> ${fullRun} and not part = any(${planned.map(({ part }) => part)}::text[])`.execute(db);
}

/** Forgets parts, also those whose walk is under way: nothing of their kinds is asked for any more. */
export async function dropParts(db: Db, connectionId: string, kinds: readonly SweepKind[]): Promise<void> {
  if (kinds.length === 0) return;
  await sql`
    with dropped as (
      delete from sweep_parts where connection_id = ${connectionId} and kind = any(${[...kinds]}::text[])
      returning part)
    delete from sweep_seen met using dropped
    where met.connection_id = ${connectionId} and met.part = dropped.part`.execute(db);
}

/** Parts in the order of their turns, longest unswept first; without `all` those alone that are due. */
export async function partsInTurn(
  db: Db,
  connectionId: string,
  options: { all: boolean; turn: string },
): Promise<SweepPart[]> {
  const { rows } = await sql<SweepPart>`
    select * from sweep_parts
    where connection_id = ${connectionId} and kind <> ${fullRun}
      and (${options.all} or began_at is not null or finished_at is null
        or finished_at <= now() - ${options.turn}::interval)
    order by finished_at nulls first, kind = 'spaces' desc, began_at nulls last, part`.execute(db);
  return rows;
}

/** Whether a part is due; before a first sweep has cut the site into parts, whether the last whole reading is as old. */
export async function isSweepDue(db: Db, connectionId: string, turn: string): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    with parts as (select finished_at from sweep_parts where connection_id = ${connectionId} and kind <> ${fullRun})
    select case when exists (select from parts)
      then exists (select from parts where finished_at is null or finished_at <= now() - ${turn}::interval)
      else coalesce((
        select max(started_at) <= now() - ${turn}::interval from sync_runs
        where connection_id = ${connectionId} and kind = 'full' and state = 'succeeded'), false)
      end as due`.execute(db);
  return rows[0]?.due === true;
}

/**
 * Begins a part's walk, or goes on with it: where its credential is still the same and it is not older than `oldest`.
 * What a walk that is begun anew has listed is forgotten.
 * @param began when its first question is asked, at the earliest
 */
export async function beginPart(
  db: Db,
  connectionId: string,
  planned: Pick<PlannedPart, 'part' | 'spaceIds'>,
  options: { began: Date; oldest: string; runId: string },
): Promise<SweepPart> {
  const { began, oldest, runId } = options;
  const { rows: kept } = await sql<SweepPart>`
    update sweep_parts p set run_id = ${runId} from connections c
    where p.connection_id = ${connectionId} and p.part = ${planned.part} and c.id = p.connection_id
      and p.began_at > now() - ${oldest}::interval and p.credential_version = c.credential_version
    returning p.*`.execute(db);
  if (kept[0] !== undefined) return kept[0];
  await resetPart(db, connectionId, planned.part);
  const { rows } = await sql<SweepPart>`
    update sweep_parts p set began_at = ${began}, credential_version = c.credential_version, run_id = ${runId},
      space_ids = ${planned.spaceIds}::text[]
    from connections c
    where p.connection_id = ${connectionId} and p.part = ${planned.part} and c.id = p.connection_id
    returning p.*`.execute(db);
  if (rows[0] === undefined) throw new Error(`Part "${planned.part}" of the sweep is not planned.`);
  return rows[0];
}

/** Forgets a walk: it begins anew at its next turn. */
export async function resetPart(db: Db, connectionId: string, part: string): Promise<void> {
  await db
    .deleteFrom('sweep_seen')
    .where('connection_id', '=', connectionId)
    .where('part', '=', part)
    .execute();
  await db
    .updateTable('sweep_parts')
    .set({ began_at: null, cursor: null, listed: 0, walked: false, space_ids: [] })
    .where('connection_id', '=', connectionId)
    .where('part', '=', part)
    .execute();
}

/** Stores what a batch of a walk listed, and where the walk stands after it, in one transaction with its counters. */
export async function saveListed(
  db: Db,
  connectionId: string,
  part: string,
  batch: { ids: readonly string[]; next: string | null },
): Promise<void> {
  await sql`
    insert into sweep_seen (connection_id, part, external_id)
    select ${connectionId}::uuid, ${part}, id from unnest(${batch.ids}::text[]) as id
    on conflict do nothing`.execute(db);
  await sql`
    update sweep_parts set cursor = ${batch.next}, walked = ${batch.next === null}, listed = listed + ${batch.ids.length}
    where connection_id = ${connectionId} and part = ${part}`.execute(db);
}

/** Whether the connection still has the credential that the walk began with. */
export async function hasSameCredential(db: Db, connectionId: string, part: string): Promise<boolean> {
  const { rows } = await sql`
    select from sweep_parts p join connections c on c.id = p.connection_id
    where p.connection_id = ${connectionId} and p.part = ${part} and p.credential_version = c.credential_version`.execute(
    db,
  );
  return rows.length > 0;
}

/** The end of a whole walk. */
export async function finishPart(db: Db, connectionId: string, part: string): Promise<void> {
  await resetPart(db, connectionId, part);
  await db
    .updateTable('sweep_parts')
    .set({ finished_at: sql<Date>`now()` })
    .where('connection_id', '=', connectionId)
    .where('part', '=', part)
    .execute();
}

/** Makes parts due before their turn: what a brake is about is looked at by the next sweep. */
export async function sweepSoon(db: Db, connectionId: string, scope: string): Promise<void> {
  const space = await db
    .selectFrom('spaces')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('external_id', '=', scope)
    .executeTakeFirst();
  const of =
    space === undefined ? [] : [partNames.pagesOfSpace(scope), partNames.pagesOfLot(lotOf(space.id))];
  await sql`
    update sweep_parts set finished_at = null
    where connection_id = ${connectionId} and kind <> ${fullRun}
      and (${scope} = 'connection' or kind = 'spaces' or part = any(${of}::text[]))`.execute(db);
}

/**
 * Notes with which credential a full run begins its reading, or which it took over. Kept among the parts because it is
 * asked for the same reason: what a changed credential does not show is no proof.
 */
export async function rememberFullRun(db: Db, connectionId: string, runId: string): Promise<void> {
  await sql`
    insert into sweep_parts (connection_id, part, kind, run_id, finished_at, credential_version)
    select id, ${fullRun}, ${fullRun}, ${runId}::uuid, now(), credential_version from connections where id = ${connectionId}
    on conflict (connection_id, part) do update set run_id = excluded.run_id, finished_at = now(),
      -- What an unfinished run has read may have become this one's.
      credential_version = least(sweep_parts.credential_version, excluded.credential_version)`.execute(db);
}

/** Whether the full run that is under way has read everything with one credential. */
export function fullRunHasSameCredential(db: Db, connectionId: string): Promise<boolean> {
  return hasSameCredential(db, connectionId, fullRun);
}

/** A full run has come to its end; what the next one begins with is its own. */
export async function forgetFullRun(db: Db, connectionId: string): Promise<void> {
  await sql`delete from sweep_parts where connection_id = ${connectionId} and kind = ${fullRun}`.execute(db);
}

/** A full run has listed everything: no part is due for its turn, and walks under way have nothing to find. */
export async function finishAllParts(db: Db, connectionId: string): Promise<void> {
  await sql`delete from sweep_seen where connection_id = ${connectionId}`.execute(db);
  await forgetFullRun(db, connectionId);
  await sql`
    update sweep_parts set finished_at = now(), began_at = null, cursor = null, listed = 0, walked = false, space_ids = '{}'
    where connection_id = ${connectionId} and kind <> ${fullRun}`.execute(db);
}
