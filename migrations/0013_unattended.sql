-- What a connection needs to run for a year by itself: runs that pause, deletions that are proven, sweeps that roll,
-- notices that reach somebody.

alter table sync_runs drop constraint sync_runs_state_check;
alter table sync_runs
  add constraint sync_runs_state_check
    check (state in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled')),
  -- A step that lives says so here every few seconds; null before the first.
  add column heartbeat_at timestamptz,
  -- What the run changed, by name: {"added": 3, "updated": 2, "moved": 1, "trashed": 4}.
  add column changes jsonb not null default '{}';
drop index sync_runs_one_at_a_time;
create unique index sync_runs_one_at_a_time on sync_runs (connection_id, (kind = 'permissions'))
  where state in ('queued', 'running', 'waiting', 'paused');

alter table connections
  -- When the stored API token ends, as its owner told; Atlassian tells it to nobody.
  add column api_token_expires_at timestamptz,
  -- Rise with each change, so that a step under way can tell that it works with old ones.
  add column settings_version integer not null default 1,
  add column credential_version integer not null default 1,
  -- Of a connection that is being deleted: rows to delete and rows deleted.
  add column deletion_total bigint,
  add column deletion_done bigint not null default 0;

create function sluice_connection_versions() returns trigger language plpgsql as $$
begin
  if new.settings is distinct from old.settings then
    new.settings_version := old.settings_version + 1;
  end if;
  if (new.oauth_app_id, new.grant_id, new.cloud_id, new.api_email, new.api_token, new.api_token_scoped)
     is distinct from
     (old.oauth_app_id, old.grant_id, old.cloud_id, old.api_email, old.api_token, old.api_token_scoped) then
    new.credential_version := old.credential_version + 1;
  end if;
  return new;
end $$;
create trigger connection_versions before update on connections
  for each row execute function sluice_connection_versions();

-- Records that the source did not show when it was asked for them. They are hidden at once (records.state 'pending');
-- they are removed when the evidence is proof, and forgotten here when they show up again.
create table vanished (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  evidence text not null check (evidence in ('trashed', 'archived', 'deleted', 'unlisted', 'unanswered', 'space')),
  since timestamptz not null default now(), -- when the question was asked that it did not answer
  run_id uuid,
  -- Why it is gone; null until it is settled.
  cause text check (cause in
    ('trashed', 'archived', 'deleted', 'space_archived', 'space_trashed', 'space_gone', 'out_of_scope', 'not_shown', 'container_gone')),
  primary key (connection_id, external_id)
);

-- What was removed from the index, when and why. Kept for 90 days.
create table removals (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  kind text not null,
  title text not null default '',
  url text not null default '',
  space_key text,
  cause text not null,
  run_id uuid,
  at timestamptz not null default now()
);
create index removals_newest on removals (connection_id, id desc);
create index removals_run on removals (run_id);

-- Removals of so much at once that an administrator is asked first. `scope`: 'connection', or a space's external id.
create table deletion_brakes (
  id uuid primary key default gen_random_uuid(),
  connection_id uuid not null references connections on delete cascade,
  scope text not null,
  name text not null default '',
  found bigint not null,
  total bigint not null,
  causes jsonb not null default '{}',
  sample jsonb not null default '[]',
  run_id uuid,
  asked_at timestamptz not null default now(),
  -- confirmed: remove what had vanished by asked_at. kept: it stays hidden until it is seen again or asked for anew.
  state text not null default 'asked' check (state in ('asked', 'confirmed', 'kept', 'released')),
  decided_at timestamptz,
  decided_by uuid references users on delete set null
);
create unique index deletion_brakes_open on deletion_brakes (connection_id, scope) where state = 'asked';

-- A sweep lists ids alone, part by part, over many runs. What a part has listed so far, and where it stands.
create table sweep_parts (
  connection_id uuid not null references connections on delete cascade,
  part text not null, -- 'spaces', 'pages in <space id>', 'footer', ...
  kind text not null,
  space_id text, -- external id
  cursor text,
  began_at timestamptz, -- when its first question was asked; null: not begun
  credential_version integer,
  listed bigint not null default 0,
  finished_at timestamptz, -- the end of its last whole walk
  run_id uuid,
  primary key (connection_id, part)
);
create table sweep_seen (
  connection_id uuid not null references connections on delete cascade,
  part text not null,
  external_id text not null,
  primary key (connection_id, part, external_id)
);

-- Content that came (back) with a past: its comments and attachments are older than the feeds of changes reach.
create table discussion_due (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  since timestamptz not null default now(),
  primary key (connection_id, external_id)
);

-- What somebody must know of, once: shown as a banner while it holds, and sent to the targets when it begins and ends.
create table notices (
  id uuid primary key default gen_random_uuid(),
  connection_id uuid references connections on delete cascade,
  code text not null,
  subject text not null default '', -- what of the connection it is about, where there may be several
  severity text not null check (severity in ('info', 'warning', 'error')),
  message text not null,
  began_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index notices_open on notices (connection_id, code, subject) nulls not distinct where ended_at is null;
create index notices_newest on notices (began_at desc);

create table notice_targets (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  url text not null,
  secret bytea not null, -- an envelope (store/encryption.ts): signs what is sent
  enabled boolean not null default true,
  created_at timestamptz not null default now()
);

-- An event for a target, sent until it is taken: its id stays the same over all tries.
create table notice_deliveries (
  id uuid primary key default gen_random_uuid(),
  target_id uuid not null references notice_targets on delete cascade,
  notice_id uuid not null, -- no foreign key: the end of a deleted connection's notice is told, too
  event text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'given_up')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  delivered_at timestamptz
);
create index notice_deliveries_due on notice_deliveries (next_attempt_at) where state = 'pending';
