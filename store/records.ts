import { sql } from 'kysely';
import { foldText } from '../content/fold.ts';
import { notedChanges } from './record-changes.ts';
import { goneSince, takenOver } from './records-taken-over.ts';
import { rowsAs } from './rows.ts';
import type { Db, RecordKind } from './schema.ts';

/** One record as content/ made it, ready to be stored. Times are ISO 8601. */
export interface RecordWrite {
  externalId: string;
  kind: RecordKind;
  /** External id of the space; null for what takes its container's. */
  spaceId: string | null;
  parentId: string | null;
  containerId: string | null;
  title: string;
  url: string;
  status: string;
  authorId: string | null;
  labels: string[] | null;
  version: number;
  createdAt: string | null;
  modifiedAt: string | null;
  mediaType: string | null;
  fileSize: number | null;
  attributes: Record<string, unknown>;
  digest: string;
  /** `rules`: the digest of those that it was rendered by (content/rules/rendering.ts); absent: the defaults. */
  body: { format: string; raw: string; markdown: string; text: string; cjk: string | null; rules?: string };
}

const columns = `external_id text, kind text, space_id text, parent_id text, container_id text, title text, url text,
  status text, author_id text, labels text[], version integer, created_at timestamptz, modified_at timestamptz,
  media_type text, file_size bigint, attributes jsonb, digest text,
  format text, raw text, markdown text, body text, cjk text, rules text,
  title_plain text, title_pairs text, body_plain text, body_pairs text`;

