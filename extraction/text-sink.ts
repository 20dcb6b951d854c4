/** Collects a file's text line by line up to a bound, and is told to be full there: readers stop then. */
export interface TextSink {
  /** Adds words to the present line. Blanks and line ends within count as one blank. */
  words(text: string): void;
  /** Adds to the present line as it stands: tabs between cells. */
  raw(text: string): void;
  /** Ends the present line, if there is anything in it. */
  line(): void;
  /** An empty line before what follows. */
  gap(): void;
  /** Whole text with its own lines. */
  block(text: string): void;
  readonly full: boolean;
  /** Most characters that it takes. */
  readonly limit: number;
  /** What was collected; ends the sink. */
  finish(): { text: string; truncated: boolean };
}

export function createTextSink(limit: number): TextSink {
  const lines: string[] = [];
  let present = '';
  let length = 0;
  let isFull = false;

  const room = () => limit - length - present.length;
  const put = (text: string) => {
    if (isFull || text === '') return;
    if (text.length > room()) {
      // A cut leaves no half of a surrogate pair.
      present += text.slice(0, Math.max(0, room())).replace(/[\ud800-\udbff]$/, '');
      isFull = true;
    } else present += text;
  };
  const endLine = () => {
    const ended = present.trimEnd();
    present = '';
    if (ended === '') return;
    lines.push(ended);
    length += ended.length + 1;
  };
  const gap = () => {
    endLine();
    if (lines.length > 0 && lines.at(-1) !== '' && !isFull) {
      lines.push('');
      length += 1;
    }
  };

  return {
    words(text) {
      const flat = text.replace(/\s+/g, ' ');
      put(present === '' || /\s$/.test(present) ? flat.trimStart() : flat);
    },
    raw: put,
    line: endLine,
    gap,
    block(text) {
      endLine();
      put(text);
      endLine();
    },
    limit,
    get full() {
      return isFull;
    },
    finish() {
      endLine();
      // PostgreSQL's text holds neither NUL nor half of a surrogate pair.
      const text = lines.join('\n').trim().replaceAll('\0', '').toWellFormed();
      return { text, truncated: isFull };
    },
  };
}
