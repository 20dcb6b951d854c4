import { expect, test } from '@jest/globals';
import { plainText, readBody, toAdf, toView } from './bodies.ts';

test.each([
  ['<p>One</p><p>two &amp; three</p>', 'One\ntwo & three'],
  ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
  ['<p>5 &lt; 6</p>', '5 < 6'],
  [
    '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">ts</ac:parameter><ac:plain-text-body><![CDATA[if (a < b) {}]]></ac:plain-text-body></ac:structured-macro>',
    'if (a < b) {}',
  ],
  ['', ''],
])('%s reads %j', (storage, text) => {
  expect(plainText(storage)).toBe(text);
});

test('mentions and macros are found, and found anew when the body changes', () => {
  const owner = {
    body: '<ri:user ri:account-id="a&amp;b" /><ac:structured-macro ac:schema-version="1" ac:name="toc"><ac:parameter ac:name="style">x</ac:parameter></ac:structured-macro>',
  };
  const read = () => ({ mentions: readBody(owner).mentions(), macros: readBody(owner).macros() });
  expect(read()).toEqual({ mentions: ['a&b'], macros: ['toc'] });
  owner.body = '<p>plain</p>';
  expect(read()).toEqual({ mentions: [], macros: [] });
  expect(readBody(owner).text()).toBe('plain');
});

test('the document format has the headings and paragraphs in order', () => {
  const { content } = JSON.parse(toAdf('<p>a</p><h2>B</h2><p>c</p>')) as { content: { type: string }[] };
  expect(content.map(({ type }) => type)).toEqual(['paragraph', 'heading', 'paragraph']);
});

test('the view has no elements of the storage format', () => {
  expect(toView('<p><ac:link><ri:page ri:content-title="x" /></ac:link>y<![CDATA[<b>]]></p>')).toBe(
    '<p>y&#60;b&#62;</p>',
  );
});
