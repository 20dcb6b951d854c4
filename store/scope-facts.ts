import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Facts } from '../scope/facts.ts';
import type { Reason } from '../scope/reasons.ts';
import type { Wanted } from '../scope/wanted.ts';
import type { Database, Db, RecordKind, RecordState } from './schema.ts';
import { looksAbove, makeScopeAbove } from './scope-above.ts';

/** A stored record with all that scope/decide.ts asks: `decide(wanted, item, container)`. */
export interface ScopeFacts {
  /** Of `records`. */
  id: string;
  state: RecordState;
  /** Why it is left out as it is stored. */
  reason: Reason | null;
  /** No body is stored, or an older one. */
  bodyDue: boolean;
  item: Facts;
  /** Of a comment (also of a reply) or an attachment: its page or blog post, where that is stored. */
  container: Facts | null;
}

/** What facts are told of, and where they lie. */
export interface FactsOptions {
  /** External id after which to go on: what an earlier walk came to. */
  after?: string;
  /** Records told at once; 5,000 unless set. */
  batch?: number;
  /** A condition on `r` that narrows what is told, not what lies above it. */
  within?: RawBuilder<boolean>;
  /** Other records than the connection's stored ones. */
  source?: FactsSource;
}

export interface FactsSource {
  /**
   * Relation of the columns that `records` has under these names: id, external_id, kind, parent_id, container_id, title,
   * labels, author_id, created_at, modified_at, media_type, file_size, space_id, state, state_reason, body_due.
   */
  records: RawBuilder<unknown>;
  /** By `space_id`. */
  spaces: ReadonlyMap<string, NonNullable<Facts['space']>>;
}

/**
 * Tells the facts of all records of a connection, in the order of external ids and batch by batch, as they are at one
 * moment, with what `wanted` needs to know of the places above them: the settings in force or others that are tried.
 * Places that were never read or are gone ('pending') and what failed are not told: nobody is shown them.
 *
 * One transaction that reads only (and keeps the places above in a temporary table, which a million records do not fill
 * memory with). Where nothing above matters there is no walk: a batch is one statement.
 * @param onBatch not empty; false ends the walk. What it throws is thrown on
 */
export async function eachFacts(
  db: Kysely<Database>,
  connectionId: string,
  wanted: Wanted,
  onBatch: (batch: readonly ScopeFacts[]) => boolean | void | Promise<boolean | void>,
  { after = '', batch = 5_000, within, source }: FactsOptions = {},
): Promise<void> {
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const { records, spaces } = source ?? (await storedRecords(trx, connectionId));
      // A part is found once, by whatever plan suits it.
      if (within !== undefined) await makeScopePart(trx, records, within);
      await byIndex(trx);
      const above = looksAbove(wanted);
      if (above) await makeScopeAbove(trx, connectionId, wanted, records);
      for (let last = after; ;) {
        const rows = await readBatch(trx, {
          connectionId,
          wanted,
          above,
          records,
          isPart: within !== undefined,
          after: last,
          batch,
        });
        if (rows.length === 0) return;
        const told = await onBatch(rows.map((row) => toFacts(row, spaces)));
        if (told === false || rows.length < batch) return;
        last = rows.at(-1)!.external_id;
      }
    });
}

/** A temporary table `scope_part` (external_id), for the transaction. */
async function makeScopePart(
  trx: Db,
  records: RawBuilder<unknown>,
  within: RawBuilder<boolean>,
): Promise<void> {
  await sql`
    create temporary table scope_part on commit drop as
    select r.external_id from ${records} r where ${within}`.execute(trx);
  await sql`alter table scope_part add primary key (external_id)`.execute(trx);
}

/** Each place and each container is one probe of an index, whatever statistics say of tables just filled. */
async function byIndex(trx: Db): Promise<void> {
  await sql`
    select set_config(name, 'off', true)
    from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'jit']) as name`.execute(
    trx,
  );
}

async function storedRecords(trx: Db, connectionId: string): Promise<FactsSource> {
  const rows = await trx
    .selectFrom('spaces')
    .select(['id', 'key', 'type', 'status'])
    .where('connection_id', '=', connectionId)
    .execute();
  return {
    records: sql`(select * from records where connection_id = ${connectionId})`,
    spaces: new Map(rows.map(({ id, ...space }) => [id, space])),
  };
}

