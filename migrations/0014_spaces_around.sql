-- What lies around the spaces that are synced.

-- Spaces that are there and are not taken in, by what was last told of them: so that nobody asks for them in each run,
-- and that whatever takes them in (a setting, the end of an archive) is noticed.
create table outside_spaces (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  key text not null default '',
  type text not null default '',
  status text not null, -- 'unanswered': something is in it, and the site does not list it
  read_at timestamptz not null default now(),
  primary key (connection_id, external_id)
);

-- Spaces that came (back) with a past: what is in them is older than the feeds of changes reach.
create table space_due (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  since timestamptz not null default now(),
  primary key (connection_id, external_id)
);
