import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';
import { principalsOf } from './viewer-accounts.ts';
import { readableAcls, type ViewerId } from './visibility.ts';

/**
 * CTE definitions that end in `readable` (chunk, bits): every ACL that the viewer may read, a bit each, and `fresh`
 * (one row when `readable` is good, with `space_ids`: all spaces that hold what is readable, or null when they are many). What `isReadable` reads.
 */
export type Readable = RawBuilder<unknown>;

/** Bits of a chunk; ids are cut by it. Also in migrations/0009_readable_sets.sql. */
const chunkBits = 16_384;

/** Whoever may read no more ACLs than this, in no more spaces, sees little: what there is is looked for there. */
const fewAcls = 5_000;
const fewSpaces = 20;

/**
 * The viewer's set as it was kept, where it is good at this statement's own moment; else no `fresh` row, and nothing is
 * readable. Good means: judged by the principals that the viewer holds now, and no change of a layer or an ACL is seen
 * by this statement that the set's snapshot did not see. That is decided inside the statement that uses the set: in a
 * statement before it, the set of one moment would meet the records of another.
 *
 * 0.4 ms: a dozen index look-ups for the principals, one for the set, one for changes from the oldest transaction on
 * that was open when the set was judged.
 */
export function keptReadable(viewer: ViewerId): Readable {
  return sql`
    ${principalsOf(viewer)},
    fresh as materialized (${keptSet(viewer, sql`and not exists (${changesSince(sql`k`)})`)}),
    readable as materialized (select u.chunk, u.bits from fresh cross join lateral unnest(chunks, bits) u (chunk, bits))`;
}

/**
 * The same judged now: for where nothing can be kept, a tenth of a second and more with 100,000 ACLs; and for a few ACLs, which needs
 * no kept set.
 * @param among subquery of ACL ids: only these are judged
 */
export function judgedReadable(viewer: ViewerId, among?: RawBuilder<unknown>): Readable {
  return sql`fresh as (select null::bigint[] as space_ids), readable as materialized (${judgedChunks(viewer, among)})`;
}

/** The query of `readable` alone: to judge further ACLs in the same statement, under another name. */
export function judgedChunks(viewer: ViewerId, among?: RawBuilder<unknown>): RawBuilder<unknown> {
  return chunksOf(sql`select id from ${readableAcls(viewer, among)} acl`);
}

/**
 * Whether an ACL, by its id, is in `readable`.
 * @param chunks another CTE of the same shape
 *
 * As a comparison "<> 0" the planner takes it for true of nearly every row, and goes along an index until there are
 * enough. Joined, it took it for one row in a hundred, and sorted a million.
 */
export function isReadable(
  aclId: RawBuilder<unknown>,
  chunks: RawBuilder<unknown> = sql`readable`,
): RawBuilder<boolean> {
  return sql<boolean>`coalesce((select get_bit(c.bits, (${aclId} & 16383)::int) from ${chunks} c
    where c.chunk = ${aclId} >> 14), 0) <> 0`;
}

/**
 * Asks a statement that uses the viewer's kept set, and judges the set anew where it is not good any more.
 * @param ask runs a statement with these CTEs; null when there was no `fresh` row
 */
export async function askReadable<T>(
  db: Db,
  viewer: ViewerId,
  ask: (readable: Readable) => Promise<T | null>,
): Promise<T> {
  // A site may change faster than sets are judged: then nothing is kept.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await ask(keptReadable(viewer));
    if (answer !== null) return answer;
    if (!(await refreshReadable(db, viewer))) break;
  }
  const answer = await ask(judgedReadable(viewer));
  if (answer === null) throw new Error('A statement without a kept set gave no answer.');
  return answer;
}

/**
 * Judges the viewer's set anew and keeps it, with the snapshot by which it was judged, in one statement. Of a set that
 * was judged by the same principals, only the ACLs are judged that changed since, themselves or by a layer of theirs.
 * @returns false where nothing can be kept: no such user, or inside a transaction. Others would wait for its end, and
 * its own later changes would bear the same number as its earlier ones, which the set has seen.
 *
 * All of 100,000 ACLs: a tenth of a second, most of it for comparing all layers with what the viewer holds, or half a
 * second for a viewer who may read them all. After a change of one restriction: 5 ms, by the index acls_layers.
 */
export async function refreshReadable(db: Db, viewer: ViewerId): Promise<boolean> {
  if (db.isTransaction) return false;
  await adoptCluster(db);
  return (await judgeChanged(db, viewer)) || (await judgeAll(db, viewer));
}

async function judgeAll(db: Db, viewer: ViewerId): Promise<boolean> {
  return keep(
    db,
    viewer,
    sql`
    judged_ids as materialized (select id from ${readableAcls(viewer)} acl),
    nearby as (select space_id from acl_spaces where acl_id in (select id from judged_ids)),
    united as materialized (${chunksOf(sql`select id from judged_ids`)}),
    kept as (select '{}'::bigint[] as space_ids)`,
  );
}

