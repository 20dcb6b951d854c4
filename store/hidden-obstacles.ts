import { sql, type RawBuilder } from 'kysely';

/** Why something is hidden from everybody, in the order in which it is told: what hides most comes first. */
export const hiddenCauses = ['product', 'space', 'place', 'restriction', 'unread', 'held', 'unseen'] as const;
export type HiddenCause = (typeof hiddenCauses)[number];

/**
 * CTE definitions that end in `obstacles` (rank, cause, key, detail, reason, stage, since): each thing of a
 * connection that hides itself, and what hangs on it, from everybody. `key` is the external id, or `product`; `stage`
 * the stage of a failure that may tell more (store/failures.ts).
 *
 * A layer that admits only groups whose members could not be read, or nobody whom Confluence identifies, hides as much
 * as one that was not read. What is merely below an obstacle is none itself. Content without an ACL is found by walking
 * the table of records (acl_id is in no index): the whole list takes under 2 s for 1,000,000 records, 20,000 of them
 * hidden, and 100,000 ACLs (PostgreSQL 18, two busy cores).
 */
export function obstacles(connectionId: string): RawBuilder<unknown> {
  return sql`
    known_groups as materialized (
      select 'group:' || group_id as principal from atlassian_groups
      where connection_id = ${connectionId} and members_state = 'known'),
    unknown as materialized (
      select kind, id, source_id, nullif(as_of, '-infinity') as as_of,
        case when state = 'unknown' then null when principals = '{}' then 'nobody' else 'groups' end as detail,
        case when state = 'unknown' then reason
        when principals = '{}' then 'It names nobody whom Confluence identifies.'
        else 'It admits only groups whose members could not be read: ' || (
          select string_agg(coalesce(g.name, substr(p, 7)), ', ' order by p) from unnest(l.principals) p
          left join atlassian_groups g on g.connection_id = ${connectionId} and 'group:' || g.group_id = p
          where p like 'group:%') || '.' end as reason
      from acl_layers l
      where l.connection_id = ${connectionId} and (l.state = 'unknown' or not exists (
        select from unnest(l.principals) p
        where p like 'user:%' or p like 'class:a%' or p in (select principal from known_groups)))),
    unsettled as materialized (
      select r.id, r.external_id, r.kind, r.parent_id, r.space_id, r.state, r.status, r.title = '' as nameless,
        r.attributes ? 'unreadable' as unreadable, r.synced_at
      from records r
      where r.connection_id = ${connectionId} and r.acl_id is null
        and (r.kind not in ('comment', 'attachment') or r.state = 'pending')),
    judged as materialized (
      select u.*, case
        when h.external_id is not null then null
        when u.state = 'pending' and (u.unreadable or u.nameless)
          and u.kind in ('folder', 'whiteboard', 'database', 'embed') then 'place'
        when u.state = 'pending' then 'unseen'
        when u.status <> 'current' then 'place'
        when a.external_id is null then 'unread'
        when u.parent_id is null and s.layer_id is null then 'place'
        when u.parent_id is not null and up.id is null then 'below nothing'
        when u.parent_id is not null and up.state <> 'pending' and up.space_id is distinct from u.space_id then 'place'
        end as cause,
        case
        when u.state = 'pending' then case when u.unreadable then 'unreadable' else 'found' end
        when u.status <> 'current' then u.status
        when u.parent_id is null then 'no space'
        else 'other space' end as detail
      from unsettled u
      left join record_holds h on h.connection_id = ${connectionId} and h.external_id = u.external_id
      left join content_access a on a.connection_id = ${connectionId} and a.external_id = u.external_id
      left join spaces s on s.id = u.space_id
      left join records up on up.connection_id = ${connectionId} and up.external_id = u.parent_id),
    obstacles as materialized (
      select 1 as rank, 'product' as cause, 'product' as key, u.detail,
        coalesce(u.reason, 'not read yet') as reason, null as stage, u.as_of as since
      from (select) one left join unknown u on u.kind = 'product'
      where (u.id is not null or not exists (select from acl_layers l
          where l.connection_id = ${connectionId} and l.kind = 'product'))
        and exists (select from records r where r.connection_id = ${connectionId})
      union all
      select 2, 'space', s.external_id, u.detail, coalesce(u.reason, 'not read yet'), 'spaces', u.as_of
      from spaces s left join unknown u on u.id = s.layer_id
      where s.connection_id = ${connectionId} and (s.layer_id is null or u.id is not null)
      union all
      select 3, 'place', external_id, detail, null, 'folders', null from judged where cause = 'place'
      union all
      select 3, 'place', parent_id, 'absent', null, null, null from judged where cause = 'below nothing'
      group by parent_id
      union all
      select 4, 'restriction', u.source_id, u.detail, u.reason, 'restrictions', u.as_of
      from unknown u join content_access a on a.connection_id = ${connectionId}
        and a.external_id = u.source_id and a.layer_id = u.id
      where u.kind = 'content'
      union all
      select 5, 'unread', external_id, null, null, 'restrictions', null from judged where cause = 'unread'
      union all
      select 6, 'held', external_id, null, reason, null, created_at from record_holds
      where connection_id = ${connectionId}
      union all
      select 7, 'unseen', external_id, null, null, null, synced_at from judged where cause = 'unseen')`;
}

/**
 * How many records hang on the obstacle `o`, itself included, as a scalar subquery; it stops counting above `most`.
 */
export function hangingOn(connectionId: string, most: number): RawBuilder<number> {
  return sql<number>`(case o.cause
    when 'product' then (select count(*) from (
      select from records r where r.connection_id = ${connectionId} limit ${most + 1}) counted)
    when 'space' then (select count(*) from (
      select from spaces s join records r on r.space_id = s.id
      where s.connection_id = ${connectionId} and s.external_id = o.key limit ${most + 1}) counted)
    else (
      with recursive below as (
        select o.key as external_id
        union
        select c.external_id from below b
        join records c on c.connection_id = ${connectionId} and c.parent_id = b.external_id
          and c.kind not in ('comment', 'attachment'))
      select count(*) from (
        select from below b
        join records r on r.connection_id = ${connectionId} and r.external_id = b.external_id
        union all
        select from below b
        join records i on i.connection_id = ${connectionId} and i.container_id = b.external_id
          and i.kind in ('comment', 'attachment')
        limit ${most + 1}) counted)
    end)::integer`;
}
