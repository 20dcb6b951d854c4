import { readParagraphs, type Markup } from './paragraphs.ts';
import type { PackedSource } from './source.ts';

/** WordprocessingML (ECMA-376 part 1, 17). What was deleted in tracked changes is in elements of other names. */
const markup: Markup = {
  paragraphs: new Set(['p']),
  runs: new Set(['t']),
  blanks: new Set(['tab', 'ptab']),
  breaks: new Set(['br', 'cr']),
  cells: new Set(['tc']),
  rows: new Set(['tr']),
  skipped: new Set(['pPr', 'rPr', 'sectPr', 'tblPr', 'trPr', 'tcPr', 'Fallback']),
};

/** The document first, then what stands beside it. */
const order = [
  /\.main\+xml$/,
  /\.footnotes\+xml$/,
  /\.endnotes\+xml$/,
  /\.comments\+xml$/,
  /\.(header|footer)\+xml$/,
];

export async function readWord({ packed, parts, sink }: PackedSource): Promise<void> {
  for (const pattern of order) {
    for (const part of parts) {
      if (pattern.test(part.type) && !sink.full) await readParagraphs(packed, part.name, markup, sink);
    }
  }
}
