-- The site as we know it: people and groups there, spaces, permission layers, and the records.

create extension if not exists unaccent;

-- Accents fold before stemming, so that "resume" finds "résumé"; English stems do little harm to other languages.
create text search configuration sluice (copy = english);
alter text search configuration sluice
  alter mapping for hword, hword_part, word with unaccent, english_stem;

create table atlassian_accounts (
  connection_id uuid not null references connections on delete cascade,
  account_id text not null,
  display_name text not null default '',
  email text, -- null: hidden by the person's profile settings
  account_type text not null default 'unknown',
  account_status text not null default 'unknown',
  guest boolean not null default false,
  read_at timestamptz not null default now(),
  primary key (connection_id, account_id)
);
create index atlassian_accounts_email on atlassian_accounts (lower(email collate "C")) where email is not null;

create table atlassian_groups (
  connection_id uuid not null references connections on delete cascade,
  group_id text not null,
  name text not null default '',
  members_state text not null default 'unknown' check (members_state in ('known', 'unknown')),
  opens_product boolean not null default false,
  administers boolean not null default false,
  read_at timestamptz not null default now(),
  primary key (connection_id, group_id)
);

create table group_members (
  connection_id uuid not null,
  group_id text not null,
  account_id text not null,
  primary key (connection_id, account_id, group_id),
  foreign key (connection_id, group_id) references atlassian_groups on delete cascade
);
create index group_members_group on group_members (connection_id, group_id);

-- A layer is one place where access is decided. It admits whoever holds one of its principals
-- ('user:<accountId>', 'group:<groupId>', 'class:<access class>'). state 'unknown' admits nobody.
create table acl_layers (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  kind text not null check (kind in ('product', 'space', 'content')),
  source_id text not null,
  state text not null check (state in ('known', 'unknown')),
  principals text[] not null default '{}',
  reason text, -- of 'unknown': what could not be read
  read_at timestamptz not null default now(),
  unique (connection_id, kind, source_id)
);

-- An ACL is the interned list of layers that must ALL admit the viewer.
create table acls (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  layer_ids bigint[] not null,
  unique (connection_id, layer_ids)
);

create table spaces (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  key text not null,
  name text not null,
  type text not null,
  status text not null,
  homepage_id text,
  url text not null default '',
  layer_id bigint references acl_layers on delete set null,
  seen_run uuid,
  read_at timestamptz not null default now(),
  unique (connection_id, external_id)
);

-- Narrow on purpose: re-pointing acl_id for a subtree must stay a heap-only update, so acl_id is in no index,
-- bodies and search vectors live beside it, and pages keep free room.
create table records (
  id bigint generated always as identity primary key,
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  kind text not null
    check (kind in ('page', 'blogpost', 'comment', 'attachment', 'folder', 'whiteboard', 'database', 'embed')),
  space_id bigint,     -- of spaces; no foreign key, see acl_id
  parent_id text,      -- external id of the place above (page, folder, ...), or of the comment replied to
  container_id text,   -- external id of the page or blog post that a comment or attachment belongs to
  title text not null default '',
  url text not null default '',
  status text not null default 'current',
  author_id text,
  labels text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz,
  modified_at timestamptz,
  media_type text,
  file_size bigint,
  -- Of acls; null: not settled yet, visible to nobody. No foreign keys here: each costs 15 microseconds a row of a
  -- load, and an ACL or a space that is gone is in nobody's readable set, which hides the record.
  acl_id bigint,
  state text not null default 'indexed' check (state in ('indexed', 'pending', 'filtered', 'failed', 'manual')),
  attributes jsonb not null default '{}',
  digest text not null default '', -- of title and raw body: an equal one is not converted again
  seen_run uuid,
  synced_at timestamptz not null default now(),
  unique (connection_id, external_id)
) with (fillfactor = 80);
create index records_parent on records (connection_id, parent_id) where parent_id is not null;
create index records_container on records (connection_id, container_id) where container_id is not null;
create index records_space on records (space_id);

-- What is known of a piece of content's own view restriction and labels. They come from another listing than the
-- content itself, in any order; content without a row here is not settled, and nobody sees it.
create table content_access (
  connection_id uuid not null references connections on delete cascade,
  external_id text not null,
  labels text[] not null default '{}',
  layer_id bigint references acl_layers on delete cascade, -- null: no restriction of its own
  seen_run uuid,
  read_at timestamptz not null default now(),
  primary key (connection_id, external_id)
);

create table record_bodies (
  record_id bigint primary key references records on delete cascade,
  format text not null default 'storage',
  raw text not null default '',
  markdown text not null default '',
  text text not null default ''
);

-- Bodies compress with lz4 five times as fast as with pglz, where the server was built with it.
do $$ begin
  alter table record_bodies
    alter raw set compression lz4, alter markdown set compression lz4, alter text set compression lz4;
exception when feature_not_supported then null;
end $$;

create table record_search (
  record_id bigint primary key references records on delete cascade,
  words tsvector not null,
  -- Title and text where they hold Chinese, Japanese or Korean, else null. Substrings of these are found by pairs of
  -- characters in `words` (0006_search.sql) and proven here.
  cjk text
);
create index record_search_words on record_search using gin (words) with (gin_pending_list_limit = 65536);
