-- Invitations, keys that end, and from where something was done.

-- The one-time link by which somebody who was added sets a password. One a person: a new one replaces the old.
create table invitations (
  user_id uuid primary key references users on delete cascade,
  token_hash bytea not null unique, -- SHA-256 of what stands in the link
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

alter table api_keys add column expires_at timestamptz;

alter table audit_log add column address text; -- from where, as the server saw it; null: by itself, or before it was kept
create index audit_log_actor on audit_log (lower(actor), id);
create index audit_log_action on audit_log (action, id);
