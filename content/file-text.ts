import { codeFence, escapeLineStart, escapeWords } from './storage/escape.ts';

/**
 * The text of a file as Markdown. Markdown stays as it is; lines that are lines (code, tables, logs) stand in a fence;
 * paragraphs of documents become paragraphs.
 * @param kind what the file was found to be, as extraction/types.ts names it
 */
export function fileMarkdown(kind: string, text: string): string {
  if (text === '' || kind === 'markdown') return text;
  if (kind === 'text' || kind === 'csv' || kind === 'xlsx' || kind === 'ods') {
    const fence = codeFence(text);
    return `${fence}${kind === 'text' ? '' : 'text'}\n${text}\n${fence}`;
  }
  // Lines of a PDF are as wide as the page; those of other documents are whole paragraphs.
  const between = kind === 'pdf' ? '\n' : '\n\n';
  return text
    .split(/\n{2,}/)
    .map((part) =>
      part
        .split('\n')
        .map((line) => escapeLineStart(escapeWords(line.replaceAll('\t', ' | '), false)))
        .join(between),
    )
    .join('\n\n');
}
