-- How text becomes searchable: store/ writes record_search with sluice_words_folded, search/matching.ts asks in the same terms.

-- Words as they stand, without stems and stop words: for titles ("Who is who") and for words that are being typed.
create text search configuration sluice_exact (copy = simple);
alter text search configuration sluice_exact
  alter mapping for hword, hword_part, word with unaccent, simple;

-- Text as it is matched: compatibility forms folded (full-width letters, half-width kana, ligatures, combining accents).
create function sluice_folded(text text) returns text
  language sql immutable parallel safe
  return case when text is nfkc normalized then text else normalize(text, nfkc) end;

-- Folded text without ASCII punctuation. The parser of PostgreSQL takes `report.pdf`, `a/b`, `x@y.z` and `List<String>`
-- for a host, a path, an address and a tag, and then finds none of their words; a query is split in the same way and
-- asks for the pieces as a phrase (search/query.ts).
create function sluice_plain(text text) returns text
  language sql immutable parallel safe
  return translate(sluice_folded(text), $$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$$, repeat(' ', 32));

-- Chinese, Japanese and Korean, which put no reliable spaces between words.
create function sluice_has_cjk(text text) returns boolean
  language sql immutable parallel safe
  return text ~ '[\u1100-\u11ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]';

-- Every run of such characters cut into pairs from its first character on (offset 0) or from its second (offset 1).
-- Both together hold every pair, so that any substring of two or more characters is an AND of indexed lexemes, and a
-- single character is a prefix. A trigram index finds nothing for the two characters that most such words have.
create function sluice_pairs(text text, offset_by integer) returns text
  language sql immutable parallel safe
  return regexp_replace(
    case offset_by
      when 0 then text
      else regexp_replace(text, '(?<![\u1100-\u11ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af])([\u1100-\u11ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af])', ' \1 ', 'g')
    end,
    '([\u1100-\u11ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]{1,2})', ' \1 ', 'g');

-- The text itself, or its pairs where it has some; and what sluice_folded_vector takes beside it.
create function sluice_cut(text text) returns text
  language sql immutable parallel safe
  return case when sluice_has_cjk(text) then sluice_pairs(text, 0) else text end;

create function sluice_shifted(text text) returns text
  language sql immutable parallel safe
  return case when sluice_has_cjk(text) then sluice_pairs(text, 1) end;

-- A vector from a text that is folded already. `pairs` is its cut from the second character on, null where there is
-- nothing to pair.
create function sluice_folded_vector(config regconfig, plain text, pairs text) returns tsvector
  language sql immutable parallel safe
  return case when pairs is null then to_tsvector(config, plain)
    else to_tsvector(config, plain) || to_tsvector(config, pairs) end;

-- The search vector of a record: title with stems and as it stands (weight A), labels (B), text (D). A lexeme that is
-- taken out at the end keeps them apart, so that no phrase reaches from one into the next. A tsvector holds 1 MB at
-- most, which many different words exceed at any length over some 100 kB, so what does not fit is cut shorter and
-- shorter instead of failing the batch.
--
-- Its texts come folded, by content/fold.ts: the translation of punctuation and the search for Chinese, Japanese and
-- Korean take PostgreSQL four times as long as to_tsvector itself, and Node a fiftieth of it.
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

-- The same from texts as they stand; a test holds Node's folding equal to this.
create function sluice_words(title text, labels text, body text) returns tsvector
  language sql immutable parallel safe
  return sluice_words_folded(
    sluice_cut(sluice_plain(left(title, 1000))), sluice_shifted(sluice_plain(left(title, 1000))),
    sluice_cut(sluice_plain(left(labels, 4000))), sluice_shifted(sluice_plain(left(labels, 4000))),
    sluice_cut(sluice_plain(body)), sluice_shifted(sluice_plain(body)));

-- A vector with other labels (weight B), without making that of the text anew. A lexeme that is taken out at the end
-- keeps the labels apart from the text, so that no phrase reaches from one into the other.
create function sluice_relabelled(words tsvector, labels text) returns tsvector
  language sql immutable parallel safe
  return ts_delete(
    ts_filter(words, '{a,d}') || '''¶'':50'::tsvector || setweight(
      sluice_folded_vector('sluice', sluice_cut(sluice_plain(labels)), sluice_shifted(sluice_plain(labels))), 'B'),
    '¶');

-- Newest first without words. acl_id is in no index, so that re-pointing it stays a heap-only update.
create index records_newest on records (modified_at desc nulls last, id desc) where state = 'indexed';