/** Digests of what is stored, by external id: what has an equal one need not be converted again. */
export async function loadDigests(
  db: Db,
  connectionId: string,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ external_id: string; digest: string }>`
    select external_id, digest from records
    where connection_id = ${connectionId} and external_id = any(${externalIds}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.external_id, row.digest]));
}

/**
 * Stores a batch of new or changed records with bodies and search words in ONE statement. Idempotent: identity is
 * connection + external id. A comment or attachment takes space and ACL of its container at once when that is
 * stored and settled; everything else stays hidden (acl_id null) until access is settled.
 * @param runId null: a permission sync, which reads places and says nothing about what a sync of content has seen
 * @param asOf when they were asked for (SyncContext.askedAt): a place that is stored from a later question stays
 *
 * One statement with data-modifying CTEs, because a round trip for each table costs more than the rows: 250 pages
 * of 4 KB take 0.9 ms each here, of which to_tsvector takes 0.5 (PostgreSQL 18, one core).
 */
export async function saveRecords(
  db: Db,
  connectionId: string,
  runId: string | null,
  records: readonly RecordWrite[],
  asOf: Date,
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(({ body, ...record }) => ({
    external_id: record.externalId,
    kind: record.kind,
    space_id: record.spaceId,
    parent_id: record.parentId,
    container_id: record.containerId,
    title: record.title,
    url: record.url,
    status: record.status,
    author_id: record.authorId,
    labels: record.labels,
    version: record.version,
    created_at: record.createdAt,
    modified_at: record.modifiedAt,
    media_type: record.mediaType,
    file_size: record.fileSize,
    attributes: record.attributes,
    digest: record.digest,
    format: body.format,
    raw: body.raw,
    markdown: body.markdown,
    body: body.text,
    cjk: body.cjk,
    rules: body.rules ?? '',
    ...folded(record.title, body.text),
  }));
  const digests = [
    ...new Set(records.flatMap(({ body }) => (body.format === 'storage' ? [body.rules ?? ''] : []))),
  ];
  await sql`
    with input as materialized (
      select input.*, coalesce(s.id, c.space_id) as own_space, c.acl_id,
        coalesce(input.labels, a.labels, '{}') as own_labels
      from ${rowsAs(rows, columns)}
      left join spaces s on s.connection_id = ${connectionId} and s.external_id = input.space_id
      left join records c on c.connection_id = ${connectionId} and c.external_id = input.container_id
      left join content_access a on a.connection_id = ${connectionId} and a.external_id = input.external_id),
    saved as (
      insert into records (connection_id, external_id, kind, space_id, parent_id, container_id, title, url, status,
        author_id, labels, version, created_at, modified_at, media_type, file_size, attributes, digest, acl_id, seen_run,
        synced_at)
      select ${connectionId}, external_id, kind, own_space, parent_id, container_id, title, url, status,
        author_id, own_labels, version, created_at, modified_at, media_type, file_size, attributes, digest, acl_id, ${runId},
        ${asOf}
      from input
      on conflict (connection_id, external_id) do update
      set ${takenOver}, digest = excluded.digest, body_due = false,
        -- What is left out stays so until it is decided anew, whatever was read of it.
        state = case when records.state = 'waiting' or (records.state = 'pending' and not ${goneSince(sql`excluded.synced_at`)})
          then 'indexed' else records.state end
      returning id, external_id),
    bodies as (
      insert into record_bodies (record_id, format, raw, markdown, text, rules)
      select saved.id, format, raw, markdown, body, rules from input join saved using (external_id)
      on conflict (record_id) do update
      set format = excluded.format, raw = excluded.raw, markdown = excluded.markdown, text = excluded.text,
        rules = excluded.rules),
    mixed as (
      update connections set rendered_rules = null
      where id = ${connectionId} and rendered_rules <> any(${digests}::text[])),
    ${notedChanges(connectionId, runId, { of: 'all', asOf })}
    insert into record_search (record_id, words, cjk, modified_at)
    select saved.id, sluice_words_folded(title_plain, title_pairs,
      sluice_cut(names), sluice_shifted(names), body_plain, body_pairs), cjk, modified_at
    from (select *, sluice_plain(array_to_string(own_labels, ' ')) as names from input) input
    join saved using (external_id)
    on conflict (record_id) do update
    set words = excluded.words, cjk = excluded.cjk, modified_at = excluded.modified_at`.execute(db);
  await forgetVanished(
    db,
    connectionId,
    records.map(({ externalId }) => externalId),
    asOf,
  );
}

/** What is stored from a later question than the one that it did not answer is not missing any more. */
export async function forgetVanished(
  db: Db,
  connectionId: string,
  ids: readonly string[],
  asOf: Date,
): Promise<void> {
  await sql`
    delete from vanished
    where connection_id = ${connectionId} and external_id = any(${ids}::text[]) and since <= ${asOf}`.execute(
    db,
  );
}

/** Texts for the search vector, folded here rather than in PostgreSQL (migrations/0006_search.sql says why). */
function folded(title: string, text: string) {
  const head = foldText(title, 1_000);
  const body = foldText(text);
  return {
    title_plain: head.plain,
    title_pairs: head.pairs,
    body_plain: body.plain,
    body_pairs: body.pairs,
  };
}

export interface PlaceWrite {
  externalId: string;
  spaceId: string | null;
  parentId: string | null;
  containerId: string | null;
  status: string;
  url: string;
}

/**
 * Notes that a run saw records whose content did not change. Moves arrive here: place, status and address are
 * updated, and what moved is hidden until access is settled anew.
 * @param runId null: a permission sync, as for saveRecords
 */
export async function touchRecords(
  db: Db,
  connectionId: string,
  runId: string | null,
  places: readonly PlaceWrite[],
  asOf: Date,
): Promise<void> {
  if (places.length === 0) return;
  const rows = places.map((place) => ({
    external_id: place.externalId,
    space_id: place.spaceId,
    parent_id: place.parentId,
    container_id: place.containerId,
    status: place.status,
    url: place.url,
  }));
  await sql`
    with input as materialized (
      select input.external_id, input.parent_id, input.status, input.url, input.container_id,
        coalesce(s.id, c.space_id) as own_space, c.acl_id
      from ${rowsAs(
        rows,
        'external_id text, space_id text, parent_id text, container_id text, status text, url text',
      )}
      left join spaces s on s.connection_id = ${connectionId} and s.external_id = input.space_id
      left join records c on c.connection_id = ${connectionId} and c.external_id = input.container_id),
    ${notedChanges(connectionId, runId, { of: 'place', asOf })}
    update records
    set seen_run = coalesce(${runId}::uuid, records.seen_run), synced_at = greatest(records.synced_at, ${asOf}),
      state = case when records.state = 'pending' and not ${goneSince(sql`${asOf}::timestamptz`)}
        then case when records.body_due then 'waiting' else 'indexed' end else records.state end,
      attributes = case when records.synced_at <= ${asOf} then records.attributes - 'gone' else records.attributes end,
      parent_id = case when records.synced_at <= ${asOf} then p.parent_id else records.parent_id end,
      space_id = case when records.synced_at <= ${asOf} then p.own_space else records.space_id end,
      status = p.status, url = p.url, container_id = p.container_id,
      acl_id = case when ${goneSince(sql`${asOf}::timestamptz`)} then records.acl_id
        when p.container_id is not null then p.acl_id
        when records.container_id is not null
        or (records.synced_at <= ${asOf} and (records.parent_id is distinct from p.parent_id
          or records.space_id is distinct from p.own_space)) then null else records.acl_id end
    from input p
    where records.connection_id = ${connectionId} and records.external_id = p.external_id`.execute(db);
  await forgetVanished(
    db,
    connectionId,
    places.map(({ externalId }) => externalId),
    asOf,
  );
}

/**
 * The page or blog post, stored and not left out, that each comment or attachment belongs to: named by itself, or by
 * the comment that it replies to (in the same batch or stored before). Items without one are absent.
 * @param among the kinds of content whose comments, or attachments, are wanted at all
 */
export async function containersOf(
  db: Db,
  connectionId: string,
  items: readonly { id: string; containerId: string | null; parentId: string | null }[],
  among: readonly ('page' | 'blogpost')[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ external_id: string; kind: RecordKind; container_id: string | null }>`
    select r.external_id, r.kind, r.container_id from records r
    -- Offset 0: a probe of the index for each, whatever statistics of a table just filled say.
    cross join lateral (
      select h.kind, h.state from records h
      where h.connection_id = ${connectionId}
        and h.external_id = case r.kind when 'comment' then r.container_id else r.external_id end
      offset 0) holder
    where r.connection_id = ${connectionId} and r.kind in ('page', 'blogpost', 'comment')
      and holder.kind = any(${[...among]}::text[]) and holder.state not in ('filtered', 'manual')
      and r.external_id = any(${[...new Set(items.flatMap(({ containerId, parentId }) => containerId ?? parentId ?? []))]}::text[])`.execute(
    db,
  );
  const stored = new Map(
    rows.map((row) => [row.external_id, row.kind === 'comment' ? row.container_id : row.external_id]),
  );
  const inBatch = new Map(items.map((item) => [item.id, item]));
  const containers = new Map<string, string>();
  for (const item of items) {
    // Replies nest; a circle of parents ends the walk without a container.
    const passed = new Set<string>();
    let at: typeof item | undefined = item;
    while (at !== undefined && !passed.has(at.id)) {
      passed.add(at.id);
      const found: string | null | undefined = stored.get(at.containerId ?? at.parentId ?? '');
      if (found !== undefined && found !== null) containers.set(item.id, found);
      if (containers.has(item.id) || at.containerId !== null) break;
      at = inBatch.get(at.parentId ?? '');
    }
  }
  return containers;
}
