import { paragraph, rulesOf } from './handling.ts';
import { tableAsHtml } from './table-html.ts';
import { span, textRow, type GridCell, type Row } from './table-row.ts';
import type { StorageElement, StorageNode } from './tree.ts';
import type { Render, Walk } from './walk.ts';

/** Beyond this many cells, and several times what was written, spans are not filled in. */
const MAX_FILLED = 50_000;
/** A merged cell's content is repeated in the places it covers when it is this short, in characters. */
const MAX_REPEATED = 200;

const table: Render = (element, walk) => {
  const { writer } = walk;
  writer.endBlock();
  const rows: Row[] = [];
  const strays: StorageNode[] = [];
  collectRows(element.children, false, rows, strays);
  // Captions and whatever stands in a table outside its rows.
  if (strays.length > 0) {
    walk.nodes(strays);
    writer.endBlock();
  }
  const { tables } = rulesOf(walk);
  if (tables === 'html' && !writer.inCell) return tableAsHtml(rows, walk);
  const grid = fillGrid(rows, walk);
  if (grid.every((row) => row.every((cell) => cell.markdown === '' && cell.text === ''))) return;
  const text = grid.map(textRow).filter((line) => line !== '');
  if (writer.inCell) {
    // No table fits in a table's cell: its rows become lines.
    const lines = grid.map((row) =>
      row
        .map((cell) => cell.markdown)
        .filter(Boolean)
        .join(' \\| '),
    );
    writer.block(lines.filter(Boolean), text);
    return;
  }
  if (tables === 'text') return paragraph(text.join('\n'), walk);
  const width = widest(grid);
  const titled = rows[0]!.inHead || rows[0]!.cells.every((cell) => cell.name === 'th');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = grid.map((row) => line(row.map((cell) => cell.markdown)));
  const head = titled ? lines.shift()! : line(Array.from({ length: width }, () => ''));
  writer.block([head, line(Array.from({ length: width }, () => '---')), ...lines], text);
};

function collectRows(
  children: readonly StorageNode[],
  inHead: boolean,
  rows: Row[],
  strays: StorageNode[],
): void {
  let loose: StorageElement[] = [];
  for (const node of children) {
    if (typeof node === 'string') {
      if (node.trim() !== '') strays.push(node);
    } else if (node.name === 'td' || node.name === 'th') {
      if (loose.length === 0) rows.push({ cells: loose, inHead });
      loose.push(node);
    } else if (node.name === 'tr') {
      loose = [];
      const cells = node.children
        .filter((cell) => typeof cell !== 'string' || cell.trim() !== '')
        .map(asCell);
      if (cells.length > 0) rows.push({ cells, inHead });
    } else if (node.name === 'thead' || node.name === 'tbody' || node.name === 'tfoot') {
      collectRows(node.children, node.name === 'thead', rows, strays);
    } else if (node.name !== 'colgroup' && node.name !== 'col') {
      strays.push(node);
    }
  }
}

function asCell(node: StorageNode): StorageElement {
  if (typeof node !== 'string' && (node.name === 'td' || node.name === 'th')) return node;
  return { name: 'td', attributes: {}, children: [node] };
}

const EMPTY: GridCell = { markdown: '', text: '' };

/** Cells in their columns, merged ones repeated where they reach, and every row equally wide. */
function fillGrid(rows: readonly Row[], walk: Walk): GridCell[][] {
  const written = rows.reduce((sum, row) => sum + row.cells.length, 0);
  const reach = rows.reduce((most, row) => Math.max(most, spanned(row)), 0);
  const filled = rows.length * reach <= Math.max(MAX_FILLED, written * 4);
  const grid: GridCell[][] = rows.map(() => []);
  rows.forEach((row, y) => {
    const line = grid[y]!;
    const heads = row.inHead || row.cells.every((cell) => cell.name === 'th');
    let x = 0;
    for (const cell of row.cells) {
      while (line[x] !== undefined) x++;
      const content = convertCell(cell, !heads && cell.name === 'th', walk);
      const again: GridCell =
        content.markdown.length > MAX_REPEATED
          ? { ...EMPTY, repeated: true }
          : { ...content, repeated: true };
      const across = filled ? span(cell, 'colspan') : 1;
      const down = filled ? Math.min(span(cell, 'rowspan'), rows.length - y) : 1;
      for (let dy = 0; dy < down; dy++) {
        for (let dx = 0; dx < across; dx++) {
          grid[y + dy]![x + dx] ??= dx === 0 && dy === 0 ? content : again;
        }
      }
      x += across;
    }
  });
  const width = filled ? widest(grid) : 0;
  return grid.map((row) => Array.from({ length: filled ? width : row.length }, (_, x) => row[x] ?? EMPTY));
}

const widest = (grid: readonly GridCell[][]) => grid.reduce((most, row) => Math.max(most, row.length), 0);

const spanned = (row: Row) => row.cells.reduce((sum, cell) => sum + span(cell, 'colspan'), 0);

function convertCell(cell: StorageElement, heading: boolean, { writer, nodes }: Walk): GridCell {
  return writer.capture(true, () => {
    if (heading) writer.openMark('**', '**');
    nodes(cell.children);
    if (heading) writer.closeMark();
  });
}

/** Tables, as tables of Markdown; a table in a cell becomes lines. */
export const tableRenders: Record<string, Render> = { table };
