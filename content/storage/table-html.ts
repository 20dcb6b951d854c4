import { span, textRow, type Row } from './table-row.ts';
import type { StorageElement } from './tree.ts';
import type { Walk } from './walk.ts';
import type { Written } from './writer.ts';

/**
 * A table as a block of HTML, its merged cells as they are. A cell of plain words on one line stands in its element;
 * any other is Markdown between empty lines, where CommonMark reads Markdown again (section 4.6, HTML blocks).
 */
export function tableAsHtml(rows: readonly Row[], walk: Walk): void {
  const written = rows.map((row) =>
    row.cells.map((cell) => ({
      cell,
      head: row.inHead || cell.name === 'th',
      ...walk.writer.capture(false, () => walk.nodes(cell.children)),
    })),
  );
  if (written.every((row) => row.every((cell) => cell.markdown === '' && cell.text === ''))) return;
  const lines = written.flatMap((row) => ['<tr>', ...row.flatMap(cellLines), '</tr>']);
  const text = written.map(textRow).filter((line) => line !== '');
  walk.writer.block(['<table>', ...lines, '</table>'], text);
}

function cellLines({ cell, head, markdown, text }: Written & { cell: StorageElement; head: boolean }) {
  const name = head ? 'th' : 'td';
  const start = `<${name}${spanning(cell, 'colspan')}${spanning(cell, 'rowspan')}>`;
  const plain = markdown === text && !markdown.includes('\n');
  if (plain) return [`${start}${escape(text)}</${name}>`];
  return [start, '', ...markdown.split('\n'), '', `</${name}>`];
}

function spanning(cell: StorageElement, attribute: string): string {
  const count = span(cell, attribute);
  return count === 1 ? '' : ` ${attribute}="${count}"`;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
