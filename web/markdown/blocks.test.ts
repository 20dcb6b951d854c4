import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderFragment } from '../html.ts';
import { markdown } from './blocks.ts';

const render = (source: string) =>
  renderFragment(markdown(source))
    .replace(/^<div class="prose" dir="auto">|<\/div>$/g, '')
    .replaceAll(/\s*(<\/?(?:ul|ol|li)>)\s*/g, '$1')
    .trim();

test.each([
  ['# Title', '<h3>Title</h3>'],
  ['one\ntwo\n\nthree', '<p>one\ntwo</p><p>three</p>'],
  [
    '**bold** and *slanted* and `code`',
    '<p><strong>bold</strong> and <em>slanted</em> and <code>code</code></p>',
  ],
  ['- a\n- b\n  - c', '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>'],
  ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
  ['> said', '<blockquote class="stack"><p>said</p></blockquote>'],
  ['```js\n<b>x</b>\n```', '<pre tabindex="0"><code>&lt;b>x&lt;/b></code></pre>'],
  ['---', '<hr/>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  [String.raw`\*plain\*`, '<p>*plain*</p>'],
])('%j is shown', (source, markup) => {
  expect(render(source)).toBe(markup);
});

test('a table keeps its cells, with a pipe inside one', () => {
  const markup = render('| A | B |\n| --- | --- |\n| 1 | x \\| y |');
  expect(markup).toContain('<th scope="col">A</th><th scope="col">B</th>');
  expect(markup).toContain('<td>1</td><td>x | y</td>');
});

test('a link is followed only where a browser may go', () => {
  expect(render('[ok](https://a.example/x_(y))')).toContain('href="https://a.example/x_(y)"');
  expect(render('[no](javascript:alert(1))')).not.toContain('href');
  expect(render('[no](data:text/html,x)')).not.toContain('href');
});

test('HTML stays text, and images are not fetched', () => {
  expect(render('<img src=x onerror=alert(1)><script>alert(1)</script>')).not.toMatch(/<(img|script)/);
  expect(render('![a chart](https://evil.example/x.png)')).toBe('<p><span class="image">a chart</span></p>');
});

test('whatever the text, only elements of ours come out, and no address that runs', () => {
  const pieces = [
    '<',
    '>',
    '"',
    '[',
    ']',
    '(',
    ')',
    '*',
    '_',
    '`',
    '~~',
    '\n',
    '- ',
    '> ',
    '|',
    '---',
    '# ',
    'javascript:',
    'a',
    ' ',
    '\\',
    '!',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
      const markup = render(parts.join(''));
      for (const [tag] of markup.matchAll(/<[^/][^>]*>/g)) {
        expect(tag).toMatch(
          /^<(p|h[3-6]|strong|em|s|code|pre|ul|ol|li|blockquote|hr|br|span|div|table|thead|tbody|tr|th|td)\b/,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('hostile texts of the full length are shown in bounded time and depth', () => {
  for (const piece of ['*', '[', '> ', '- ', '`', '_a', '![](', '| ', '**a ', '~~']) {
    expect(render(piece.repeat(20_000)).length).toBeGreaterThan(0);
  }
});
