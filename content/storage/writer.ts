import { codeFence, codeSpan, escapeLineStart } from './escape.ts';
import { createInline, type Inline } from './inline.ts';

/** Both forms of a piece of content. */
export interface Written {
  markdown: string;
  text: string;
}

/** Writes Markdown and plain text at once, block by block, each line with the prefix of the places it is in. */
export interface Writer {
  words(words: string): void;
  finished(markdown: string, text: string): void;
  lineBreak(): void;
  openMark(open: string, close: string): void;
  closeMark(): void;
  /** Words of program code within a line. */
  code(words: string): void;
  /** Ends the paragraph, if one was begun. */
  endBlock(): void;
  /** Paragraphs written meanwhile are headings of this level (1 to 6). */
  heading(level: number, write: () => void): void;
  rule(): void;
  codeBlock(code: string, language: string): void;
  /** Lines of finished Markdown as one block, and what they are in plain text. */
  block(markdown: readonly string[], text: readonly string[]): void;
  /**
   * Blocks written meanwhile stand in a list item or quote: the first line begins with `first`, the others with
   * `rest`. Without any block nothing is written. `tight` leaves out the empty line before.
   */
  within(first: string, rest: string, tight: boolean, write: () => void): void;
  /** What is written meanwhile comes back instead: for a table's cell on one line, else in plain blocks. */
  capture(inCell: boolean, write: () => void): Written;
  readonly inCell: boolean;
  /** Whether blocks written now stand in a list item. */
  readonly inItem: boolean;
}

interface State {
  inCell: boolean;
  inline: Inline;
  markdown: string;
  text: string;
  level: number;
  prefix: string;
  /** Prefix of the next line where it differs: a list marker waits for its item's first block. */
  lead: string | null;
  /** Line to write before `lead` (an empty one, but in its quote). */
  gap: string | null;
  depth: number;
  inItem: boolean;
}

/** The prefix of a quote's lines. */
export const QUOTE = '> ';

// Deeper places are not indented any more, so that output stays proportional to input.
const MAX_INDENTED = 12;

/** Creates a writer; `capture` around everything gives the result. */
export function createWriter(): Writer {
  const fresh = (inCell: boolean): State => ({
    inCell,
    inline: createInline(inCell),
    markdown: '',
    text: '',
    level: 0,
    prefix: '',
    lead: null,
    gap: null,
    depth: 0,
    inItem: false,
  });
  let s = fresh(false);

  const gapLine = (tight: boolean) => (s.markdown === '' || tight ? null : s.prefix.trimEnd());

  const writeMarkdown = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    if (s.inCell) {
      s.markdown += (s.markdown === '' ? '' : '<br>') + (s.lead ?? '') + lines.join('<br>');
      s.lead = null;
      return;
    }
    const gap = s.lead === null ? gapLine(false) : s.gap;
    if (gap !== null) s.markdown += `${gap}\n`;
    let first = true;
    for (const line of lines) {
      const prefix = first && s.lead !== null ? s.lead : s.prefix;
      s.markdown += `${line === '' ? prefix.trimEnd() : prefix + line}\n`;
      first = false;
    }
    s.lead = null;
  };

  const writer: Writer = {
    words: (words) => s.inline.words(words),
    finished: (markdown, text) => s.inline.finished(markdown, text),
    lineBreak: () => s.inline.lineBreak(),
    openMark: (open, close) => s.inline.openMark(open, close),
    closeMark: () => s.inline.closeMark(),
    code: (words) => s.inline.finished(codeSpan(words, s.inCell), words.replace(/\s+/g, ' ').trim()),
    endBlock() {
      const { markdown, text } = s.inline.take();
      if (text.length > 0) s.text += `${text.join('\n')}\n`;
      if (markdown.length === 0) return;
      if (s.inCell) {
        const line = markdown.join(' ');
        writeMarkdown(s.level > 0 && !line.includes('**') ? [`**${line}**`] : markdown);
      } else if (s.level > 0) {
        const line = markdown.join(' ').replace(/(?<!#)#+$/, (marks) => marks.replaceAll('#', '\\#'));
        writeMarkdown([`${'#'.repeat(s.level)} ${line}`]);
      } else {
        const last = markdown.length - 1;
        writeMarkdown(markdown.map((line, index) => escapeLineStart(line) + (index < last ? '\\' : '')));
      }
    },
    heading(level, write) {
      writer.endBlock();
      const { level: outer } = s;
      s.level = level;
      write();
      writer.endBlock();
      s.level = outer;
    },
    rule() {
      writer.endBlock();
      if (!s.inCell) writeMarkdown(['***']);
    },
    codeBlock(code, language) {
      writer.endBlock();
      const lines = withoutBlankEnds(code.replace(/\r\n?/g, '\n').replaceAll('\u00a0', ' ').split('\n'));
      if (lines.length === 0) return;
      s.text += `${lines.join('\n')}\n`;
      if (s.inCell) {
        writeMarkdown(lines.map((line) => codeSpan(line, true)).filter((line) => line !== ''));
        return;
      }
      const fence = codeFence(code);
      writeMarkdown([fence + language, ...lines, fence]);
    },
    block(markdown, text) {
      writer.endBlock();
      if (text.length > 0) s.text += `${text.join('\n')}\n`;
      writeMarkdown(markdown);
    },
    within(first, rest, tight, write) {
      writer.endBlock();
      const { prefix, lead, gap, level, inItem } = s;
      s.inItem = first !== QUOTE;
      s.level = 0;
      const indented = s.depth < MAX_INDENTED;
      if (indented) {
        if (lead === null) s.gap = gapLine(tight);
        s.lead = s.inCell ? (first === QUOTE ? lead : first) : (lead ?? prefix) + first;
        if (!s.inCell) s.prefix = prefix + rest;
      }
      s.depth++;
      write();
      writer.endBlock();
      s.depth--;
      s.prefix = prefix;
      s.level = level;
      s.inItem = inItem;
      // An item without content leaves its place to the next.
      if (indented && s.lead !== null) {
        s.lead = lead;
        s.gap = gap;
      }
    },
    capture(inCell, write) {
      const outer = s;
      s = fresh(inCell || outer.inCell);
      write();
      writer.endBlock();
      const written = { markdown: s.markdown.trimEnd(), text: s.text.trimEnd() };
      s = outer;
      return written;
    },
    get inCell() {
      return s.inCell;
    },
    get inItem() {
      return s.inItem;
    },
  };
  return writer;
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]!.trim() === '') start++;
  while (end > start && lines[end - 1]!.trim() === '') end--;
  return lines.slice(start, end);
}
