import type { Segment } from './types.ts';

/** Private-use characters around a match in PostgreSQL's headline; stripped from the text first, so no text forges them. */
export const marks = { start: '\uE000', stop: '\uE001' } as const;

/** Options of ts_headline. */
export const headlineOptions =
  `StartSel=${marks.start}, StopSel=${marks.stop}, MaxFragments=2, MaxWords=28, MinWords=12, ShortWord=0, ` +
  'FragmentDelimiter=" … "';

/** Cuts a headline with marks into segments; white space is one space. */
export function segmentsOf(headline: string): Segment[] {
  const segments: Segment[] = [];
  let mark = false;
  for (const piece of headline
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/([\uE000\uE001])/)) {
    if (piece === marks.start) mark = true;
    else if (piece === marks.stop) mark = false;
    else if (piece !== '') segments.push({ text: piece, mark });
  }
  return segments;
}

/** Marks each occurrence of `words` in a plain excerpt, longest first, in any case. */
export function markWords(excerpt: string, words: readonly string[]): string {
  const text = excerpt.replaceAll(/[\uE000\uE001]/g, '');
  const wanted = [...words].filter((word) => word !== '').sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return text;
  const pattern = wanted.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|');
  return text.replaceAll(new RegExp(pattern, 'giu'), `${marks.start}$&${marks.stop}`);
}

/** The same as HTML, where nothing but `<mark>` is an element. */
export function snippetHtml(segments: readonly Segment[]): string {
  return segments
    .map(({ text, mark }) => (mark ? `<mark>${escapeHtml(text)}</mark>` : escapeHtml(text)))
    .join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
