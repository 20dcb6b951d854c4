-- What a sweep's walk is of, and which brake holds what.

alter table sweep_parts
  -- External ids of the spaces that the walk under way lists; empty: the whole site.
  add column space_ids text[] not null default '{}',
  -- The walk has come to its end; what it did not hold is still to be asked for.
  add column walked boolean not null default false;

alter table vanished
  -- When it was last asked for by itself, in every status; null: never.
  add column asked_at timestamptz,
  -- The brake that an administrator is asked by before it is removed.
  add column brake_id uuid references deletion_brakes on delete set null;
create index vanished_brake on vanished (brake_id) where brake_id is not null;
