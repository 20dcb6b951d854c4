-- Where a connection goes on when it is mended or enabled, since when it is what it is, and what is pruned by age.

alter table connections
  -- What `needs_reauth` and `disabled` stand before, where that is more than active; null otherwise.
  add column status_before text check (status_before in ('draft', 'paused', 'attention', 'needs_reauth')),
  add column status_before_cause text,
  add column status_before_message text,
  add column status_since timestamptz not null default now();

create index sync_failures_due on sync_failures (connection_id, next_retry_at);
-- Rows arrive in the order of time, so that ranges of blocks are enough to find the old ones.
create index sync_log_age on sync_log using brin (at);
create index removals_age on removals using brin (at);
