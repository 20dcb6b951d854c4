-- What permission syncs have read, batch by batch: how long each thing had waited, and what its reading cost. The pace of
-- the next runs, and how fresh permissions are, are computed from it.
create table permission_readings (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  run_id uuid not null,
  at timestamptz not null default now(),
  kind text not null check (kind in ('product', 'space', 'content', 'group', 'account')),
  units integer not null,
  gap_seconds integer, -- the longest time since the reading before; null: nothing of it was read before
  requests integer not null,
  points integer not null
);
create index permission_readings_newest on permission_readings (connection_id, at desc);
