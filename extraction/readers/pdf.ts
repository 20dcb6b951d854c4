import { getDocumentProxy } from 'unpdf';
import { Refused } from '../refused.ts';
import type { Source } from './source.ts';

/**
 * Text of a PDF, page by page, with pdf.js as unpdf packs it: no fonts, no images, no scripts. Pages that cannot be
 * read are left out and told.
 * @throws Refused `encrypted`, `broken`
 */
export async function readPdf({ bytes, sink, warn }: Source): Promise<void> {
  const pdf = await open(bytes);
  let unreadable = 0;
  for (let number = 1; number <= pdf.numPages && !sink.full; number += 1) {
    try {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) {
        if (!('str' in item)) continue;
        sink.raw(item.str);
        if (item.hasEOL) sink.line();
      }
      page.cleanup();
    } catch {
      unreadable += 1;
    }
    sink.gap();
  }
  if (unreadable === pdf.numPages) throw new Refused('broken', 'No page of the PDF can be read.');
  if (unreadable > 0) warn(`${unreadable} of ${pdf.numPages} pages could not be read.`);
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

async function open(bytes: Buffer): Promise<Pdf> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      useSystemFonts: false,
      disableFontFace: true,
      // Without this, errors of the document are printed by the parser, with words of it.
      verbosity: 0,
    });
  } catch (error) {
    if ((error as Error).name === 'PasswordException') {
      throw new Refused('encrypted', 'The PDF is protected by a password.');
    }
    throw new Refused('broken', 'The PDF is damaged.');
  }
}
