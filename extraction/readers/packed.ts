import { officeKind, officeParts } from '../office-parts.ts';
import { openPacked } from '../packed.ts';
import { Refused } from '../refused.ts';
import type { ExtractionLimits, FileKind } from '../types.ts';
import { readOpenDocument } from './open-document.ts';
import { readSheets } from './sheets.ts';
import { readSlides } from './slides.ts';
import type { PackedSource, Source } from './source.ts';
import { readWord } from './word.ts';

const readers: Partial<Record<FileKind, (source: PackedSource) => Promise<void>>> = {
  docx: readWord,
  xlsx: readSheets,
  pptx: readSlides,
  odt: readOpenDocument,
  ods: readOpenDocument,
  odp: readOpenDocument,
};

/**
 * A file in a ZIP container, by what its parts say it is.
 * @throws Refused
 */
export async function readPacked(source: Source, limits: ExtractionLimits): Promise<FileKind> {
  const packed = await openPacked(source.bytes, limits);
  const parts = await officeParts(packed);
  const kind = await officeKind(packed, parts);
  const read = kind === null ? undefined : readers[kind];
  if (kind === null || read === undefined) {
    throw new Refused('unsupported', 'The file is an archive, which is not opened here.');
  }
  await read({ ...source, packed, parts });
  return kind;
}
