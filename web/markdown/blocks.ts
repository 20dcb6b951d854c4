import { h } from 'preact';
import { html, type Html } from '../html.ts';
import { htmlTable, startsHtmlTable } from './html-table.ts';
import { inline } from './inline.ts';

/** Characters of a preview; the rest is in Atlassian. */
export const previewLength = 50_000;

const deepest = 6;
const fence = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#-]*)/;
const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const bullet = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * Markdown as the records hold it, as markup: a preview, not a full CommonMark. Escape first: HTML in it stays text.
 * Headings start at the third level, below the page's own.
 */
export function markdown(source: string): Html {
  return html`<div class="prose" dir="auto">
    ${blocks(source.slice(0, previewLength).split(/\r?\n/), 0)}
  </div>`;
}

function blocks(lines: readonly string[], depth: number): Html[] {
  const out: Html[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') at++;
    else if (fence.test(line)) at = code(lines, at, out);
    else if (heading.test(line)) {
      const [, marks = '#', words = ''] = heading.exec(line) ?? [];
      out.push(h(`h${Math.min(6, marks.length + 2)}`, {}, inline(words)));
      at++;
    } else if (rule.test(line)) {
      out.push(html`<hr />`);
      at++;
    } else if (/^\s{0,3}>/.test(line) && depth < deepest) {
      const end = endOf(lines, at, (next) => /^\s{0,3}>/.test(next));
      const inner = lines.slice(at, end).map((quoted) => quoted.replace(/^\s{0,3}> ?/, ''));
      out.push(html`<blockquote class="stack">${blocks(inner, depth + 1)}</blockquote>`);
      at = end;
    } else if (startsHtmlTable(line) && depth < deepest) {
      const found = htmlTable(lines, at, (inner) => blocks(inner, depth + 1));
      out.push(found === null ? html`<p>${inline(line.trim())}</p>` : found.table);
      at = found === null ? at + 1 : found.end;
    } else if (bullet.test(line) && depth < deepest) at = list(lines, at, depth, out);
    else if (line.includes('|') && tableRule.test(lines[at + 1] ?? '')) at = table(lines, at, out);
    else {
      const end = Math.max(
        at + 1,
        endOf(lines, at, (next, index) => index === at || !startsBlock(next)),
      );
      out.push(html`<p>${inline(lines.slice(at, end).join('\n').trim())}</p>`);
      at = end;
    }
  }
  return out;
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === '' ||
    fence.test(line) ||
    heading.test(line) ||
    bullet.test(line) ||
    rule.test(line) ||
    /^\s{0,3}>/.test(line)
  );
}

function endOf(
  lines: readonly string[],
  from: number,
  goesOn: (line: string, index: number) => boolean,
): number {
  let end = from;
  while (end < lines.length && goesOn(lines[end] ?? '', end)) end++;
  return end;
}

function code(lines: readonly string[], at: number, out: Html[]): number {
  const marks = fence.exec(lines[at] ?? '')?.[1] ?? '```';
  const end = endOf(lines, at + 1, (line) => !line.trim().startsWith(marks));
  out.push(html`<pre tabindex="0"><code>${lines.slice(at + 1, end).join('\n')}</code></pre>`);
  return end + 1;
}

/** A list and, by indentation, what hangs below its items. */
function list(lines: readonly string[], at: number, depth: number, out: Html[]): number {
  const [, indent = '', marker = ''] = bullet.exec(lines[at] ?? '') ?? [];
  const numbered = /\d/.test(marker);
  const items: Html[] = [];
  while (at < lines.length) {
    const found = bullet.exec(lines[at] ?? '');
    if (found === null || (found[1] ?? '').length !== indent.length || /\d/.test(found[2] ?? '') !== numbered)
      break;
    const end = endOf(lines, at + 1, (line, index) => {
      if (line.trim() === '')
        return /^\s+\S/.test(lines[index + 1] ?? '') && indentOf(lines[index + 1] ?? '') > indent.length;
      return indentOf(line) > indent.length;
    });
    const below = lines.slice(at + 1, end);
    const shift = Math.min(...below.filter((line) => line.trim() !== '').map(indentOf), 8);
    items.push(
      html`<li>
        ${item(found[3] ?? '')}${
          below.length === 0
            ? null
            : blocks(
                below.map((line) => line.slice(shift)),
                depth + 1,
              )
        }
      </li>`,
    );
    at = end;
    const next = endOf(lines, at, (line) => line.trim() === '');
    if (bullet.test(lines[next] ?? '') && indentOf(lines[next] ?? '') === indent.length) at = next;
  }
  out.push(
    numbered
      ? html`<ol>
          ${items}
        </ol>`
      : html`<ul>
          ${items}
        </ul>`,
  );
  return at;
}

function item(text: string): Html {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (task === null) return inline(text);
  return html`<span class="hidden-visually">${task[1] === ' ' ? 'To do: ' : 'Done: '}</span>
    <span aria-hidden="true">${task[1] === ' ' ? '☐ ' : '☑ '}</span>${inline(task[2] ?? '')}`;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function table(lines: readonly string[], at: number, out: Html[]): number {
  const end = endOf(lines, at + 2, (line) => line.trim() !== '' && line.includes('|'));
  const head = cells(lines[at] ?? '');
  out.push(
    html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines.slice(at + 2, end).map(
            (line) =>
              html`<tr>
                ${cells(line).map((cell) => html`<td>${inline(cell)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  );
  return end;
}

function cells(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'));
}
