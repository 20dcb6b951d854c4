-- Logs are read across connections, newest first, between two times; those of trouble alone are few among many.
create index sync_log_at on sync_log (at, id);
create index sync_log_trouble on sync_log (at, id) where level in ('warning', 'error');
-- Retention finds old lines by the first.
drop index sync_log_age;
