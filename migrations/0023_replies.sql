-- The last run to which a site-wide listing of comments has shown a reply; null: none has, and the listings are taken
-- to hold only comments that reply to nothing.
alter table connections add column replies_listed_run uuid;
