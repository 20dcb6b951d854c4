import { expect, test } from '@jest/globals';
import { convertStorage } from './convert.ts';
import { CONTEXT } from './test-context.ts';

const MEGABYTE = 1_000_000;
const fill = (piece: string, size = 10 * MEGABYTE) => piece.repeat(Math.ceil(size / piece.length));

test.each([
  ['div'],
  ['strong'],
  ['blockquote'],
  ['ac:rich-text-body'],
  ['table><tr><td'],
  ['ul><li'],
  ['ac:adf-extension><ac:adf-node'],
  ['a href="https://x.y"'],
])('20,000 nested <%s> keep their words', (tags) => {
  const body = `<p>before</p>${`<${tags}>`.repeat(20_000)}deep words`;
  const { text, warnings } = convertStorage(body, CONTEXT);
  expect(text.replaceAll('\n', ' ')).toBe('before deep words');
  expect(warnings).toEqual([
    'Elements deeper than 200 were flattened.',
    'Elements without an end tag were closed.',
  ]);
});

test('after 20,000 nested elements that are closed again, the page goes on as usual', () => {
  const body = `${'<div>'.repeat(20_000)}a <b>b</b> c${'</div>'.repeat(20_000)}<h2>d</h2>`;
  expect(convertStorage(body, CONTEXT).markdown).toBe('a b c\n\n## d');
});

test.each([
  ['10 MB of paragraphs', fill(`<p>${'word '.repeat(100)}</p>`), 1_972_400],
  ['10 MB of words on one line', fill('word '), 2_000_000],
  ['2 MB of short rows', `<table>${fill('<tr><td>word</td><td rowspan="9">x</td></tr>', 2 * MEGABYTE)}</table>`, 45_455],
])('%s lose no word', (_, body, count) => {
  const { text } = convertStorage(body, CONTEXT);
  expect(text.split('word').length - 1).toBe(count);
}); // prettier-ignore

test.each([
  ['10 MB of unclosed elements', fill('<b>')],
  ['10 MB of end tags that end nothing', `<p>${fill('</x>')}`],
  ['10 MB of blank lines of code', `<pre>a${fill(' \n')}</pre>`],
  ['2 MB of Markdown', `<h1>${fill('#`*_&[', 2 * MEGABYTE)}x#</h1>`],
  ['2 MB of hashes', `<h1>${fill('#', 2 * MEGABYTE)}x${fill('#', MEGABYTE)}</h1>`],
  ['2 MB of angle brackets', fill('<', 2 * MEGABYTE)],
  ['2 MB of line breaks', `<table><tr><td>${fill('<br/>', 2 * MEGABYTE)}`],
])('%s end', (_, body) => {
  expect(() => convertStorage(body, CONTEXT)).not.toThrow();
});

test('null bytes and lone surrogates are replaced, in the body and in names', () => {
  const context = { ...CONTEXT, userName: () => 'A\0\ud800' };
  const body = 'a\0b\udc00c&#0;&#xD800;<p>d</p><ac:link><ri:user ri:account-id="x"/></ac:link>';
  const { text, markdown } = convertStorage(body, context);
  expect(text).toBe('a\ufffdb\ufffdc\ufffd\ufffd\nd\n@A\ufffd\ufffd');
  expect(markdown).not.toContain('\0');
});

test('what was mended is named in the warnings', () => {
  const warnings = (body: string) => convertStorage(body, CONTEXT).warnings;
  expect(warnings('<p>a</p><ul><li>b</li></ul>c<br>')).toEqual([]);
  expect(warnings('<p>a')).toEqual(['Elements without an end tag were closed.']);
  expect(warnings('<p>a</p><b')).toEqual(['Elements without an end tag were closed.']);
  expect(warnings('<p>a\0</p>')).toEqual(['Characters that cannot be stored were replaced.']);
});

test.each([
  ['an unclosed parameter', '<ac:structured-macro ac:name="x"><ac:parameter ac:name="y">a<p>b</p></ac:structured-macro><p>c</p>', 'a\nb\nc'],
  ['an unclosed script', 'a<script>b<p>c</p>', 'ab\nc'],
  ['a tag without end', 'a <b and so on', 'a <b and so on'],
  ['a tag without end or attributes', 'a <word', 'a <word'],
  ['an unclosed CDATA section that ends like a tag', '<![CDATA[a <b', 'a <b'],
  ['an unclosed CDATA section', '<ac:plain-text-body><![CDATA[a < b', 'a < b'],
  ['a stray end tag', 'a</p>b</strong>c', 'abc'],
  ['crossed elements', '<p><b>a<i>b</b>c</i></p>', 'abc'],
  ['attributes of the language', '<p __proto__="x" constructor="y">a</p>', 'a'],
  ['doctype and instructions', '<?xml version="1.0"?><!DOCTYPE html><p>a</p>', 'a'],
])('%s loses no words', (_, body, text) => {
  expect(convertStorage(body, CONTEXT).text).toBe(text);
}); // prettier-ignore
