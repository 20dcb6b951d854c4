import { CsvError, parse } from 'csv-parse/sync';
import { InvalidInput } from '../../../errors.ts';

/** One row of a table of people: an account of Atlassian and the email of the user that it is. */
export interface TableRow {
  /** Of the file, from 1; of a list, its position from 1. */
  line: number;
  accountId: string;
  email: string;
}

/** How many rows one import takes. */
export const mostRows = 20_000;

export const template = 'account_id,email\r\n';

/**
 * Reads a CSV with the columns account_id and email, in either order and with any others beside them; with or without
 * a byte order mark and quotes, separated by commas, semicolons or tabs, as spreadsheets save it.
 * @throws InvalidInput at `csv`
 */
export function readTable(csv: string): TableRow[] {
  const records = readRecords(csv);
  const [head, ...rows] = records;
  if (head === undefined) throw invalid('The table is empty. Its first line is: account_id,email');
  const names = head.record.map((name) => name.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  const [account, email] = [names.indexOf('account_id'), names.indexOf('email')];
  if (account === -1 || email === -1) {
    throw invalid(
      `The first line names the columns account_id and email; it is: ${head.record.join(', ').slice(0, 120)}`,
    );
  }
  if (rows.length === 0) throw invalid('The table has no rows below its first line.');
  if (rows.length > mostRows) {
    throw invalid(`The table has ${rows.length} rows; ${mostRows} go at once. Import it in parts.`);
  }
  return rows.map(({ record, info }) => ({
    line: info.lines,
    accountId: record[account] ?? '',
    email: record[email] ?? '',
  }));
}

function readRecords(csv: string): { record: string[]; info: { lines: number } }[] {
  const first = csv.split(/\r?\n|\r/, 1)[0] ?? '';
  const delimiter = [';', '\t'].find((each) => first.includes(each)) ?? ',';
  try {
    return parse(csv, {
      bom: true,
      delimiter,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: 10_000,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid(`This is not a CSV: ${error.message.slice(0, 200)}.`);
  }
}

function invalid(message: string): InvalidInput {
  return new InvalidInput({ csv: message });
}
