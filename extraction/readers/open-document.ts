import { Refused } from '../refused.ts';
import { walkXml } from '../xml.ts';
import { readParagraphs, type Markup } from './paragraphs.ts';
import type { PackedSource } from './source.ts';

/** OpenDocument 1.3 part 3: text, sheets and slides hold their words in the same elements. */
const markup: Markup = {
  paragraphs: new Set(['p', 'h']),
  runs: null,
  blanks: new Set(['s', 'tab']),
  breaks: new Set(['line-break']),
  cells: new Set(['table-cell', 'covered-table-cell']),
  rows: new Set(['table-row']),
  skipped: new Set([
    'scripts',
    'font-face-decls',
    'styles',
    'automatic-styles',
    'tracked-changes',
    'note-citation',
  ]),
};

export async function readOpenDocument({ packed, sink }: PackedSource): Promise<void> {
  if (await isEncrypted(packed)) throw new Refused('encrypted', 'The file is protected by a password.');
  await readParagraphs(packed, 'content.xml', markup, sink);
}

/** OpenDocument encrypts its entries itself, and says so in the manifest. */
async function isEncrypted(packed: PackedSource['packed']): Promise<boolean> {
  const manifest = 'META-INF/manifest.xml';
  if (!packed.has(manifest)) return false;
  let found = false;
  await walkXml(packed, manifest, {
    open(name) {
      if (name === 'encryption-data') found = true;
    },
    close() {},
    text() {},
    enough: () => found,
  });
  return found;
}
