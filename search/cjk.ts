/**
 * Chinese, Japanese and Korean characters, as sluice_has_cjk in migrations/ has them: text in these has no reliable
 * spaces between words, so it is matched by substrings (pairs of characters in the index, proven on the text).
 */
const cjk =
  '\\u1100-\\u11ff\\u3005\\u3007\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf' +
  '\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{323af}';
const run = new RegExp(`[${cjk}]+`, 'gu');

/** Text as it is matched: full-width letters, half-width kana, ligatures and combining accents folded. */
export function folded(text: string): string {
  return text.normalize('NFKC');
}

/** Folded text cut at ASCII punctuation, as sluice_plain in migrations/ cuts what is indexed. */
export function plain(text: string): string {
  return text
    .replaceAll(/[!-/:-@[-`{-~]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The runs of such characters in a text, in order. */
export function cjkRuns(text: string): string[] {
  return text.match(run) ?? [];
}

/**
 * The lexemes that every text containing `run` holds: its overlapping pairs; of a single character, null: only what
 * begins with it can be said.
 */
export function pairsOf(run: string): string[] | null {
  const characters = [...run];
  if (characters.length < 2) return null;
  return [...new Set(characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`))];
}
