/** One line of the report. `reached` null: nothing to reach. */
export interface Row {
  what: string;
  measured: string;
  reach: string;
  reached: boolean | null;
}

/** The rows as text, columns aligned. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ['what', 'measured', 'reach', ''],
    ...rows.map((row) => [
      row.what,
      row.measured,
      row.reach,
      row.reached === null ? '' : row.reached ? 'ok' : 'MISSED',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
