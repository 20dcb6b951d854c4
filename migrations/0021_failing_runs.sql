-- Since when, and how often in a row, the steps of a run have failed without storing anything: when it gives up.
alter table sync_runs
  add column failing_since timestamptz,
  add column failures_in_row integer not null default 0;
