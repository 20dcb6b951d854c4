-- Runs of a sync, where each of its streams stands, and what went wrong.

create table sync_runs (
  id uuid primary key default gen_random_uuid(),
  connection_id uuid not null references connections on delete cascade,
  kind text not null check (kind in ('full', 'incremental', 'permissions', 'sweep')),
  trigger text not null default 'manual' check (trigger in ('manual', 'schedule', 'setup')),
  state text not null default 'queued'
    check (state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  cause text,
  message text,
  seen bigint not null default 0,
  indexed bigint not null default 0,
  unchanged bigint not null default 0,
  filtered bigint not null default 0,
  failed bigint not null default 0,
  deleted bigint not null default 0,
  requests bigint not null default 0,
  points bigint not null default 0,
  waiting_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now()
);
create index sync_runs_connection on sync_runs (connection_id, created_at desc);
create unique index sync_runs_one_at_a_time on sync_runs (connection_id)
  where state in ('queued', 'running', 'waiting');

create table sync_stages (
  run_id uuid not null references sync_runs on delete cascade,
  stage text not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  done bigint not null default 0,
  total bigint, -- an estimate; null while nothing can be said
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (run_id, stage)
);

create table sync_log (
  id bigint generated always as identity primary key,
  run_id uuid not null references sync_runs on delete cascade,
  at timestamptz not null default now(),
  level text not null check (level in ('debug', 'info', 'warning', 'error')),
  message text not null,
  item text,
  url text,
  status integer,
  trace_id text,
  details jsonb
);
create index sync_log_run on sync_log (run_id, id);

create table sync_failures (
  connection_id uuid not null references connections on delete cascade,
  stage text not null,
  external_id text not null,
  run_id uuid references sync_runs on delete set null,
  title text not null default '',
  url text,
  status integer,
  trace_id text,
  message text not null,
  attempts integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  next_retry_at timestamptz,
  primary key (connection_id, stage, external_id)
);

-- Where a stream of a scope stands. Written only in the transaction that stores the records before it.
create table checkpoints (
  connection_id uuid not null references connections on delete cascade,
  stream text not null,
  scope text not null default '',
  run_id uuid,
  cursor text,
  done boolean not null default false,
  high_water timestamptz, -- by the source's clock: what was modified before it is stored
  updated_at timestamptz not null default now(),
  primary key (connection_id, stream, scope)
);
