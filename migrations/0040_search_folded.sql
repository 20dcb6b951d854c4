-- The same vector as sluice_words from texts that content/fold.ts has folded already: the translation of punctuation
-- and the search for Chinese, Japanese and Korean take PostgreSQL four times as long as to_tsvector itself, and Node
-- a fiftieth of it. `pairs` texts are null where there is nothing to pair. A test holds both functions equal.
create function sluice_folded_vector(config regconfig, plain text, pairs text) returns tsvector
  language sql immutable parallel safe
  return case when pairs is null then to_tsvector(config, plain)
    else to_tsvector(config, plain) || to_tsvector(config, pairs) end;

create function sluice_words_folded(title text, title_pairs text, labels text, labels_pairs text, body text, body_pairs text)
  returns tsvector language plpgsql immutable parallel safe as $$
declare
  gap constant tsvector := '''¶'':50';
  head tsvector := setweight(
      sluice_folded_vector('sluice', title, title_pairs) || gap
        || sluice_folded_vector('sluice_exact', title, title_pairs), 'A') || gap
    || setweight(sluice_folded_vector('sluice', labels, labels_pairs), 'B') || gap;
  reach integer := 600000;
begin
  if octet_length(body) <= 50000 then
    return ts_delete(head || setweight(sluice_folded_vector('sluice', body, body_pairs), 'D'), '¶');
  end if;
  loop
    begin
      return ts_delete(
        head || setweight(sluice_folded_vector('sluice', left(body, reach), left(body_pairs, reach)), 'D'), '¶');
    exception when program_limit_exceeded then
      reach := reach / 4;
      if reach < 1000 then return ts_delete(head, '¶'); end if;
    end;
  end loop;
end $$;

-- A vector with other labels (weight B), without making that of the text anew. A lexeme that is taken out at the end
-- keeps the labels apart from the text, so that no phrase reaches from one into the other.
create function sluice_relabelled(words tsvector, labels text) returns tsvector
  language sql immutable parallel safe
  return ts_delete(
    ts_filter(words, '{a,d}') || '''¶'':50'::tsvector
      || setweight(sluice_vector('sluice', sluice_plain(left(labels, 4000))), 'B'), '¶');
