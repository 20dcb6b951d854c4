const SPECIAL = /[\\`*_[\]<~&|]/;

/**
 * Escapes words so that Markdown (CommonMark with GitHub's tables, strikethrough and tasks) shows them as they are.
 * What is markup only at the start of a line is left to `escapeLineStart`; `inTable` escapes pipes too.
 */
export function escapeWords(words: string, inTable: boolean): string {
  if (!SPECIAL.test(words)) return words;
  const escaped = words
    .replace(/[\\`*[\]~]/g, '\\$&')
    // Inside a word an underscore is no markup: snake_case stays readable.
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/<(?=[A-Za-z/!?]|$)/g, '\\<')
    .replace(/&(?=#?\w+;|#?\w*$)/g, '\\&');
  return inTable ? escaped.replaceAll('|', '\\|') : escaped;
}

const LINE_START = /^(?:[-+](?=\s|$)|#{1,6}(?=\s|$)|>|=+\s*$|[-|:][\s|:-]*$)/;
const NUMBERED = /^(\d{1,9})([.)])(?=\s|$)/;

/** Escapes what would make a paragraph's line a list item, heading, quote, rule, table border or underline. */
export function escapeLineStart(line: string): string {
  return LINE_START.test(line) ? `\\${line}` : line.replace(NUMBERED, '$1\\$2');
}

/** Words as a code span, on one line, with as many backticks around as the words need. '' for no words. */
export function codeSpan(words: string, inTable: boolean): string {
  const line = words.replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  const span = fence + padding + line + padding + fence;
  // A table's row is cut at pipes before code spans are seen; the escape is taken off there.
  return inTable ? span.replaceAll('|', '\\|') : span;
}

/** The fence for a code block: longer than any run of backticks within. */
export function codeFence(code: string): string {
  return '`'.repeat(Math.max(3, longestRun(code, '`') + 1));
}

function longestRun(words: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (let index = words.indexOf(character); index !== -1 && index < words.length; index++) {
    run = words[index] === character ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

const DESTINATION: Record<string, string> = {
  ' ': '%20',
  '(': '%28',
  ')': '%29',
  '<': '%3C',
  '>': '%3E',
  '\\': '%5C',
  '|': '%7C',
  '`': '%60',
  '*': '%2A',
};

/** A URL as the destination of a Markdown link or image. */
export function escapeDestination(url: string): string {
  return url
    .replace(/[ ()<>\\|`*]/g, (character) => DESTINATION[character]!)
    .replace(/\s/g, encodeURIComponent)
    .replace(/&(?=#?\w+;)/g, '&amp;');
}

/**
 * TeX between dollar signs. What a reader without mathematics could take for a link, an element or code is spaced
 * or replaced so that it cannot be; TeX does not mind.
 */
export function texSource(tex: string): string {
  return tex
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
    .replace(/\](?=[([:])/g, '] ')
    .replace(/<(?=[A-Za-z/!?])/g, '< ')
    .replaceAll('`', '\u2018');
}
