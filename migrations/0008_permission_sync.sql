-- Permissions on a clock of their own: what was read when, what was compared with the source, and Confluence's audit log.

-- Two runs may read the same thing side by side. The answer that was asked for later counts, whoever stores it last.
-- `roles` names, by principal, the space roles that admit it: for the explanation only.
alter table acl_layers
  add column as_of timestamptz not null default '-infinity',
  add column roles jsonb not null default '{}';
alter table content_access add column as_of timestamptz not null default '-infinity';
alter table atlassian_groups
  add column members_as_of timestamptz not null default '-infinity',
  add column members_read_at timestamptz;

-- What was read longest ago is read next.
create index content_access_oldest on content_access (connection_id, read_at);

-- An email that changed proves nobody until an administrator or the person confirms who that is.
alter table atlassian_accounts add column email_before text;

-- A permission sync may run beside a sync of content; two of either may not.
drop index sync_runs_one_at_a_time;
create unique index sync_runs_one_at_a_time on sync_runs (connection_id, (kind = 'permissions'))
  where state in ('queued', 'running', 'waiting');

-- How fresh a connection's permissions are, written at the end of each permission sync.
create table permission_freshness (
  connection_id uuid primary key references connections on delete cascade,
  promised_seconds integer,     -- a change counts here within this, by the pace of the last runs; null: not known yet
  oldest_read_at timestamptz,   -- the longest unread thing that decides about access
  p50_seconds integer,          -- time between two readings of the same thing, over all of them
  p95_seconds integer,
  audit_state text not null default 'untried' check (audit_state in ('untried', 'readable', 'refused')),
  audit_message text,
  audit_high_water timestamptz, -- by the source's clock
  compared_at timestamptz,      -- when answers were last compared with Confluence's own
  updated_at timestamptz not null default now()
);

-- Changes of access that were noticed. `lag_seconds` is how long the change was in force at the source before it was
-- here: exact where the audit log tells its time, else at most (since the reading before).
create table permission_changes (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  at timestamptz not null default now(),
  kind text not null check (kind in ('product', 'space', 'content', 'place', 'group', 'account')),
  source_id text not null,
  change text not null check (change in ('added', 'removed', 'changed')),
  found_by text not null check (found_by in ('rolling', 'audit', 'full', 'incremental')),
  lag_seconds integer not null,
  exact boolean not null default false
);
create index permission_changes_newest on permission_changes (connection_id, at desc);

-- What must be read before its turn: named by the audit log or by a disagreement.
create table permission_due (
  connection_id uuid not null references connections on delete cascade,
  kind text not null check (kind in ('product', 'space', 'content', 'group', 'account')),
  source_id text not null,
  since timestamptz not null default now(), -- when the change was made, where that is known
  reason text not null default '',
  primary key (connection_id, kind, source_id)
);

-- Pairs of a person and a record that were compared with Confluence's own answer.
create table permission_checks (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  at timestamptz not null default now(),
  account_id text not null,
  external_id text not null,
  ours boolean not null,
  theirs boolean,               -- null: Confluence did not answer
  state text not null check (state in ('agreed', 'open', 'resolved', 'unanswered')),
  layers jsonb not null default '[]', -- of a disagreement: our verdicts, layer by layer
  resolved_at timestamptz,
  resolution text
);
create index permission_checks_newest on permission_checks (connection_id, at desc);
create index permission_checks_open on permission_checks (connection_id) where state = 'open';

-- Content that is hidden from everybody, with what hangs below it, until a disagreement about it is resolved.
create table record_holds (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  check_id bigint references permission_checks on delete set null,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (connection_id, external_id)
);

-- Confluence's own audit log, for administrators. It bears no ids of its own: a record is known by its digest.
create table confluence_audit (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  digest text not null,
  at timestamptz not null,
  author_id text,
  author text not null default '',
  category text not null default '',
  summary text not null default '',
  description text not null default '',
  object_type text not null default '',
  object text not null default '',
  associated jsonb not null default '[]',
  changed jsonb not null default '[]',
  remote_address text not null default '',
  unique (connection_id, digest)
);
create index confluence_audit_newest on confluence_audit (connection_id, at desc, id desc);
