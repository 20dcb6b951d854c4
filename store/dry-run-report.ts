import { sql } from 'kysely';
import { containing } from './people-accounts.ts';
import type { Db, DryRunOutcome, DryRunTotal, RecordKind } from './schema.ts';

/** What a dry run has found; `totals` are null until everything is compared. */
export interface DryRunHead {
  candidate: boolean;
  totals: DryRunTotal[] | null;
  spaces: number;
}

export async function loadDryRunHead(db: Db, runId: string): Promise<DryRunHead | undefined> {
  const row = await db
    .selectFrom('dry_runs as d')
    .select(['d.candidate', 'd.totals'])
    .select((eb) =>
      eb
        .selectFrom('dry_run_spaces as s')
        .whereRef('s.run_id', '=', 'd.run_id')
        .where('s.reason', 'is', null)
        .select((inner) => inner.fn.countAll<string>().as('n'))
        .as('spaces'),
    )
    .where('d.run_id', '=', runId)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, spaces: Number(row.spaces ?? 0) };
}

export interface DryRunFilter {
  outcome: DryRunOutcome | null;
  reason: string | null;
  kind: RecordKind | null;
  /** Key. */
  space: string | null;
  /** In titles, or an id. */
  q: string | null;
}

export interface DryRunItem {
  externalId: string;
  kind: RecordKind;
  title: string;
  url: string;
  spaceKey: string | null;
  outcome: DryRunOutcome;
  reason: string | null;
  failure: string | null;
  points: number;
}

/** Items of a report by outcome and id, from behind `after` on. */
export function listDryRunItems(
  db: Db,
  runId: string,
  options: DryRunFilter & { after: { outcome: string; id: string } | null; limit: number },
): Promise<DryRunItem[]> {
  const { outcome, reason, kind, space, q, after, limit } = options;
  let query = db
    .selectFrom('dry_run_items')
    .select(['external_id as externalId', 'kind', 'title', 'url', 'space_key as spaceKey'])
    .select(['reason', 'failure', 'points'])
    .select((eb) => eb.ref('outcome').$notNull().as('outcome'))
    .where('run_id', '=', runId)
    .where('outcome', 'is not', null)
    .orderBy('outcome')
    .orderBy('external_id')
    .limit(limit);
  if (outcome !== null) query = query.where('outcome', '=', outcome);
  if (reason !== null) query = query.where('reason', '=', reason);
  if (kind !== null) query = query.where('kind', '=', kind);
  if (space !== null) query = query.where('space_key', '=', space);
  if (q !== null) query = query.where(sql<boolean>`(title ilike ${containing(q)} or external_id = ${q})`);
  if (after !== null) {
    query = query.where(sql<boolean>`(outcome, external_id) > (${after.outcome}, ${after.id})`);
  }
  return query.execute();
}

const perBatch = 1_000;

/** The same whole, a batch in memory at a time. */
export async function* readDryRunItems(
  db: Db,
  runId: string,
  filter: DryRunFilter,
): AsyncGenerator<DryRunItem> {
  for (let after: { outcome: string; id: string } | null = null; ;) {
    const items: DryRunItem[] = await listDryRunItems(db, runId, { ...filter, after, limit: perBatch });
    yield* items;
    const last = items.at(-1);
    if (items.length < perBatch || last === undefined) return;
    after = { outcome: last.outcome, id: last.externalId };
  }
}
