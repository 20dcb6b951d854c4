import { decodeHTML } from 'entities';

const NOT_TEXT =
  /<(ac:parameter|ac:placeholder|ac:task-id|ac:task-uuid|ac:task-status|ac:adf-attribute)\b[^>]*(?:\/>|>[\s\S]*?<\/\1>)/g;

/**
 * The words of a storage-format body in their order, read without a parser: what stands between tags and in CDATA
 * sections, but in no parameter. Independent of the conversion on purpose; it trusts that the body is well formed.
 */
export function wordsOf(body: string): string[] {
  return body
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    )
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(NOT_TEXT, '')
    .split(/<[^>]*>/)
    .flatMap((text) => decodeHTML(text).split(/\s+/))
    .filter((word) => word !== '');
}

/** The first word that does not occur in the text after the one before it, or null when all are there in order. */
export function firstLost(words: readonly string[], text: string): string | null {
  let position = 0;
  for (const word of words) {
    const found = text.indexOf(word, position);
    if (found === -1) return word;
    position = found + word.length;
  }
  return null;
}

/** What Markdown's backslashes stand for; the content of code is not told apart. */
export function unescaped(markdown: string): string {
  return markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

/** What is broken in the block structure of some Markdown: fences that do not end, rows of unequal width. */
export function brokenStructure(markdown: string): string | null {
  const written = markdown.split('\n');
  const lines = written.map((line) => line.replace(/^(?:>(?: |$)| |- (?:\[[ x]\] )?|\d+\. )*/, ''));
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    if (fence !== null) {
      if (line === fence) fence = null;
    } else if (/^`{3,}[^`]*$/.test(line)) {
      fence = /^`+/.exec(line)![0];
    } else if (/^\|(?: --- \|)+$/.test(line)) {
      const width = cells(line);
      for (let row = index - 1; lines[row]?.startsWith('| ') && row < index + 1_000; row++) {
        // An item of a list ends the table of the one before.
        if (row > index && /^[> ]*(?:-|\d+\.) /.test(written[row]!)) break;
        if (cells(lines[row]!) !== width) return `row of another width: ${lines[row]}`;
      }
    }
  }
  return fence === null ? null : `fence without end: ${fence}`;
}

const cells = (row: string) => row.split(/(?<!\\)(?:\\\\)*\|/).length - 2;

/** The first link or image to an unsafe address that a reader of the Markdown would follow, outside code. */
export function unsafeLink(markdown: string): string | null {
  let fence: string | null = null;
  const prose = markdown
    .split('\n')
    .filter((line) => {
      const bare = line.replace(/^(?:>(?: |$)| |- (?:\[[ x]\] )?|\d+\. )*/, '');
      if (fence !== null) {
        if (bare === fence) fence = null;
        return false;
      }
      fence = /^(`{3,})[^`]*$/.exec(bare)?.[1] ?? null;
      return fence === null;
    })
    .join('\n')
    .replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
  return /(?<!\\)(?:\]\(\s*|<)(?:javascript|data|vbscript):.{0,20}/i.exec(prose)?.[0] ?? null;
}
