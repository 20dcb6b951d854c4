-- Links by which a browser that is not signed in may start one connection's consent: one use, one hour.

create table authorize_links (
  token_hash bytea primary key,
  connection_id uuid not null references connections on delete cascade,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index authorize_links_connection on authorize_links (connection_id);
