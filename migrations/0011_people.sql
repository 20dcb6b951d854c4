-- How many indexed records an Atlassian account alone may read, as of when it was counted: for the page People, which
-- tells what a person whom nobody here is matched with misses. Nothing about access is decided by it.
create table account_reach (
  connection_id uuid not null,
  account_id text not null,
  records bigint not null,
  counted_at timestamptz not null default now(),
  primary key (connection_id, account_id),
  foreign key (connection_id, account_id) references atlassian_accounts on delete cascade
);