/** Gives false without a kept set by the same principals, or where its changes are not known any more. */
async function judgeChanged(db: Db, viewer: ViewerId): Promise<boolean> {
  return keep(
    db,
    viewer,
    sql`
    kept as materialized (${keptSet(viewer)}),
    changes as materialized (select c.* from kept k cross join lateral (${changesSince(sql`k`)}) c),
    affected as materialized (
      select id from acls where exists (select from changes where layer_ids <> '{}')
        and layer_ids && (select array_agg(distinct layer_id) from changes, unnest(layer_ids) layer_id)
      union
      select acl_id from changes, unnest(acl_ids) acl_id),
    judged_ids as materialized (select id from ${readableAcls(viewer, sql`(select id from affected)`)} acl),
    judged as materialized (${chunksOf(sql`select id from judged_ids`)}),
    nearby as (
      select space_id from acl_spaces where acl_id in (select id from judged_ids)
      union select space_id from kept, unnest(space_ids) space_id),
    unjudged as (
      select chunk, ~bits as bits from (${chunksOf(sql`select id from affected`)}) affected),
    remaining as (
      select chunk, u.bits & coalesce(unjudged.bits, ~0::bit(${sql.lit(chunkBits)})) as bits
      from kept cross join lateral unnest(chunks, bits) u (chunk, bits) left join unjudged using (chunk)),
    united as (
      select chunk, bit_or(bits) as bits from (select * from judged union all select * from remaining) parts
      group by chunk having bit_or(bits) <> 0::bit(${sql.lit(chunkBits)}))`,
  );
}

/** Keeps what CTEs `united` (chunk, bits), `judged_ids`, `nearby` (space_id) say, where there is one of `kept` (space_ids). */
async function keep(db: Db, viewer: ViewerId, judged: RawBuilder<unknown>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with ${principalsOf(viewer)}, ${judged}
    insert into readable_sets (user_id, snapshot, held, chunks, bits, space_ids)
    select u.id, pg_current_snapshot(), ${digestOfHeld},
      (select coalesce(array_agg(chunk order by chunk), '{}') from united),
      (select coalesce(array_agg(bits order by chunk), '{}') from united),
      case when kept.space_ids is not null and (select count(*) from judged_ids) <= ${fewAcls}
        then (select coalesce(array_agg(space_id), '{}') from nearby having count(*) <= ${fewSpaces}
          and not coalesce(bool_or(space_id = 0), false)) end
    from users u cross join kept
    where u.id = ${viewer.userId} and pg_current_xact_id_if_assigned() is null
    on conflict (user_id) do update
    set snapshot = excluded.snapshot, held = excluded.held, chunks = excluded.chunks, bits = excluded.bits,
      space_ids = excluded.space_ids`.execute(db);
  return numAffectedRows === 1n;
}

/**
 * Whether the viewer sees few spaces, as far as is kept: a hint for choosing a way to search, never who may see what.
 * Where nothing is kept yet, it is judged first: a guest's first search, gone the way of those who see much, would meet
 * every match.
 */
export async function seesFewSpaces(db: Db, viewer: ViewerId): Promise<boolean> {
  const few = await keptAsFew(db, viewer);
  if (few !== undefined) return few;
  await refreshReadable(db, viewer);
  return (await keptAsFew(db, viewer)) ?? false;
}

async function keptAsFew(db: Db, viewer: ViewerId): Promise<boolean | undefined> {
  const row = await db
    .selectFrom('readable_sets')
    .select((eb) => eb('space_ids', 'is not', null).as('few'))
    .where('user_id', '=', viewer.userId)
    .executeTakeFirst();
  return row === undefined ? undefined : row.few === true;
}

/** Which principals the viewer holds, account by account: other people's memberships do not concern the set. */
const digestOfHeld = sql`(
  select sha256(convert_to(coalesce(json_agg(json_build_array(connection_id, account_id, principal)
    order by connection_id, account_id collate "C", principal collate "C")::text, ''), 'UTF8')) from viewer_principals)`;

/** The kept set as `k`, if it was judged by the same principals, here, and if all changes since are still known. */
function keptSet(viewer: ViewerId, condition = sql``): RawBuilder<unknown> {
  return sql`
    select k.snapshot, k.chunks, k.bits, k.space_ids
    from readable_sets k join access_horizon h on pg_snapshot_xmin(k.snapshot) >= h.xid
    where k.user_id = ${viewer.userId} and h.cluster = ${cluster} and k.held = ${digestOfHeld} ${condition}`;
}

function changesSince(kept: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select c.layer_ids, c.acl_ids from access_changes c
    where c.xid >= pg_snapshot_xmin(${kept}.snapshot) and not pg_visible_in_snapshot(c.xid, ${kept}.snapshot)`;
}

function chunksOf(ids: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select id >> 14 as chunk, bit_or(set_bit(0::bit(${sql.lit(chunkBits)}), (id & 16383)::int, 1)) as bits
    from (${ids}) ids group by 1`;
}

const cluster = sql`(select system_identifier from pg_control_system())`;

/**
 * Numbers of transactions mean nothing in another cluster than the one that gave them, where a dump was restored: what
 * was kept and noted there is dropped. Until that is done, nothing kept is good.
 */
async function adoptCluster(db: Db): Promise<void> {
  await sql`
    with adopted as (
      update access_horizon set cluster = ${cluster}, xid = '0' where cluster <> ${cluster} returning 1),
    forgotten as (delete from readable_sets where exists (select from adopted))
    delete from access_changes where exists (select from adopted)`.execute(db);
}
