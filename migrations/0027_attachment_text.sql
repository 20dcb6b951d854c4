-- What is known of the text in attached files. The text itself stands where that of pages does.

create table attachment_texts (
  record_id bigint primary key references records on delete cascade,
  connection_id uuid not null,
  version integer not null, -- of the record, of which the state speaks
  -- 'due': the file is still to be looked at. 'none': it has no text to read; 'failed': its text could not be read.
  state text not null check (state in ('due', 'done', 'failed', 'none')),
  read_version integer, -- the version whose file was read, with or without a text in it; null: none was
  rules text not null default '', -- digest of the rules that 'done' and 'none' were decided by
  kind text, -- of 'done': what the file was found to be
  code text, -- of 'none' and 'failed': why
  message text,
  truncated boolean not null default false,
  read_at timestamptz
);
create index attachment_texts_due on attachment_texts (connection_id, record_id) where state = 'due';
create index attachment_texts_rules on attachment_texts (connection_id, rules) where state in ('done', 'none');

insert into attachment_texts (record_id, connection_id, version, state)
select id, connection_id, version, 'due' from records where kind = 'attachment';
