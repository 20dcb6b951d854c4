import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withDefaults } from '../../content/rules/rendering.ts';
import { convertStorage } from '../../content/storage/convert.ts';
import { renderFragment } from '../html.ts';
import { markdown } from './blocks.ts';

const context = { baseUrl: '', spaceKey: '', userName: () => null, rules: withDefaults({ tables: 'html' }) };
const shown = (storage: string) => renderFragment(markdown(convertStorage(storage, context).markdown));

test('a table of HTML is shown as a table, with merged cells and what is in them', () => {
  const page = shown(
    '<table><tr><th colspan="2">A &amp; 1 &lt; 2</th></tr><tr><td rowspan="2"><strong>x</strong></td><td><ul><li>y</li></ul></td></tr><tr><td>z</td></tr></table><p>after</p>',
  );
  expect(page).toContain('<th colspan="2">A &amp; 1 &lt; 2</th>');
  expect(page).toMatch(/<td rowspan="2">\s*<p><strong>x<\/strong><\/p>\s*<\/td>/);
  expect(page).toMatch(/<td>\s*<ul>\s*<li>\s*y/);
  expect(page).toContain('<p>after</p>');
  expect(page).not.toContain('&lt;table');
});

test('a table in a table stays in its cell', () => {
  const page = shown(
    '<table><tr><td>out</td><td><table><tr><td>in</td></tr></table></td></tr><tr><td>last</td></tr></table>',
  );
  expect(page.match(/<table>/g)).toHaveLength(2);
  expect(page.indexOf('in</td>')).toBeLessThan(page.indexOf('last'));
});

test.each([
  ['a table without an end', '<table>\n<tr>\n<td>a</td>'],
  ['an element that is none of a table', '<table>\n<script>alert(1)</script>\n</table>'],
  ['an attribute that is none of ours', '<table>\n<tr>\n<td onclick="x">a</td>\n</tr>\n</table>'],
  ['a cell before a row', '<table>\n<td>a</td>\n</table>'],
])('%s stays text', (_, source) => {
  const page = renderFragment(markdown(source));
  expect(page).not.toMatch(/<(?:table|script|td)\b/);
  expect(page).toContain('&lt;table>');
});

test('whatever is in a cell, no element comes out that was not written here', () => {
  const words = fc.string({
    unit: fc.constantFrom('<', '>', '/', 'td', 'table', 'script', '"', ' ', '\n', '&', 'x', '|', '`'),
  });
  fc.assert(
    fc.property(words, words, (one, other) => {
      const page = renderFragment(
        markdown(`<table>\n<tr>\n<td>${one}</td>\n<td>\n\n${other}\n\n</td>\n</tr>\n</table>`),
      );
      expect(page).not.toMatch(/<script|<td [^cr]/);
    }),
  );
});
