import { sql, type RawBuilder } from 'kysely';

/**
 * What an answer (`excluded`) says of a record that is stored already, for `on conflict do update set`: all of the row
 * but state, digest and whether its body is due. A place that is stored from a later question stays.
 */
export const takenOver = sql`kind = excluded.kind,
  space_id = case when records.synced_at <= excluded.synced_at then excluded.space_id else records.space_id end,
  parent_id = case when records.synced_at <= excluded.synced_at then excluded.parent_id else records.parent_id end,
  container_id = excluded.container_id, title = excluded.title, url = excluded.url, status = excluded.status,
  author_id = excluded.author_id, labels = excluded.labels, version = excluded.version,
  created_at = excluded.created_at, modified_at = excluded.modified_at, media_type = excluded.media_type,
  file_size = excluded.file_size,
  attributes = excluded.attributes || case when ${goneSince(sql`excluded.synced_at`)}
    then '{"gone": true}'::jsonb else '{}' end,
  -- What moved is hidden until access is settled anew: its old ACL may be wider than the new place's.
  acl_id = case when ${goneSince(sql`excluded.synced_at`)} then records.acl_id
    -- What follows its page has the page's, also when it comes back after it was hidden.
    when excluded.container_id is not null then excluded.acl_id
    when records.container_id is not null or (records.synced_at <= excluded.synced_at and (records.parent_id is distinct from excluded.parent_id
        or records.space_id is distinct from excluded.space_id)) then excluded.acl_id else records.acl_id end,
  seen_run = coalesce(excluded.seen_run, records.seen_run), synced_at = greatest(records.synced_at, excluded.synced_at)`;

/** Whether a record was found gone (gone.ts) by a later question than that of `asOf`: an older answer does not bring it back. */
export function goneSince(asOf: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(records.attributes ? 'gone' and records.synced_at > ${asOf})`;
}
