-- People who use Sluice, their sessions and keys, and what administrators did.

create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  email_verified boolean not null default false,
  name text not null default '',
  role text not null check (role in ('administrator', 'member')),
  password_hash text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  signed_in_at timestamptz
);
create unique index users_email on users (lower(email collate "C"));

-- Which Atlassian accounts are proven to be this user: by an own consent, by sign-in, or by an administrator's word.
-- Account ids are the same on every site of Atlassian's cloud.
create table user_accounts (
  user_id uuid not null references users on delete cascade,
  account_id text not null,
  source text not null check (source in ('sign_in', 'grant', 'administrator')),
  created_at timestamptz not null default now(),
  primary key (account_id)
);
create index user_accounts_user on user_accounts (user_id);

create table sessions (
  sid text primary key,
  sess json not null,
  expire timestamptz not null
);
create index sessions_expire on sessions (expire);

-- The one-time link by which the first administrator is made when no variable names one.
create table setup_links (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  name text not null,
  prefix text not null,
  key_hash bytea not null unique,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor_user_id uuid references users on delete set null,
  actor text not null,
  action text not null,
  target text not null default '',
  before jsonb,
  after jsonb
);
create index audit_log_at on audit_log (at desc);
