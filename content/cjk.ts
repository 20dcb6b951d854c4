const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** The most UTF-16 units that `cjkText` returns: bounds one row of the trigram index. */
export const MAX_CJK_LENGTH = 200_000;

/**
 * The part of a text that needs a trigram index because its writing has no word breaks: null where the text holds no
 * Han, Hiragana, Katakana or Hangul, else the whitespace-delimited runs that hold some, joined by spaces and in
 * composed form (NFC), at most MAX_CJK_LENGTH units (cut between characters).
 */
export function cjkText(text: string): string | null {
  if (!CJK.test(text)) return null;
  const runs: string[] = [];
  let length = 0;
  for (const [run] of text.normalize('NFC').matchAll(/\S+/g)) {
    if (!CJK.test(run)) continue;
    runs.push(run);
    length += run.length + 1;
    if (length > MAX_CJK_LENGTH) break;
  }
  const joined = runs.join(' ');
  if (joined.length <= MAX_CJK_LENGTH) return joined;
  // A surrogate pair on the border is dropped whole.
  return joined.slice(0, MAX_CJK_LENGTH).replace(/[\ud800-\udbff]$/, '');
}
