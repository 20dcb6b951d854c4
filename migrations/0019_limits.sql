-- What Atlassian limits it limits by app, by site or by endpoint; and an endpoint that fails is left alone for a while.
-- rate_limits.budget names whom a row is about (store/limit-keys.ts).

alter table rate_limits
  -- Since when every answer was a failure of the site's; null: it answers.
  add column failing_since timestamptz,
  -- How often it was tried again since, in vain: the waits grow with it.
  add column failed_probes integer not null default 0,
  -- Somebody tries whether it answers again; until then nobody else does.
  add column probing_until timestamptz;
