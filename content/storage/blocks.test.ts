import { expect, test } from '@jest/globals';
import { converted, type Example } from './test-context.ts';

const examples: Example[] = [
  ['nothing', '', '', ''],
  ['blanks alone', ' \n\t&nbsp; ', '', ''],
  ['words without elements', 'a  b\nc', 'a b c', 'a b c'],
  ['headings', '<h1>A</h1><h6>B <em>c</em></h6>', '# A\n\n###### B *c*', 'A\nB c'],
  ['a heading that ends in a hash', '<h2>C#</h2>', '## C\\#', 'C#'],
  ['paragraphs', '<p>a</p><p>b</p>', 'a\n\nb', 'a\nb'],
  ['empty paragraphs vanish', '<p>a</p><p>&nbsp;</p><p /><p>b</p>', 'a\n\nb', 'a\nb'],
  ['line breaks', '<p>a<br/>b<br />c<br></p>', 'a\\\nb\\\nc', 'a\nb\nc'],
  ['line breaks in headings are blanks', '<h2>a<br/>b</h2>', '## a b', 'a\nb'],
  ['bold and italic', '<p>a <strong>b</strong> <em>c</em></p>', 'a **b** *c*', 'a b c'],
  ['the older names', '<b>b</b> <i>c</i> <s>d</s>', '**b** *c* ~~d~~', 'b c d'],
  ['bold italic', '<strong><em>a</em></strong>', '***a***', 'a'],
  ['strikethrough', '<p><del>a</del></p>', '~~a~~', 'a'],
  ['blanks leave the markup', '<p>a<strong> b </strong>c</p>', 'a **b** c', 'a b c'],
  ['empty markup vanishes', '<p>a<strong> </strong><em/>b</p>', 'a b', 'a b'],
  ['neighbours in bold join', '<b>a</b><b>b</b>', '**ab**', 'ab'],
  ['bold in bold is bold', '<b>a <strong>b</strong> c</b>', '**a b c**', 'a b c'],
  ['bold over paragraphs', '<b><p>a</p><p>b</p></b>', '**a**\n\n**b**', 'a\nb'],
  ['sub, sup, underline', 'H<sub>2</sub>O x<sup>2</sup> <u>u</u>', 'H<sub>2</sub>O x<sup>2</sup> <u>u</u>', 'H2O x2 u'],
  ['inline code', '<p><code>a*b</code></p>', '`a*b`', 'a*b'],
  ['code with backticks', '<code>a `` b`</code>', '``` a `` b` ```', 'a `` b`'],
  ['code spans side by side', '<code>a</code><code>b</code>', '`a` `b`', 'ab'],
  ['code that holds elements', '<code>a<strong>b</strong> <a href="https://x.y">c</a></code>', '`ab c`', 'ab c'],
  ['rules', '<p>a</p><hr/><p>b</p>', 'a\n\n***\n\nb', 'a\nb'],
  ['quotes', '<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b', 'a\nb'],
  ['quotes in quotes', '<blockquote>a<blockquote>b</blockquote></blockquote>', '> a\n>\n> > b', 'a\nb'],
  ['preformatted', '<pre>a\n  b *c*\n\nd</pre>', '```\na\n  b *c*\n\nd\n```', 'a\n  b *c*\n\nd'],
  ['dates', '<p>on <time datetime="2026-01-31" /></p>', 'on 2026-01-31', 'on 2026-01-31'],
  ['layouts', '<ac:layout><ac:layout-section><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell>b</ac:layout-cell></ac:layout-section></ac:layout>', 'a\n\nb', 'a\nb'],
  ['comment markers keep their words', 'a <ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker>', 'a b', 'a b'],
  ['placeholders are no content', 'a<ac:placeholder>Say more</ac:placeholder>', 'a', 'a'],
  ['template variables show their name', '<at:declarations><at:string at:name="who"/></at:declarations><p>Hi <at:var at:name="who"/></p>', 'Hi who', 'Hi who'],
  ['unknown elements keep their content', '<foo>a<x:bar>b</x:bar></foo>', 'ab', 'ab'],
  ['comments vanish', 'a<!-- b -->c', 'ac', 'ac'],
  ['entities', '&eacute;&nbsp;&lt;b&gt; &amp;lt; &#8364; &#x1F600;', 'é \\<b> \\&lt; € 😀', 'é <b> &lt; € 😀'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});

const literal: [words: string, markdown: string][] = [
  ['*a* _b_ `c` ~d~ [e](f)', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\[e\\](f)'],
  ['snake_case_name', 'snake_case_name'],
  ['# a', '\\# a'],
  ['#a', '#a'],
  ['- a', '\\- a'],
  ['-a', '-a'],
  ['+ a', '\\+ a'],
  ['1. a', '1\\. a'],
  ['2) a', '2\\) a'],
  ['1.5 a', '1.5 a'],
  ['> a', '\\> a'],
  ['---', '\\---'],
  ['===', '\\==='],
  ['--|--', '\\--|--'],
  ['a | b', 'a | b'],
  ['a \\ b', 'a \\\\ b'],
  ['a < b', 'a < b'],
];

test.each(literal)('what looks like markup stays words: %s', (words, markdown) => {
  const source = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  expect(converted(`<p>${source}</p>`)).toEqual({ markdown, text: words });
});

test('each line of a paragraph is kept from being markup', () => {
  expect(converted('<p>a<br/># b<br/>- c</p>').markdown).toBe('a\\\n\\# b\\\n\\- c');
});
