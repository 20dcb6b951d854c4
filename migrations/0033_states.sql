-- An index that holds every record's state leads joins astray while statistics are old, as after a load: each row then
-- walks all of a state. What is left out is few or asked for by itself, and has an index of its own.

drop index records_states;
create index records_left_out on records (connection_id, state) where state in ('filtered', 'manual');
