import { sql } from 'kysely';
import type { Reason } from '../scope/reasons.ts';
import { rowsAs } from './rows.ts';
import type { Db, DryRunOutcome, RecordState } from './schema.ts';
import type { DryRunSpace } from './dry-runs.ts';
import type { FactsSource } from './scope-facts.ts';

/** Replies nest; deeper than this is a circle. */
const deepest = 100;

/** Gives replies the page of what they reply to. Idempotent. */
export async function settleDryRunReplies(db: Db, runId: string): Promise<void> {
  for (let depth = 0; depth < deepest; depth += 1) {
    const { numAffectedRows } = await sql`
      update dry_run_items c set container_id = p.container_id from dry_run_items p
      where c.run_id = ${runId} and c.kind = 'comment' and c.container_id is null
        and p.run_id = c.run_id and p.external_id = c.parent_id and p.kind = 'comment'
        and p.container_id is not null`.execute(db);
    if ((numAffectedRows ?? 0n) === 0n) return;
  }
}

/** Comments of listed pages and blog posts, and whether a listing has shown a reply: then it shows them all. */
export async function dryRunComments(
  db: Db,
  runId: string,
): Promise<{ listed: number; replies: boolean; searched: boolean }> {
  const { rows } = await sql<{ listed: string; replies: boolean; searched: boolean }>`
    select
      (select count(*) from dry_run_items c join dry_run_items p on p.run_id = c.run_id
        and p.external_id = c.container_id and p.kind in ('page', 'blogpost')
        where c.run_id = ${runId} and c.kind = 'comment') as listed,
      exists (select from dry_run_items where run_id = ${runId} and kind = 'comment' and parent_id is not null) as replies,
      exists (select from dry_run_checkpoints where run_id = ${runId} and stream = 'replies') as searched`.execute(
    db,
  );
  const row = rows[0];
  return {
    listed: Number(row?.listed ?? 0),
    replies: row?.replies === true,
    searched: row?.searched === true,
  };
}

/** What a dry run has listed, for whoever tells facts (scope-facts.ts); a condition on `r.outcome` can narrow it. */
export function dryRunFacts(runId: string, spaces: readonly DryRunSpace[]): FactsSource {
  return {
    records: sql`(select i.external_id as id, i.external_id, i.kind, i.parent_id, i.container_id, i.title, i.labels,
        i.author_id, i.created_at, i.modified_at, i.media_type, i.file_size, sp.local_id as space_id,
        'indexed' as state, null::text as state_reason, false as body_due, i.outcome
      from dry_run_items i
      left join dry_run_spaces sp on sp.run_id = i.run_id and sp.external_id = i.space_id
      where i.run_id = ${runId} and i.failure is null)`,
    spaces: new Map(spaces.map(({ local_id, key, type, status }) => [local_id, { key, type, status }])),
  };
}

/** What is stored of a listed item. */
export interface DryRunStored {
  state: RecordState;
  /** What the listing tells is not what is stored. */
  changed: boolean;
  /** The rule that leaves out the space in which it is stored; null: it is in scope, or not known. */
  spaceReason: Reason | null;
}

/** By external id; what is not stored is absent. A place of a comment or attachment is its page's. */
export async function storedOfDryRun(
  db: Db,
  connectionId: string,
  runId: string,
  ids: readonly string[],
): Promise<Map<string, DryRunStored>> {
  const { rows } = await sql<DryRunStored & { id: string }>`
    select i.external_id as id, r.state, sp.reason as "spaceReason",
      r.version <> i.version or r.title <> i.title
        or (i.kind not in ('comment', 'attachment')
          and (r.parent_id is distinct from i.parent_id or s.external_id is distinct from i.space_id))
        or (i.kind in ('comment', 'attachment') and r.container_id is distinct from i.container_id) as changed
    from dry_run_items i
    join records r on r.connection_id = ${connectionId} and r.external_id = i.external_id
    left join spaces s on s.id = r.space_id
    left join dry_run_spaces sp on sp.run_id = i.run_id and sp.external_id = s.external_id
    where i.run_id = ${runId} and i.external_id = any(${[...ids]}::text[])`.execute(db);
  return new Map(rows.map(({ id, ...stored }) => [id, stored]));
}

export interface DryRunDecided {
  externalId: string;
  outcome: DryRunOutcome;
  reason: string | null;
  points: number;
}

/** Notes what would become of listed items, with the space of each: its own, or that of its page. */
export async function saveDryRunOutcomes(
  db: Db,
  runId: string,
  decided: readonly DryRunDecided[],
): Promise<void> {
  const rows = decided.map(({ externalId, ...one }) => ({ external_id: externalId, ...one }));
  await sql`
    update dry_run_items i
    set outcome = input.outcome, reason = input.reason, points = input.points,
      space_key = (select sp.key from dry_run_spaces sp where sp.run_id = i.run_id and sp.external_id = coalesce(i.space_id,
        (select p.space_id from dry_run_items p where p.run_id = i.run_id and p.external_id = i.container_id)))
    from ${rowsAs(rows, 'external_id text, outcome text, reason text, points integer')}
    where i.run_id = ${runId} and i.external_id = input.external_id`.execute(db);
}

/** Ends what could not be read as failed. */
export async function failDryRunItems(db: Db, runId: string): Promise<void> {
  await sql`
    update dry_run_items i set outcome = 'fail', reason = 'unreadable'
    where i.run_id = ${runId} and i.failure is not null and i.outcome is null`.execute(db);
}

/** A condition on records of `r`: shown now, and in no listing of the dry run. */
export function notListedIn(runId: string) {
  return sql<boolean>`r.state = 'indexed' and not exists (
    select from dry_run_items i where i.run_id = ${runId} and i.external_id = r.external_id)`;
}

/** Takes what is stored and not listed into the report, as to be removed. Idempotent. */
export async function saveDryRunRemovals(
  db: Db,
  connectionId: string,
  runId: string,
  removals: readonly { externalId: string; reason: string }[],
): Promise<void> {
  const rows = removals.map(({ externalId, reason }) => ({ external_id: externalId, reason }));
  await sql`
    insert into dry_run_items (run_id, external_id, kind, title, url, space_key, parent_id, container_id, author_id,
      created_at, modified_at, version, media_type, file_size, outcome, reason)
    select ${runId}::uuid, r.external_id, r.kind, r.title, r.url, s.key, r.parent_id, r.container_id, r.author_id,
      r.created_at, r.modified_at, r.version, r.media_type, r.file_size, 'remove', input.reason
    from ${rowsAs(rows, 'external_id text, reason text')}
    join records r on r.connection_id = ${connectionId} and r.external_id = input.external_id
    left join spaces s on s.id = r.space_id
    on conflict do nothing`.execute(db);
}

/** Sums the report up, once everything has an outcome. */
export async function sumDryRun(db: Db, runId: string): Promise<void> {
  await sql`
    update dry_runs set totals = (select coalesce(jsonb_agg(t), '[]') from (
      select outcome, reason, kind, space_key as "spaceKey", count(*) as items, sum(points) as points
      from dry_run_items where run_id = ${runId} and outcome is not null
      group by 1, 2, 3, 4 order by 1, 2, 3, 4) t)
    where run_id = ${runId}`.execute(db);
}
