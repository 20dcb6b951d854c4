import { walkXml } from '../xml.ts';
import { dateOf } from './sheet-dates.ts';
import type { PackedSource } from './source.ts';
import { readWorkbook, type Workbook } from './workbook.ts';

/**
 * Sheets of a workbook: its name, then a line for each row, the cells that hold something between tabs. Cells are read
 * as they come and no grid is made of them: one cell at the far end of a sheet would make that of 17 thousand million.
 */
export async function readSheets({ packed, parts, sink }: PackedSource): Promise<void> {
  const workbook = await readWorkbook(packed, parts);
  for (const sheet of workbook.sheets) {
    if (sink.full) return;
    sink.words(sheet.name);
    sink.line();
    await readSheet({ packed, sink }, sheet.part, workbook);
    sink.gap();
  }
}

async function readSheet(
  { packed, sink }: Pick<PackedSource, 'packed' | 'sink'>,
  part: string,
  workbook: Workbook,
): Promise<void> {
  let type = '';
  let style = -1;
  let value = '';
  let isValue = false;
  let isFirst = true;
  await walkXml(packed, part, {
    open(name, attributes) {
      if (name === 'row') isFirst = true;
      else if (name === 'c') {
        type = attributes['t'] ?? 'n';
        style = Number(attributes['s'] ?? -1);
        value = '';
      } else if (name === 'v' || name === 't') isValue = true;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'row') sink.line();
      else if (name === 'c') {
        const words = shown(type, style, value, workbook).trim();
        if (words === '') return;
        if (!isFirst) sink.raw('\t');
        isFirst = false;
        sink.words(words);
      }
    },
    text(words) {
      if (isValue) value += words;
    },
    enough: () => sink.full,
  });
}

/** A cell as it is shown (ECMA-376 part 1, 18.18.11): formulas by their last value. */
function shown(type: string, style: number, value: string, { strings, dates, from1904 }: Workbook): string {
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type === 'n' && value !== '' && dates[style] === true) return dateOf(value, from1904);
  return value;
}
