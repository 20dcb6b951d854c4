import { escapeXml, xmlHead, zipped } from './zip.ts';

const media = 'application/vnd.openxmlformats-officedocument';
export const docxType = `${media}.wordprocessingml.document`;
export const xlsxType = `${media}.spreadsheetml.sheet`;
export const pptxType = `${media}.presentationml.presentation`;
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relationsOfPackage = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The list of parts and the relation to the main one, which every Office Open XML file has. */
function wrapping(main: string, parts: Record<string, string>): Record<string, string> {
  const overrides = Object.entries(parts).map(
    ([part, type]) => `<Override PartName="/${part}" ContentType="${type}"/>`,
  );
  return {
    '[Content_Types].xml': `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`,
    '_rels/.rels': relationsTo([['officeDocument', main]]),
  };
}

function relationsTo(targets: readonly [kind: string, target: string][]): string {
  const list = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${relations}/${kind}" Target="${target}"/>`,
  );
  return `${xmlHead}<Relationships xmlns="${relationsOfPackage}">${list.join('')}</Relationships>`;
}

/** A Word document of paragraphs. */
export function docx(paragraphs: readonly string[]): Buffer {
  const body = paragraphs.map(
    (text) => `<w:p><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`,
  );
  return docxOf(body.join(''));
}

/** The same of WordprocessingML as it stands, with further entries. */
export function docxOf(body: string, more: Record<string, string> = {}): Buffer {
  const main = 'word/document.xml';
  return zipped({
    ...wrapping(main, { [main]: `${docxType}.main+xml` }),
    [main]: `${xmlHead}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}<w:sectPr/></w:body></w:document>`,
    ...more,
  });
}

/** A workbook of one sheet. Texts are shared strings, as Excel writes them; dates are days with Excel's format 14. */
export function xlsx(sheet: string, rows: readonly (readonly (string | number | Date)[])[]): Buffer {
  const strings = [...new Set(rows.flat().filter((cell) => typeof cell === 'string'))];
  const cell = (value: string | number | Date, at: string) => {
    if (typeof value === 'string') return `<c r="${at}" t="s"><v>${strings.indexOf(value)}</v></c>`;
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
    return `<c r="${at}" s="1"><v>${(value.getTime() - Date.UTC(1899, 11, 30)) / 86_400_000}</v></c>`;
  };
  const data = rows.map(
    (row, y) =>
      `<row r="${y + 1}">${row.map((value, x) => cell(value, `${String.fromCharCode(65 + x)}${y + 1}`)).join('')}</row>`,
  );
  return xlsxOf(sheet, data.join(''), strings);
}

/** The same of SpreadsheetML rows as they stand. */
export function xlsxOf(sheet: string, rows: string, strings: readonly string[] = []): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const type = `${media}.spreadsheetml`;
  return zipped({
    ...wrapping('xl/workbook.xml', {
      'xl/workbook.xml': `${type}.sheet.main+xml`,
      'xl/worksheets/sheet1.xml': `${type}.worksheet+xml`,
      'xl/sharedStrings.xml': `${type}.sharedStrings+xml`,
      'xl/styles.xml': `${type}.styles+xml`,
    }),
    'xl/workbook.xml': `${xmlHead}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationsTo([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/worksheets/sheet1.xml': `${xmlHead}<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
    'xl/sharedStrings.xml': `${xmlHead}<sst xmlns="${main}">${strings.map((text) => `<si><t>${escapeXml(text)}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': `${xmlHead}<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  });
}

/** A presentation: a slide for each list of lines. */
export function pptx(slides: readonly (readonly string[])[]): Buffer {
  const main = 'http://schemas.openxmlformats.org/presentationml/2006/main';
  const drawing = 'http://schemas.openxmlformats.org/drawingml/2006/main';
  const type = `${media}.presentationml`;
  const names = slides.map((_, index) => `ppt/slides/slide${index + 1}.xml`);
  const shape = (lines: readonly string[]) =>
    `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Text"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${lines.map((line) => `<a:p><a:r><a:t>${escapeXml(line)}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;
  const slide = (lines: readonly string[]) =>
    `${xmlHead}<p:sld xmlns:a="${drawing}" xmlns:p="${main}"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>${shape(lines)}</p:spTree></p:cSld></p:sld>`;
  return zipped({
    ...wrapping('ppt/presentation.xml', {
      'ppt/presentation.xml': `${type}.presentation.main+xml`,
      ...Object.fromEntries(names.map((name) => [name, `${type}.slide+xml`])),
    }),
    'ppt/presentation.xml': `${xmlHead}<p:presentation xmlns:p="${main}" xmlns:r="${relations}"><p:sldIdLst>${names.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationsTo(names.map((name) => ['slide', name.replace('ppt/', '')])),
    ...Object.fromEntries(names.map((name, index) => [name, slide(slides[index] ?? [])])),
  });
}
