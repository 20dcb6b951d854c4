import { escapeXml, xmlHead, zipped } from './zip.ts';

export const odtType = 'application/vnd.oasis.opendocument.text';
export const odsType = 'application/vnd.oasis.opendocument.spreadsheet';
export const odpType = 'application/vnd.oasis.opendocument.presentation';

const urn = 'urn:oasis:names:tc:opendocument:xmlns';
const namespaces = ['office', 'text', 'table', 'drawing:draw']
  .map((each) => each.split(':'))
  .map(([name, prefix = name]) => `xmlns:${prefix}="${urn}:${name}:1.0"`)
  .join(' ');

function openDocument(type: string, body: string): Buffer {
  const manifest = `${xmlHead}<manifest:manifest xmlns:manifest="${urn}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`;
  const content = `${xmlHead}<office:document-content ${namespaces} office:version="1.3"><office:body>${body}</office:body></office:document-content>`;
  // The type comes first and as it stands, so that it can be told without unpacking.
  return zipped({ mimetype: type, 'META-INF/manifest.xml': manifest, 'content.xml': content }, ['mimetype']);
}

const paragraph = (text: string) => `<text:p>${escapeXml(text)}</text:p>`;

export function odt(paragraphs: readonly string[]): Buffer {
  return openDocument(odtType, `<office:text>${paragraphs.map(paragraph).join('')}</office:text>`);
}

export function ods(sheet: string, rows: readonly (readonly string[])[]): Buffer {
  const cell = (text: string) =>
    `<table:table-cell office:value-type="string">${paragraph(text)}</table:table-cell>`;
  const row = (cells: readonly string[]) => `<table:table-row>${cells.map(cell).join('')}</table:table-row>`;
  return openDocument(
    odsType,
    `<office:spreadsheet><table:table table:name="${escapeXml(sheet)}">${rows.map(row).join('')}</table:table></office:spreadsheet>`,
  );
}

export function odp(slides: readonly (readonly string[])[]): Buffer {
  const page = (lines: readonly string[], index: number) =>
    `<draw:page draw:name="page${index + 1}"><draw:frame><draw:text-box>${lines.map(paragraph).join('')}</draw:text-box></draw:frame></draw:page>`;
  return openDocument(odpType, `<office:presentation>${slides.map(page).join('')}</office:presentation>`);
}
