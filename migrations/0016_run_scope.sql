-- The part of the settings that decides what is listed (`settings.scope`), as it was when a run began its reading: a run
-- whose connection wants something else by now begins its phases again. Null before the first step.
alter table sync_runs add column scope jsonb;
