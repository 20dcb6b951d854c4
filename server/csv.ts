/** Before the first line: spreadsheets then read what follows as UTF-8. */
export const byteOrderMark = '\uFEFF';

/**
 * One line of a CSV (RFC 4180: quoted where needed, CRLF at its end). A text that a spreadsheet would take for a formula
 * is told to be text by an apostrophe (OWASP, "CSV Injection"; the wide forms of the signs count too).
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
