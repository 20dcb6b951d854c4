import type { StorageElement } from './tree.ts';
import type { Written } from './writer.ts';

/** A row as it is written, before its merged cells are put in their places. */
export interface Row {
  cells: StorageElement[];
  inHead: boolean;
}

/** A cell in its place of the grid. */
export interface GridCell extends Written {
  /** The content stands in another place already. */
  repeated?: boolean;
}

const MAX_SPAN = 100;

/** How many columns (`colspan`) or rows (`rowspan`) a cell covers. */
export const span = (cell: StorageElement, attribute: string) => {
  const count = Number(cell.attributes[attribute] ?? 1);
  return Number.isInteger(count) && count > 1 ? Math.min(count, MAX_SPAN) : 1;
};

/** One line per row, blocks in a cell side by side; but a row of one cell keeps its lines. */
export function textRow(row: readonly GridCell[]): string {
  const texts = row.filter((cell) => cell.repeated !== true && cell.text !== '').map((cell) => cell.text);
  if (texts.length === 1) return texts[0]!;
  return texts.map(oneLine).join(' | ');
}

const oneLine = (text: string) =>
  text.includes('\n')
    ? text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .join(' ')
    : text;
