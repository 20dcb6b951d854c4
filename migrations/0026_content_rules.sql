-- By which content rules a body was rendered, so that changed rules render what is stored anew, without a request.

-- The digest of content/rules/rendering.ts; empty: the defaults, by which everything before this was rendered.
alter table record_bodies add column rules text not null default '';

-- The rules that every body of the connection is rendered by; null: by several. Spares each run a look at every body.
alter table connections add column rendered_rules text default '';

-- A vector with another text (weight D), its title and labels as they are: the other half of sluice_relabelled, and
-- cut shorter where it does not fit, as in sluice_words_folded.
create function sluice_reworded(words tsvector, body text, body_pairs text)
  returns tsvector language plpgsql immutable parallel safe as $$
declare
  head constant tsvector := ts_filter(words, '{a,b}') || '''¶'':50'::tsvector;
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
