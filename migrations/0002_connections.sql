-- Registered OAuth apps, the token families they hold, and the connections that crawl with them.

create table oauth_apps (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  client_id text not null unique,
  client_secret bytea not null,
  listed boolean not null default true, -- false: typed by hand for one connection
  created_at timestamptz not null default now()
);

-- Atlassian keeps ONE grant per app and account (OAuth 2.0 (3LO) guide), so a token family is keyed by both,
-- whoever uses it here. Secrets are envelopes (store/encryption.ts).
create table grants (
  id uuid primary key default gen_random_uuid(),
  oauth_app_id uuid not null references oauth_apps on delete cascade,
  account_id text not null,
  account_name text not null default '',
  account_email text,
  scopes text[] not null default '{}',
  access_token bytea not null,
  access_expires_at timestamptz not null,
  refresh_token bytea,
  -- The token that the last refresh consumed: accepted again for ten minutes, which heals a crash in between.
  previous_refresh_token bytea,
  rotated_at timestamptz not null default now(),
  state text not null default 'active' check (state in ('active', 'dead')),
  dead_cause text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (oauth_app_id, account_id)
);

-- A user's own consent, apart from the grant itself, which a connection of the same account may share.
create table user_grants (
  user_id uuid not null references users on delete cascade,
  grant_id uuid not null references grants on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, grant_id)
);

create table connections (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  product text not null check (product in ('confluence', 'jira')),
  deployment text not null check (deployment in ('cloud', 'datacenter')),
  site_url text not null,
  cloud_id text,
  auth_method text not null check (auth_method in ('oauth', 'api_token', 'pat', 'basic')),
  oauth_app_id uuid references oauth_apps,
  grant_id uuid references grants on delete set null,
  api_email text,
  api_token bytea,
  api_token_scoped boolean not null default false,
  account_id text,
  account_name text,
  status text not null default 'draft'
    check (status in ('draft', 'active', 'paused', 'needs_reauth', 'attention', 'disabled', 'disconnecting')),
  status_cause text,
  status_message text,
  settings jsonb not null default '{}',
  authorized_at timestamptz,
  configured_at timestamptz,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What the connections of one app (OAuth) or one token spent in an hour, shared by all workers.
create table points_ledger (
  budget text not null,
  hour timestamptz not null,
  requests bigint not null default 0,
  points bigint not null default 0,
  primary key (budget, hour)
);

-- What Atlassian last told of a budget's limit: nobody sends before blocked_until. Also the token bucket for requests.
create table rate_limits (
  budget text primary key,
  blocked_until timestamptz,
  reason text,
  tokens double precision not null default 0,
  refilled_at timestamptz not null default now()
);
