import { expect, test } from '@jest/globals';
import { converted, type Example } from './test-context.ts';

const rows = (...lines: string[]) => lines.join('\n');

const examples: Example[] = [
  ['a header row', '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>', rows('| A | B |', '| --- | --- |', '| 1 | 2 |'), 'A | B\n1 | 2'],
  ['a header row in the body', '<table><colgroup><col/><col></colgroup><tbody><tr><th><p>A</p></th></tr><tr><td>1</td></tr></tbody></table>', rows('| A |', '| --- |', '| 1 |'), 'A\n1'],
  ['no header', '<table><tr><td>1</td><td>2</td></tr></table>', rows('|  |  |', '| --- | --- |', '| 1 | 2 |'), '1 | 2'],
  ['a header column', '<table><tr><th>A</th><td>1</td></tr></table>', rows('|  |  |', '| --- | --- |', '| **A** | 1 |'), 'A | 1'],
  ['merged columns', '<table><tr><th colspan="2">A</th></tr><tr><td>1</td><td>2</td></tr></table>', rows('| A | A |', '| --- | --- |', '| 1 | 2 |'), 'A\n1 | 2'],
  ['merged rows', '<table><tr><th>A</th><th>B</th></tr><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></table>', rows('| A | B |', '| --- | --- |', '| 1 | 2 |', '| 1 | 3 |'), 'A | B\n1 | 2\n3'],
  ['rows of unequal length', '<table><tr><th>A</th></tr><tr><td>1</td><td>2</td></tr></table>', rows('| A |  |', '| --- | --- |', '| 1 | 2 |'), 'A\n1 | 2'],
  ['blocks in a cell', '<table><tr><th><p>a</p><p>b<br/>c</p></th></tr></table>', rows('| a<br>b<br>c |', '| --- |'), 'a\nb\nc'],
  ['lists in a cell', '<table><tr><th>A</th><th>B</th></tr><tr><td><ul><li>a<ol><li>b</li></ol></li></ul></td><td>c</td></tr></table>', rows('| A | B |', '| --- | --- |', '| - a<br>1. b | c |'), 'A | B\na b | c'],
  ['code in a cell', '<table><tr><th><pre>a | b\nc</pre></th></tr></table>', rows('| `a \\| b`<br>`c` |', '| --- |'), 'a | b\nc'],
  ['headings in a cell', '<table><tr><th><h2>a</h2></th></tr></table>', rows('| **a** |', '| --- |'), 'a'],
  ['pipes in a cell', '<table><tr><th>a | b</th></tr></table>', rows('| a \\| b |', '| --- |'), 'a | b'],
  ['a table in a table', '<table><tr><th>A</th><td><table><tr><td>1</td><td>2|</td></tr><tr><td>3</td></tr></table></td></tr></table>', rows('|  |  |', '| --- | --- |', '| **A** | 1 \\| 2\\|<br>3 |'), 'A | 1 | 2| 3'],
  ['a caption, and words out of place', '<table><caption>T</caption>x<tr>y<td>1</td></tr></table>', rows('T', '', 'x', '', '|  |  |', '| --- | --- |', '| y | 1 |'), 'T\nx\ny | 1'],
  ['cells without rows', '<table><td>1</td><td>2</td></table>', rows('|  |  |', '| --- | --- |', '| 1 | 2 |'), '1 | 2'],
  ['rows without end tags', '<table><tr><th>A<th>B<tr><td>1<td>2</table>', rows('| A | B |', '| --- | --- |', '| 1 | 2 |'), 'A | B\n1 | 2'],
  ['an empty table vanishes', '<table><tr><td> </td></tr></table><p>a</p>', 'a', 'a'],
  ['a table in a list', '<ul><li><table><tr><th>A</th></tr></table></li></ul>', rows('- | A |', '  | --- |'), 'A'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});

test('spans that claim more than there is do no harm', () => {
  const { markdown, text } = converted(
    '<table><tr><td colspan="1000000" rowspan="65000">a</td></tr><tr><td colspan="-3" rowspan="x">b</td></tr></table>',
  );
  expect(text).toBe('a\nb');
  expect(markdown.length).toBeLessThan(5_000);
});

test('long merged cells are not repeated', () => {
  const long = 'word '.repeat(60).trim();
  const { markdown } = converted(`<table><tr><td colspan="2">${long}</td></tr></table>`);
  expect(markdown).toBe(`|  |  |\n| --- | --- |\n| ${long} |  |`);
});
