import { docx, docxType, pptx, pptxType, xlsx, xlsxType } from './office.ts';
import { odp, odpType, ods, odsType, odt, odtType } from './open-document.ts';
import { pdf } from './pdf.ts';
import { rtf } from './rtf.ts';
import { escapeXml } from './zip.ts';

/** A small real file that says some lines. */
export interface SampleFile {
  title: string;
  mediaType: string;
  bytes: Buffer;
}

const makers: readonly [ending: string, mediaType: string, make: (lines: readonly string[]) => Buffer][] = [
  ['pdf', 'application/pdf', (lines) => pdf([lines])],
  ['docx', docxType, docx],
  ['xlsx', xlsxType, (lines) => xlsx('Sheet1', lines.map((line, row) => [line, row]))],
  ['pptx', pptxType, (lines) => pptx([lines])],
  ['odt', odtType, odt],
  ['ods', odsType, (lines) => ods('Sheet1', lines.map((line) => [line]))],
  ['odp', odpType, (lines) => odp([lines])],
  ['rtf', 'application/rtf', rtf],
  ['csv', 'text/csv', (lines) => Buffer.from(lines.map((line) => `"${line.replaceAll('"', '""')}"`).join('\n'))],
  ['html', 'text/html', (lines) => Buffer.from(`<!doctype html><title>File</title>${lines.map((line) => `<p>${escapeXml(line)}</p>`).join('')}`)],
  ['md', 'text/markdown', (lines) => Buffer.from(lines.join('\n\n'))],
  ['txt', 'text/plain', (lines) => Buffer.from(lines.join('\n'))],
]; // prettier-ignore

/** Endings of every kind of file whose text is read. */
export const sampleEndings: readonly string[] = makers.map(([ending]) => ending);

/** A file of the kind that `ending` names. */
export function sampleFile(ending: string, name: string, lines: readonly string[]): SampleFile {
  const maker = makers.find(([each]) => each === ending);
  if (maker === undefined) throw new Error(`There is no sample of a .${ending} file.`);
  return { title: `${name}.${ending}`, mediaType: maker[1], bytes: maker[2](lines) };
}
