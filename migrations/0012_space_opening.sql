-- A space that admits more people than before opens when everything in it has been read since then: what was restricted
-- before the space was opened may be read later than the space. Until then the layer admits whom both readings admit.
alter table acl_layers
  add column opening text[],            -- whom the space admits by the last reading, while it waits
  add column opening_as_of timestamptz; -- what was asked for since then is new enough
create index acl_layers_opening on acl_layers (connection_id) where opening is not null;
