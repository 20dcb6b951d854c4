-- Ranking must not unpack the vector of every match: title and labels are kept apart, small enough to stay in the row,
-- while whole vectors move out of it, so that a hundred rows share a block.
alter table record_search add column head tsvector generated always as (ts_filter(words, '{a,b}')) stored;
alter table record_search set (toast_tuple_target = 512);
