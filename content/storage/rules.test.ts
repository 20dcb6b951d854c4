import { expect, test } from '@jest/globals';
import { withDefaults } from '../rules/rendering.ts';
import type { ContentRules } from '../rules/types.ts';
import { converted, CONTEXT } from './test-context.ts';

const macro = (name: string, content = '', parameters = '') =>
  `<ac:structured-macro ac:name="${name}">${parameters}${content}</ac:structured-macro>`;
const rich = (content: string) => `<ac:rich-text-body>${content}</ac:rich-text-body>`;
const plain = (content: string) => `<ac:plain-text-body><![CDATA[${content}]]></ac:plain-text-body>`;
const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`;
const file = (name: string) => `<ri:attachment ri:filename="${name}"/>`;
const lines = (...all: string[]) => all.join('\n');

const info = macro('info', rich('<p>a <strong>b</strong></p><ul><li>c</li></ul>'), parameter('title', 'T'));
const status = macro('status', '', parameter('title', 'DONE'));
const code = macro('code', plain('x < 1 && y'), parameter('language', 'sql'));
const panel =
  '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>a</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div><p>a</p></div></ac:adf-fallback></ac:adf-extension>';
const merged =
  '<table><tr><th>A</th><th>B</th></tr><tr><td rowspan="2">1 &lt; 2</td><td><strong>b</strong></td></tr><tr><td colspan="2"><p>c</p><ul><li>d</li></ul></td></tr></table>';
const picture = `<ac:image ac:alt="The [plan]">${file('a b.png')}<ac:caption><p>Figure</p></ac:caption></ac:image>`;
const elsewhere = '<ac:image><ri:url ri:value="https://x.y/pic.png?a=1"/></ac:image>';

const cases: [behaviour: string, rules: ContentRules, body: string, markdown: string, text: string][] = [
  ['a macro dropped by name', { macros: { byName: { info: 'drop' } } }, `<p>x</p>${info}<p>y</p>`, 'x\n\ny', 'x\ny'],
  ['a macro of the former element', { macros: { byName: { info: 'drop' } } }, '<ac:macro ac:name="Info">a</ac:macro>b', 'b', 'b'],
  ['names in any case', { macros: { byName: { ' INFO ': 'drop' } } }, macro('Info', rich('a')), '', ''],
  ['other macros stay', { macros: { byName: { info: 'drop' } } }, macro('tip', rich('a')), '> **Tip**\n>\n> a', 'a'],
  ['macros dropped in general, but one', { macros: { default: 'drop', byName: { status: 'convert' } } }, `<p>x ${status}</p>${code}`, 'x **DONE**', 'x DONE'],
  ['a macro dropped among words', { macros: { byName: { status: 'drop' } } }, `<p>x ${status} y</p>`, 'x y', 'x y'],
  ['what is in a dropped macro is dropped', { macros: { byName: { info: 'drop' } } }, macro('info', rich(code)), '', ''],
  ['a macro in one that is kept is dropped', { macros: { byName: { code: 'drop' } } }, macro('info', rich(`<p>a</p>${code}`)), '> **Info**\n>\n> a', 'a'],
  ['a panel as words', { macros: { byName: { info: 'text' } } }, info, 'T\\\na b\\\nc', 'T\na b\nc'],
  ['program code as words', { macros: { byName: { code: 'text' } } }, macro('code', plain('# a\n*b*')), '\\# a\\\n\\*b\\*', '# a\n*b*'],
  ['a status as words', { macros: { byName: { status: 'text' } } }, `<p>x ${status}</p>`, 'x DONE', 'x DONE'],
  ['an unknown macro as words', { macros: { default: 'text' } }, macro('vendor', rich('<h2>a</h2>')), 'a', 'a'],
  ['a macro without content as words', { macros: { default: 'text' } }, `a${macro('toc')}b`, 'a\n\nb', 'a\nb'],
  ['a macro as its source', { macros: { byName: { code: 'raw' } } }, code, lines('```xml', '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter><ac:plain-text-body><![CDATA[x < 1 && y]]></ac:plain-text-body></ac:structured-macro>', '```'), '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter><ac:plain-text-body><![CDATA[x < 1 && y]]></ac:plain-text-body></ac:structured-macro>'],
  ['a status as its source', { macros: { byName: { status: 'raw' } } }, `<p>x ${status}</p>`, `x \`${status}\``, `x ${status}`],
  ['an unknown macro among words as its source', { macros: { default: 'raw' } }, `<p>x ${macro('v', '', parameter('atlassian-macro-output-type', 'INLINE'))}</p>`, `x \`${macro('v', '', parameter('atlassian-macro-output-type', 'INLINE'))}\``, `x ${macro('v', '', parameter('atlassian-macro-output-type', 'INLINE'))}`],
  ['code fences in a source do not end it', { macros: { default: 'raw' } }, macro('v', plain('```')), lines('````xml', macro('v', plain('```')), '````'), macro('v', plain('```'))],
  ['a panel of the new editor by its kind', { macros: { byName: { note: 'drop' } } }, panel, '', ''],
  ['a panel of the new editor as words', { macros: { byName: { note: 'text' } } }, panel, 'a', 'a'],
  ['another kind of panel stays', { macros: { byName: { info: 'drop' } } }, panel, '> **Note**\n>\n> a', 'a'],
  ['names of the language are names', { macros: { byName: Object.fromEntries([['constructor', 'drop']]) } }, macro('constructor', rich('a')), '', ''],
  ['tables as HTML', { tables: 'html' }, merged, lines('<table>', '<tr>', '<th>A</th>', '<th>B</th>', '</tr>', '<tr>', '<td rowspan="2">1 &lt; 2</td>', '<td>', '', '**b**', '', '</td>', '</tr>', '<tr>', '<td colspan="2">', '', 'c', '', '- d', '', '</td>', '</tr>', '</table>'), 'A | B\n1 < 2 | b\nc\nd'],
  ['a table of HTML in a list', { tables: 'html' }, '<ul><li><table><tr><td><em>a</em></td></tr></table></li></ul>', lines('- <table>', '  <tr>', '  <td>', '', '  *a*', '', '  </td>', '  </tr>', '  </table>'), 'a'],
  ['a table of HTML in a table', { tables: 'html' }, '<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>', lines('<table>', '<tr>', '<td>', '', '<table>', '<tr>', '<td>a</td>', '</tr>', '</table>', '', '</td>', '</tr>', '</table>'), 'a'],
  ['an empty table of HTML vanishes', { tables: 'html' }, '<table><tr><td> </td></tr></table>', '', ''],
  ['tables as words', { tables: 'text' }, merged, 'A | B\\\n1 < 2 | b\\\nc\\\nd', 'A | B\n1 < 2 | b\nc\nd'],
  ['words of a table are no markup', { tables: 'text' }, '<table><tr><td># a</td></tr><tr><td>*b*</td></tr></table>', '\\# a\\\n\\*b\\*', '# a\n*b*'],
  ['images by name', { images: 'name' }, `<p>x ${picture}</p>`, 'x a b.png\n\nFigure', 'x a b.png\nFigure'],
  ['images of elsewhere by name', { images: 'name' }, elsewhere, 'pic.png', 'pic.png'],
  ['images by alternative text', { images: 'alt' }, picture, 'The \\[plan\\]\n\nFigure', 'The [plan]\nFigure'],
  ['images without alternative text', { images: 'alt' }, `a${elsewhere}`, 'a', 'a'],
  ['images as links', { images: 'link' }, elsewhere, '[pic.png](https://x.y/pic.png?a=1)', 'pic.png'],
  ['attached images as links', { images: 'link' }, picture, '[The \\[plan\\]](a%20b.png)\n\nFigure', 'The [plan] (a b.png)\nFigure'],
  ['images without a safe address as links', { images: 'link' }, '<img src="javascript:x" alt="b"/>', 'b', 'b'],
  ['images in links as links', { images: 'link' }, `<a href="https://x.y">${picture.replace(/<ac:caption>.*<\/ac:caption>/, '')}</a>`, '[The \\[plan\\]](https://x.y)', 'The [plan] (a b.png)'],
  ['images dropped, with their captions', { images: 'drop' }, `<p>x</p>${picture}<img src="/a.png"/>`, 'x', 'x'],
  ['emoticons are no images', { images: 'drop' }, '<ac:emoticon ac:name="tick"/>', '✅', '✅'],
]; // prettier-ignore

test.each(cases)('%s', (_, rules, body, markdown, text) => {
  expect(converted(body, { ...CONTEXT, rules: withDefaults(rules) })).toEqual({ markdown, text });
});
