-- What waits for its body is found without walking what is left out, which has none either.

drop index records_body_due;
create index records_bodies_due on records (connection_id, external_id) where body_due and state in ('waiting', 'indexed');
