const WORD = /[\p{L}\p{N}_]+/gu;
const TERM = /"([^"]*)"|(\S+)/g;

/**
 * Full-text match: every term must occur as a word, `term*` as the beginning of one, and `"several words"` as
 * a phrase; a term after `-` must not occur. Case does not matter; there is no stemming. Words of
 * scripts without spaces match anywhere. Nothing matches an empty query.
 */
export function wordMatcher(query: string): (text: string) => boolean {
  const tests: ((text: string) => boolean)[] = [];
  for (const match of query.matchAll(TERM)) {
    const excluded = match[1] === undefined && match[2]!.startsWith('-');
    const pattern = patternOf(match[1] ?? match[2]!);
    if (pattern === undefined) continue;
    tests.push(excluded ? (text) => !pattern.test(text) : (text) => pattern.test(text));
  }
  return (text) => tests.length > 0 && tests.every((test) => test(text));
}

/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/** Punctuation separates words, so `release-notes` is the phrase of its two words. */
function patternOf(term: string): RegExp | undefined {
  const words = term.match(WORD);
  if (words === null) return undefined;
  if (UNSPACED.test(term)) return new RegExp(words.join(String.raw`[^\p{L}\p{N}_]+`), 'iu');
  const end = term.endsWith('*') ? '' : String.raw`(?![\p{L}\p{N}_])`;
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${words.join(String.raw`[^\p{L}\p{N}_]+`)}${end}`, 'iu');
}
