/** A text as the search index takes it in. Both parts go to `sluice_words_folded` (migrations/0006_search.sql). */
export interface FoldedText {
  /** Compatibility forms folded, ASCII punctuation made spaces, East Asian runs cut into pairs from their first character. */
  plain: string;
  /** The same cut from the second character on; null where the text has no Chinese, Japanese or Korean. */
  pairs: string | null;
}

// PostgreSQL's parser takes `report.pdf` for a host and `a/b` for a path, and then finds none of their words.
const punctuation = /[!-/:-@[-`{-~]/g;
// oxlint-disable-next-line no-control-regex -- the whole of ASCII is what needs no normalising
const ascii = /^[\u0000-\u007f]*$/;

const eastAsian =
  '\\u1100-\\u11ff\\u3005\\u3007\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{323af}';
const hasEastAsian = new RegExp(`[${eastAsian}]`, 'u');
const pair = new RegExp(`[${eastAsian}]{1,2}`, 'gu');
const runStart = new RegExp(`(?<![${eastAsian}])[${eastAsian}]`, 'gu');

/** Pure twin of `sluice_plain` and `sluice_pairs` in migrations/0006_search.sql; `limit` is in characters. */
export function foldText(text: string, limit = Infinity): FoldedText {
  const cut = text.length <= limit ? text : [...text].slice(0, limit).join('');
  const plain = (ascii.test(cut) ? cut : cut.normalize('NFKC')).replace(punctuation, ' ');
  if (!hasEastAsian.test(plain)) return { plain, pairs: null };
  return { plain: inPairs(plain), pairs: inPairs(plain.replace(runStart, ' $& ')) };
}

function inPairs(text: string): string {
  return text.replace(pair, ' $& ');
}
