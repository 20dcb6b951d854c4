-- The list of all records. Its counts by state, rule, kind and space come from this index alone: it has few distinct keys,
-- which are stored once each, so that a million rows take some megabytes and a new row costs next to nothing.
create index records_states on records (connection_id, state, state_reason, kind, space_id);

-- Where the tree of a space begins.
create index records_tops on records (space_id) where parent_id is null and container_id is null;