interface FactsRow extends OwnColumns {
  id: string;
  state: RecordState;
  state_reason: Reason | null;
  body_due: boolean;
  named: boolean | null;
  tree_label: boolean | null;
  choice: boolean | null;
  own_choice: boolean | null;
  container: (OwnColumns & { own_choice: boolean | null }) | null;
}

interface OwnColumns {
  external_id: string;
  kind: RecordKind;
  title: string;
  labels: string[];
  author_id: string | null;
  created: number | null;
  modified: number | null;
  media_type: string | null;
  file_size: string | number | null;
  space_id: string | number | null;
}

interface BatchRequest {
  connectionId: string;
  wanted: Wanted;
  above: boolean;
  records: RawBuilder<unknown>;
  isPart: boolean;
  after: string;
  batch: number;
}

async function readBatch(trx: Db, request: BatchRequest): Promise<FactsRow[]> {
  const { connectionId, wanted, above, records, isPart, after, batch } = request;
  const choiceOf = (reach: 'record' | 'space', id: string) =>
    wanted.choices
      ? sql`(select x.indexed from record_choices x
          where x.connection_id = ${connectionId} and x.reach = ${sql.lit(reach)} and x.external_id = ${sql.raw(id)})`
      : sql`null::boolean`;
  const { rows } = await sql<FactsRow>`
    with page as materialized (
      select r.* from ${
        isPart
          ? sql`scope_part part cross join lateral (
        select own.* from ${records} own where own.external_id = part.external_id offset 0) r`
          : sql`${records} r`
      }
      where ${sql.raw(isPart ? 'part' : 'r')}.external_id > ${after} and r.state not in ('pending', 'failed')
      order by ${sql.raw(isPart ? 'part' : 'r')}.external_id limit ${batch})
    select r.id::text as id, r.state, r.state_reason, r.body_due, ${ownColumns('r')}, ${choiceOf('record', 'r.external_id')} as own_choice,
      ${above ? sql`a.named, a.tree_label, coalesce(a.choice, ${choiceOf('space', 's.external_id')})` : sql`null as named, null as tree_label, null`} as choice,
      case when c.external_id is not null then (select to_jsonb(of) from (
        select ${ownColumns('c')}, ${choiceOf('record', 'c.external_id')} as own_choice) of) end as container
    from page r
    left join lateral (
      -- Fenced, as in scope-above.ts: one probe by id.
      select holder.* from ${records} holder
      where r.kind in ('comment', 'attachment') and holder.external_id = r.container_id
        and holder.kind in ('page', 'blogpost') offset 0) c on true
    ${above ? sql`left join scope_above a on a.external_id = coalesce(c.external_id, r.external_id)` : sql``}
    ${above && wanted.choices ? sql`left join spaces s on s.id = coalesce(c.space_id, r.space_id)` : sql``}
    order by r.external_id`.execute(trx);
  return rows;
}

const ownColumns = (alias: 'r' | 'c') =>
  sql.raw(`${alias}.external_id, ${alias}.kind, ${alias}.title, ${alias}.labels, ${alias}.author_id,
      (extract(epoch from ${alias}.created_at) * 1000)::float8 as created,
      (extract(epoch from ${alias}.modified_at) * 1000)::float8 as modified,
      ${alias}.media_type, ${alias}.file_size, ${alias}.space_id`);

function toFacts(row: FactsRow, spaces: FactsSource['spaces']): ScopeFacts {
  const above = {
    named: row.named === true,
    treeLabel: row.tree_label === true,
    choice: row.own_choice ?? row.container?.own_choice ?? row.choice,
  };
  const container =
    row.container === null
      ? null
      : ownFacts(row.container, { ...above, choice: row.container.own_choice ?? row.choice }, spaces);
  const { id, state, state_reason: reason, body_due: bodyDue } = row;
  return { id, state, reason, bodyDue, item: ownFacts(row, above, spaces), container };
}

function ownFacts(row: OwnColumns, above: Facts['above'], spaces: FactsSource['spaces']): Facts {
  return {
    kind: row.kind,
    externalId: row.external_id,
    space: row.space_id === null ? null : (spaces.get(String(row.space_id)) ?? null),
    labels: row.labels,
    authorId: row.author_id,
    createdAt: row.created,
    modifiedAt: row.modified,
    mediaType: row.media_type,
    fileSize: row.file_size === null ? null : Number(row.file_size),
    title: row.title,
    above,
  };
}
