import type { Packed } from './packed.ts';
import type { FileKind } from './types.ts';
import { walkXml } from './xml.ts';

/** A part of an Office Open XML file: its entry and its content type. */
export interface OfficePart {
  name: string;
  type: string;
}

const contentTypes = '[Content_Types].xml';

const mains: readonly [RegExp, FileKind][] = [
  [/wordprocessingml\.(document|template)\.main|ms-word\.\w+\.macroEnabled\w*\.main/, 'docx'],
  [/spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template)\.macroEnabled\w*\.main/, 'xlsx'],
  [
    /presentationml\.(presentation|slideshow|template)\.main|ms-powerpoint\.\w+\.macroEnabled\w*\.main/,
    'pptx',
  ],
];

const openDocuments: readonly [RegExp, FileKind][] = [
  [/^application\/vnd\.oasis\.opendocument\.text/, 'odt'],
  [/^application\/vnd\.oasis\.opendocument\.spreadsheet/, 'ods'],
  [/^application\/vnd\.oasis\.opendocument\.presentation/, 'odp'],
];

/** Parts of an Office Open XML file that exist, in the order of its list (ECMA-376 part 2). Empty of other files. */
export async function officeParts(packed: Packed): Promise<OfficePart[]> {
  if (!packed.has(contentTypes)) return [];
  const parts: OfficePart[] = [];
  await walkXml(packed, contentTypes, {
    open(name, { PartName: part = '', ContentType: type = '' }) {
      if (name !== 'Override') return;
      const entry = part.replace(/^\//, '');
      if (packed.has(entry)) parts.push({ name: entry, type });
    },
    close() {},
    text() {},
  });
  return parts;
}

/** What an Office file is, by its own list of parts or its `mimetype` entry; null of any other container. */
export async function officeKind(packed: Packed, parts: readonly OfficePart[]): Promise<FileKind | null> {
  for (const [pattern, kind] of mains) if (parts.some(({ type }) => pattern.test(type))) return kind;
  if (!packed.has('mimetype') || !packed.has('content.xml')) return null;
  let told = '';
  for await (const chunk of packed.read('mimetype')) {
    told += chunk.toString('latin1', 0, 200);
    if (told.length >= 200) break;
  }
  return openDocuments.find(([pattern]) => pattern.test(told))?.[1] ?? null;
}
