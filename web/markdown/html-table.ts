import { html, type Html } from '../html.ts';

const start = /^\s{0,3}<table>$/;
const cell = /^<(td|th)(?: colspan="(\d{1,3})")?(?: rowspan="(\d{1,3})")?>(?:(.*)<\/\1>)?$/;

/** Whether a table of HTML begins here, as the content rules write them (content/storage/table-html.ts). */
export function startsHtmlTable(line: string): boolean {
  return start.test(line);
}

interface Cell {
  head: boolean;
  colspan: number;
  rowspan: number;
  /** Plain words. */
  words: string | null;
  /** Markdown. */
  lines: string[];
}

/**
 * Such a table as markup, and where it ends; null for lines that are no such table. Nothing of the HTML itself is
 * passed on: only its own few elements are known, and what is in them is words or Markdown.
 * @param blocks Markdown as markup
 */
export function htmlTable(
  lines: readonly string[],
  at: number,
  blocks: (lines: readonly string[]) => Html[],
): { table: Html; end: number } | null {
  const rows: Cell[][] = [];
  let open: Cell | null = null;
  let inner = 0;
  for (let index = at + 1; index < lines.length; index++) {
    const line = (lines[index] ?? '').trim();
    if (open !== null) {
      // A table in a cell has cells of its own, which do not end this one.
      if (line === '<table>') inner++;
      else if (line === '</table>') inner--;
      if (inner === 0 && (line === '</td>' || line === '</th>')) open = null;
      else open.lines.push(lines[index] ?? '');
      continue;
    }
    if (line === '</table>') return { table: tableOf(rows, blocks), end: index + 1 };
    if (line === '</tr>') continue;
    if (line === '<tr>') {
      rows.push([]);
      continue;
    }
    const found = cell.exec(line);
    if (found === null || rows.length === 0) return null;
    const [, name, colspan = '1', rowspan = '1', words] = found;
    const one: Cell = {
      head: name === 'th',
      colspan: Number(colspan),
      rowspan: Number(rowspan),
      words: words === undefined ? null : plain(words),
      lines: [],
    };
    rows.at(-1)?.push(one);
    if (words === undefined) open = one;
  }
  return null;
}

function tableOf(rows: readonly Cell[][], blocks: (lines: readonly string[]) => Html[]): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table">
    <table>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(({ head, colspan, rowspan, words, lines }) => {
                const spans = { colspan: spanned(colspan), rowspan: spanned(rowspan) };
                const content = words ?? blocks(lines);
                return head
                  ? html`<th colspan=${spans.colspan} rowspan=${spans.rowspan}>${content}</th>`
                  : html`<td colspan=${spans.colspan} rowspan=${spans.rowspan}>${content}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const spanned = (count: number) => (count > 1 ? count : undefined);

function plain(words: string): string {
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
