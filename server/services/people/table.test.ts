import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../../errors.ts';
import '../../../test/seed.ts';
import { csvLine } from '../../csv.ts';
import { readTable, template } from './table.ts';

const rows = [
  { line: 2, accountId: '557058:a', email: 'ada@x.example' },
  { line: 3, accountId: '5b10', email: 'ben@x.example' },
];

test.each([
  ['plain', 'account_id,email\n557058:a,ada@x.example\n5b10,ben@x.example\n'],
  ['with CRLF and no end of line', 'account_id,email\r\n557058:a,ada@x.example\r\n5b10,ben@x.example'],
  ['the other way round', 'email,account_id\nada@x.example,557058:a\nben@x.example,5b10\n'],
  ['with a byte order mark', '\uFEFFaccount_id,email\n557058:a,ada@x.example\n5b10,ben@x.example\n'],
  ['with quotes', '"account_id","email"\n"557058:a","ada@x.example"\n"5b10", "ben@x.example"\n'],
  ['with semicolons', '\uFEFFaccount_id;email\r\n557058:a;ada@x.example\r\n5b10;ben@x.example\r\n'],
  ['with tabs', 'account_id\temail\n557058:a\tada@x.example\n5b10\tben@x.example\n'],
  [
    'with other columns and other case',
    'Name,Account ID,EMAIL\n"Ada, L.",557058:a,ada@x.example\nBen,5b10,ben@x.example,more\n',
  ],
])('a table is read %s', (_how, csv) => {
  expect(readTable(csv)).toEqual(rows);
});

test('empty lines are passed over, and lines are counted as an editor counts them', () => {
  const csv = 'account_id,email\n\na,"x@\ny"\n,\nb,z@x.example\n';
  expect(readTable(csv).map((row) => [row.line, row.accountId])).toEqual([
    [4, 'a'],
    [6, 'b'],
  ]);
});

test.each([
  ['', 'The table is empty'],
  ['a,b\n1,2\n', 'names the columns account_id and email; it is: a, b'],
  [template, 'no rows'],
  ['account_id,email\n"a,b\n', 'Quote Not Closed'],
  [`account_id,email\n${'a,b\n'.repeat(20_001)}`, '20000 go at once'],
])('what is no table is refused in words', (csv, words) => {
  expect(() => readTable(csv)).toThrow(InvalidInput);
  expect(() => readTable(csv)).toThrow(words);
});

test('whatever a cell holds comes back, but for a formula, which is text', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((each) => each.trim() === each && each !== '');
  fc.assert(
    fc.property(text, text, (accountId, email) => {
      const [row] = readTable(csvLine(['account_id', 'email']) + csvLine([accountId, email]));
      const told = (value: string) => (/^[=+\-@＝＋－＠]/.test(value) ? `'${value}` : value);
      expect([row?.accountId, row?.email]).toEqual([told(accountId), told(email)]);
    }),
  );
  expect(csvLine(['=1+1', '@x', 'a;b', 'say "so"', 3, null])).toBe(`'=1+1,'@x,"a;b","say ""so""",3,\r\n`);
});
