import { escapeWords } from './escape.ts';

interface Mark {
  open: string;
  close: string;
  /** Where in `parts` its opening is put once it turns out to hold something. */
  index: number;
}

/** The words of one paragraph while it is being read, as Markdown and as plain text. */
export interface Inline {
  /** Words of the page: white space is collapsed, Markdown is escaped. */
  words(words: string): void;
  /** Finished Markdown, and what it is in plain text. */
  finished(markdown: string, text: string): void;
  lineBreak(): void;
  openMark(open: string, close: string): void;
  closeMark(): void;
  /** Ends the paragraph: its lines. Open marks are closed in it and go on in the next. */
  take(): { markdown: string[]; text: string[] };
}

/** A line break is the only "\n" among the parts, because other white space is collapsed to single blanks. */
const BREAK = '\n';

const NOTHING = { markdown: [], text: [] };

/** Creates an empty paragraph; `inTable` says that pipes must be escaped. */
export function createInline(inTable: boolean): Inline {
  let parts: string[] = [];
  let texts: string[] = [];
  const marks: Mark[] = [];
  let afterSpace = true;
  // The mark that was closed last, when nothing came after it: `**a****b**` becomes `**ab**`.
  let closed: (Mark & { at: number }) | null = null;

  const isOpen = (open: string) => marks.some((mark) => mark.open === open);

  const end = (mark: Mark) => {
    if (mark.open === '') return;
    let first = mark.index + 1;
    while (first < parts.length && parts[first]!.trim() === '') first++;
    if (first >= parts.length) return;
    let last = parts.length - 1;
    while (parts[last]!.trim() === '') last--;
    // Markup may not touch blanks on its inner side: they move out.
    const before = parts.slice(mark.index + 1, first).join('') + parts[first]!;
    const after = parts[last]! + parts.slice(last + 1).join('');
    const lead = before.slice(0, before.length - before.trimStart().length);
    const trail = after.slice(after.trimEnd().length);
    parts.fill('', mark.index + 1, first);
    parts[first] = parts[first]!.trimStart();
    parts[last] = parts[last]!.trimEnd();
    parts.length = last + 1;
    parts[mark.index] = lead + mark.open;
    parts.push(mark.close);
    closed = trail === '' ? { ...mark, at: parts.length } : null;
    if (trail !== '') parts.push(trail);
  };

  return {
    words(words) {
      let collapsed = words.replace(/\s+/g, ' ');
      if (afterSpace && collapsed.startsWith(' ')) collapsed = collapsed.slice(1);
      if (collapsed === '') return;
      afterSpace = collapsed.endsWith(' ');
      parts.push(escapeWords(collapsed, inTable));
      texts.push(collapsed);
    },
    finished(markdown, text) {
      if (markdown === '' && text === '') return;
      afterSpace = false;
      // Two code spans side by side would be read as one.
      if (markdown.startsWith('`') && parts.at(-1)?.endsWith('`')) parts.push(' ');
      parts.push(markdown);
      texts.push(text);
    },
    lineBreak() {
      afterSpace = true;
      parts.push(BREAK);
      texts.push(BREAK);
    },
    openMark(open, close) {
      if (isOpen(open)) {
        marks.push({ open: '', close: '', index: 0 });
        return;
      }
      if (closed !== null && closed.at === parts.length && closed.open === open && open !== '[') {
        parts.pop();
        parts[closed.index] = parts[closed.index]!.slice(0, -open.length);
        marks.push({ open, close, index: closed.index });
        closed = null;
        return;
      }
      // "Look![here](...)" would be an image.
      if (open === '[' && parts.at(-1)?.endsWith('!')) parts.push(`${parts.pop()!.slice(0, -1)}\\!`);
      marks.push({ open, close, index: parts.length });
      parts.push('');
    },
    closeMark() {
      const mark = marks.pop();
      if (mark !== undefined) end(mark);
    },
    take() {
      // Most blocks end twice: on their own end and on the start of the next.
      if (texts.length === 0 && marks.length === 0 && parts.length === 0) return NOTHING;
      for (const mark of marks.toReversed()) end(mark);
      const taken = { markdown: lines(parts), text: lines(texts) };
      parts = [];
      texts = [];
      afterSpace = true;
      closed = null;
      for (const mark of marks) {
        mark.index = parts.length;
        parts.push('');
      }
      return taken;
    },
  };
}

function lines(parts: readonly string[]): string[] {
  const joined = parts.join('');
  if (!joined.includes(BREAK)) {
    const line = joined.trim();
    return line === '' ? [] : [line];
  }
  return joined
    .split(BREAK)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
