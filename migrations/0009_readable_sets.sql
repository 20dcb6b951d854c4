-- What each viewer may read, kept between searches, and every change that could make that wrong.

-- Changes of layers and ACLs, one row a statement, written by the triggers below. A kept set is good in a statement
-- exactly when that statement sees no row here whose transaction the set's snapshot did not see
-- (store/readable-sets.ts). Nothing is counted up and no row is locked, so parallel batches do not wait for each other.
create table access_changes (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  layer_ids bigint[] not null default '{}',
  acl_ids bigint[] not null default '{}'
);
create index access_changes_xid on access_changes (xid);

-- One row. What was noted by transactions before `xid` may be gone from access_changes, so older sets are void.
-- Transactions are numbered by each cluster of its own accord: after a restore into another one, nothing kept counts.
create table access_horizon (
  cluster bigint not null,
  xid xid8 not null
);
insert into access_horizon values (0, '0');

-- ACL ids in chunks of 16,384, a bit each. About 12 kB for 100,000 ACLs before compression; nobody has more than a row.
create table readable_sets (
  user_id uuid primary key references users on delete cascade,
  snapshot pg_snapshot not null,
  held bytea not null,       -- SHA-256 of the principals by which the set was judged
  chunks bigint[] not null,  -- acl id >> 14
  space_ids bigint[],        -- all spaces that hold what it admits to, where they are few; else null
  bits bit(16384)[] not null -- of the chunk at the same place: bit acl id & 16383
);

-- In which spaces records of an ACL stand, or stood; 0 for none. Who sees little is searched for in few spaces. Where
-- an ACL comes to another space, that is noted as a change of the ACL.
create table acl_spaces (
  acl_id bigint not null,
  space_id bigint not null,
  primary key (acl_id, space_id)
);
insert into acl_spaces select distinct acl_id, coalesce(space_id, 0) from records where acl_id is not null;

-- Which ACLs a changed layer concerns.
create index acls_layers on acls using gin (layer_ids);

create function sluice_note_access_change(layers bigint[], acls bigint[]) returns void
  language plpgsql as $$
declare
  noted bigint;
  horizon xid8;
begin
  if layers is null and acls is null then return; end if;
  insert into access_changes (layer_ids, acl_ids) values (coalesce(layers, '{}'), coalesce(acls, '{}'))
    returning id into noted;
  -- Some 10,000 rows are kept, and what a transaction that is still open could have missed. Whoever else cleans up at
  -- this moment is not waited for.
  if noted % 1000 = 0 then
    perform from access_horizon for update skip locked;
    if found then
      select least(c.xid, pg_snapshot_xmin(pg_current_snapshot())) into horizon
        from access_changes c where c.id <= noted - 10000 order by c.id desc limit 1;
      if horizon is not null then
        update access_horizon h set xid = greatest(h.xid, horizon);
        delete from access_changes c where c.xid < horizon;
      end if;
    end if;
  end if;
end $$;

create function sluice_layers_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    -- Most readings find what is stored already: only what admits others than before is noted.
    perform sluice_note_access_change((
      select array_agg(n.id) from new_rows n join old_rows o on o.id = n.id
      where (o.connection_id, o.state, o.principals) is distinct from (n.connection_id, n.state, n.principals)), null);
  else
    perform sluice_note_access_change((select array_agg(id) from old_rows), null);
  end if;
  return null;
end $$;

create function sluice_acls_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform sluice_note_access_change(null, (select array_agg(id) from new_rows));
  elsif tg_op = 'UPDATE' then
    perform sluice_note_access_change(null, (
      select array_agg(n.id) from new_rows n join old_rows o on o.id = n.id
      where (o.connection_id, o.layer_ids) is distinct from (n.connection_id, n.layer_ids)));
  else
    perform sluice_note_access_change(null, (select array_agg(id) from old_rows));
    delete from acl_spaces where acl_id in (select id from old_rows);
  end if;
  return null;
end $$;

create function sluice_records_placed() returns trigger language plpgsql as $$
declare
  placed bigint[];
begin
  with added as (
    insert into acl_spaces as a
    select distinct n.acl_id, coalesce(n.space_id, 0) from new_rows n
    where n.acl_id is not null and not exists (
      select from acl_spaces p where p.acl_id = n.acl_id and p.space_id = coalesce(n.space_id, 0))
    order by 1, 2
    on conflict do nothing returning a.acl_id)
  select array_agg(distinct acl_id) into placed from added;
  perform sluice_note_access_change(null, placed);
  return null;
end $$;

-- What a truncation took cannot be named, so whatever was kept before its end is void.
create function sluice_access_truncated() returns trigger language plpgsql as $$
begin
  update access_horizon set xid = (pg_current_xact_id()::text::bigint + 1)::text::xid8;
  return null;
end $$;

-- A new layer is in no ACL yet, so its insertion concerns nobody.
create trigger acl_layers_updated after update on acl_layers
  referencing old table as old_rows new table as new_rows for each statement execute function sluice_layers_changed();
create trigger acl_layers_deleted after delete on acl_layers
  referencing old table as old_rows for each statement execute function sluice_layers_changed();
create trigger acls_inserted after insert on acls
  referencing new table as new_rows for each statement execute function sluice_acls_changed();
create trigger acls_updated after update on acls
  referencing old table as old_rows new table as new_rows for each statement execute function sluice_acls_changed();
create trigger acls_deleted after delete on acls
  referencing old table as old_rows for each statement execute function sluice_acls_changed();
create trigger records_inserted after insert on records
  referencing new table as new_rows for each statement execute function sluice_records_placed();
create trigger records_updated after update on records
  referencing new table as new_rows for each statement execute function sluice_records_placed();
create trigger acl_layers_truncated after truncate on acl_layers
  for each statement execute function sluice_access_truncated();
create trigger acls_truncated after truncate on acls
  for each statement execute function sluice_access_truncated();

-- Also where triggers are off for a replication session.
alter table acl_layers enable always trigger acl_layers_updated, enable always trigger acl_layers_deleted,
  enable always trigger acl_layers_truncated;
alter table acls enable always trigger acls_inserted, enable always trigger acls_updated,
  enable always trigger acls_deleted, enable always trigger acls_truncated;
alter table records enable always trigger records_inserted, enable always trigger records_updated;

-- Of a frequent word only the newest texts are met (search/reach.ts), and those that have it in title or labels. A time
-- is in one index with the words, as its month of 30 days and, negative, its day: both together are then found without
-- listing either, where two indexes, combined, list all that was modified since.
create function sluice_eras(at timestamptz) returns int[] language sql immutable parallel safe as $$
  select case when isfinite(at) then
    array[floor(extract(epoch from at) / 2592000)::int, -floor(extract(epoch from at) / 86400)::int] end
$$;
alter table record_search add column modified_at timestamptz;
drop index record_search_words;
update record_search s set modified_at = r.modified_at from records r where r.id = s.record_id;
create index record_search_words on record_search using gin (words, sluice_eras(modified_at))
  with (gin_pending_list_limit = 65536);
create index record_search_head on record_search using gin (head) with (gin_pending_list_limit = 65536);
