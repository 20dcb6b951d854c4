import type { Packed } from '../packed.ts';
import { attribute, walkXml, type XmlEvents } from '../xml.ts';
import type { OfficePart } from '../office-parts.ts';
import { isDateFormat } from './sheet-dates.ts';

/** What cells refer to. */
export interface Workbook {
  strings: string[];
  /** By style index: whether its numbers are dates. */
  dates: boolean[];
  from1904: boolean;
  /** In the order of the tabs. */
  sheets: { name: string; part: string }[];
}

export async function readWorkbook(packed: Packed, parts: readonly OfficePart[]): Promise<Workbook> {
  const partOf = (pattern: RegExp) => parts.find(({ type }) => pattern.test(type))?.name;
  const main = partOf(/(sheet|template)(\.macroEnabled\w*)?\.main\+xml$/) ?? 'xl/workbook.xml';
  const { sheets, from1904 } = await readSheetList(packed, main);
  const targets = await readTargets(packed, main);
  const listed = sheets.flatMap(({ name, id }) => {
    const part = targets.get(id);
    return part !== undefined && packed.has(part) ? [{ name, part }] : [];
  });
  // A file whose list of relations is not to be found still has its sheets.
  const all = parts
    .filter(({ type }) => type.endsWith('.worksheet+xml'))
    .map(({ name: part }) => ({ name: '', part }));
  const strings = partOf(/\.sharedStrings\+xml$/);
  const styles = partOf(/\.styles\+xml$/);
  return {
    sheets: listed.length > 0 ? listed : all,
    from1904,
    strings: strings === undefined ? [] : await readStrings(packed, strings),
    dates: styles === undefined ? [] : await readDateStyles(packed, styles),
  };
}

async function readSheetList(packed: Packed, part: string) {
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  await each(packed, part, (name, attributes) => {
    if (name === 'sheet')
      sheets.push({ name: attributes['name'] ?? '', id: attribute(attributes, 'id') ?? '' });
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
  });
  return { sheets, from1904 };
}

/** Relations of a part: entries by relation id. */
async function readTargets(packed: Packed, part: string): Promise<Map<string, string>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const list = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const targets = new Map<string, string>();
  if (!packed.has(list)) return targets;
  await each(packed, list, (name, { Id: id = '', Target: target = '' }) => {
    if (name !== 'Relationship') return;
    const path = new URL(target, `file:///${folder}`).pathname;
    targets.set(id, decodeURIComponent(path.slice(1)));
  });
  return targets;
}

async function readStrings(packed: Packed, part: string): Promise<string[]> {
  const strings: string[] = [];
  let present = '';
  let isText = false;
  let phonetic = 0;
  await walkXml(packed, part, {
    open(name) {
      if (name === 'si') present = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') isText = true;
    },
    close(name) {
      if (name === 'si') strings.push(present);
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 't') isText = false;
    },
    text(words) {
      if (isText && phonetic === 0) present += words;
    },
  });
  return strings;
}

async function readDateStyles(packed: Packed, part: string): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const dates: boolean[] = [];
  let inCells = false;
  const events: XmlEvents = {
    open(name, attributes) {
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'cellXfs') inCells = true;
      else if (name === 'numFmt') codes.set(id, attributes['formatCode'] ?? '');
      else if (name === 'xf' && inCells) dates.push(isDateFormat(id, codes.get(id)));
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
    text() {},
  };
  await walkXml(packed, part, events);
  return dates;
}

function each(packed: Packed, part: string, open: XmlEvents['open']): Promise<void> {
  return walkXml(packed, part, { open, close() {}, text() {} });
}
