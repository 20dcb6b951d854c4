-- Dry runs: what a full sync would do, read from the site and stored beside everything else.

-- A kind of its own: whatever asks for the last full or incremental sync never meets one.
alter table sync_runs
  drop constraint sync_runs_kind_check,
  add constraint sync_runs_kind_check check (kind in ('full', 'incremental', 'permissions', 'sweep', 'dry_run'));

create table dry_runs (
  run_id uuid primary key references sync_runs on delete cascade,
  connection_id uuid not null references connections on delete cascade,
  settings jsonb not null, -- by which it decides, from its start to its end
  candidate boolean not null, -- they were given with it, and are not those of the connection
  totals jsonb -- what the report begins with, once everything is compared
);
create index dry_runs_connection on dry_runs (connection_id);

-- The spaces that the site lists, with the rule that leaves one out; null: it is in scope.
create table dry_run_spaces (
  run_id uuid not null references dry_runs on delete cascade,
  external_id text not null,
  local_id bigint not null, -- of "spaces" where it is stored, else below zero
  key text not null,
  name text not null,
  type text not null,
  status text not null,
  reason text,
  primary key (run_id, external_id)
);

-- What the site lists, without bodies, and at the end what is stored and not listed; with what a sync would do.
create table dry_run_items (
  run_id uuid not null references dry_runs on delete cascade,
  external_id text not null,
  kind text not null
    check (kind in ('page', 'blogpost', 'comment', 'attachment', 'folder', 'whiteboard', 'database', 'embed')),
  title text not null default '',
  url text not null default '',
  space_id text, -- at Atlassian; null of what takes its page's
  space_key text,
  parent_id text,
  container_id text,
  labels text[] not null default '{}',
  author_id text,
  created_at timestamptz,
  modified_at timestamptz,
  version integer not null default 0,
  media_type text,
  file_size bigint,
  read boolean not null default true, -- false: a place that something names as its parent, still to be read
  failure text,
  outcome text check (outcome in ('add', 'update', 'keep', 'remove', 'leave_out', 'fail')),
  reason text,
  points integer not null default 0,
  primary key (run_id, external_id)
);
create index dry_run_items_outcome on dry_run_items (run_id, outcome, external_id);
create index dry_run_items_parent on dry_run_items (run_id, parent_id) where parent_id is not null;
create index dry_run_items_unread on dry_run_items (run_id) where not read;

-- Where the listings of a dry run stand: apart from those of syncs.
create table dry_run_checkpoints (
  run_id uuid not null references dry_runs on delete cascade,
  stream text not null,
  scope text not null default '',
  cursor text,
  done boolean not null default false,
  primary key (run_id, stream, scope)
);
