-- Which records are wanted: by filters, labels, toggles and by hand; and what was done with each.

alter table records
  drop constraint records_state_check,
  -- 'waiting': wanted, and its body is still to be read. 'pending' is a place that was never read, or is gone.
  add constraint records_state_check
    check (state in ('indexed', 'pending', 'waiting', 'filtered', 'failed', 'manual')),
  -- Of 'filtered' and 'manual': the first of scope/decide.ts's rules that leaves it out.
  add column state_reason text,
  -- The stored body is missing or older than the record: it is read once the record is wanted.
  add column body_due boolean not null default false;
create index records_body_due on records (connection_id) where body_due;

-- What somebody chose by hand; the nearest choice counts: the record's own, the nearest place's above, the space's.
create table record_choices (
  connection_id uuid not null references connections on delete cascade,
  reach text not null check (reach in ('record', 'subtree', 'space')),
  external_id text not null, -- of the record, of the place at the top, or of the space
  indexed boolean not null,
  chosen_by uuid references users on delete set null,
  chosen_at timestamptz not null default now(),
  primary key (connection_id, reach, external_id)
);

-- A list of records under a name, by the filters that make it: for indexing and un-indexing at once.
create table record_selections (
  id uuid primary key default gen_random_uuid(),
  connection_id uuid not null references connections on delete cascade,
  name text not null,
  query jsonb not null,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  unique (connection_id, name)
);

-- What Sluice did with a record, newest last.
create table record_events (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  at timestamptz not null default now(),
  run_id uuid,
  what text not null,
  detail jsonb not null default '{}'
);
create index record_events_record on record_events (connection_id, external_id, id);
create index record_events_age on record_events using brin (at);
