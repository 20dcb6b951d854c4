import type { Packed } from '../packed.ts';
import type { TextSink } from '../text-sink.ts';
import { walkXml } from '../xml.ts';

/** Which elements of a format mean what, by local names. */
export interface Markup {
  paragraphs: ReadonlySet<string>;
  /** Elements whose text counts; null: all text within paragraphs. */
  runs: ReadonlySet<string> | null;
  blanks: ReadonlySet<string>;
  breaks: ReadonlySet<string>;
  cells: ReadonlySet<string>;
  rows: ReadonlySet<string>;
  /** With everything in them: properties, deleted text, second forms of the same. */
  skipped: ReadonlySet<string>;
}

/**
 * Text of one XML part: a line for each paragraph, and for each row of a table, its cells between tabs. One element
 * in memory at a time: a DOM of the same takes a hundred times the part's size.
 */
export async function readParagraphs(
  packed: Packed,
  part: string,
  markup: Markup,
  sink: TextSink,
): Promise<void> {
  let skipping = 0;
  let paragraphs = 0;
  let runs = 0;
  let cells = 0;
  await walkXml(packed, part, {
    open(name) {
      if (skipping > 0 || markup.skipped.has(name)) skipping += 1;
      else if (markup.paragraphs.has(name)) paragraphs += 1;
      else if (markup.runs?.has(name) === true) runs += 1;
      else if (markup.cells.has(name)) cells += 1;
      else if (markup.blanks.has(name)) sink.words(' ');
      else if (markup.breaks.has(name)) endLine();
    },
    close(name) {
      if (skipping > 0) skipping -= 1;
      else if (markup.paragraphs.has(name)) {
        paragraphs -= 1;
        endLine();
      } else if (markup.runs?.has(name) === true) runs -= 1;
      else if (markup.cells.has(name)) {
        cells -= 1;
        sink.raw('\t');
      } else if (markup.rows.has(name)) endLine();
    },
    text(words) {
      if (skipping > 0) return;
      if (markup.runs === null ? paragraphs > 0 : runs > 0) sink.words(words);
    },
    enough: () => sink.full,
  });
  sink.gap();

  /** Within a cell lines are kept together: the row is the line. */
  function endLine(): void {
    if (cells > 0) sink.words(' ');
    else sink.line();
  }
}
