import { readParagraphs, type Markup } from './paragraphs.ts';
import type { PackedSource } from './source.ts';

/** DrawingML text (ECMA-376 part 1, 21.1.2), which slides are made of. */
const markup: Markup = {
  paragraphs: new Set(['p']),
  runs: new Set(['t']),
  blanks: new Set(['tab']),
  breaks: new Set(['br']),
  cells: new Set(['tc']),
  rows: new Set(['tr']),
  skipped: new Set(['pPr', 'rPr', 'endParaRPr', 'Fallback']),
};

/** Slides by their number, each with its notes behind all slides. */
export async function readSlides({ packed, parts, sink }: PackedSource): Promise<void> {
  const numbered = (pattern: RegExp) =>
    parts.filter(({ type }) => pattern.test(type)).toSorted((a, b) => numberOf(a.name) - numberOf(b.name));
  const ordered = [
    ...numbered(/presentationml\.slide\+xml$/),
    ...numbered(/presentationml\.notesSlide\+xml$/),
    ...numbered(/presentationml\.comments\+xml$/),
  ];
  for (const { name } of ordered) if (!sink.full) await readParagraphs(packed, name, markup, sink);
}

const numberOf = (name: string) => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0);
