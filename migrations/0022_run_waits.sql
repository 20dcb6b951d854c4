-- Which steps of a run wait, until when and why: beside another step that goes on, and after it.
alter table sync_runs add column waits jsonb not null default '{}';
