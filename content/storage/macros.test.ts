import { expect, test } from '@jest/globals';
import { converted, type Example } from './test-context.ts';

const BASE = 'https://acme.atlassian.net/wiki';

/** A macro with its parameters; its body is rich text, or plain text in CDATA. */
function macro(name: string, parameters: Record<string, string>, rich?: string, plain?: string): string {
  const given = Object.entries(parameters).map(
    ([key, value]) => `<ac:parameter ac:name="${key}">${value}</ac:parameter>`,
  );
  const body = rich === undefined ? '' : `<ac:rich-text-body>${rich}</ac:rich-text-body>`;
  const code = plain === undefined ? '' : `<ac:plain-text-body><![CDATA[${plain}]]></ac:plain-text-body>`;
  return `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="0b1">${given.join('')}${body}${code}</ac:structured-macro>`;
}

const attachment = '<ri:attachment ri:filename="plan.pdf"/>';
const decision = (fallback: string, content: string) =>
  `<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-attribute key="local-id">1</ac:adf-attribute><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute>${content}</ac:adf-node></ac:adf-node><ac:adf-fallback>${fallback}</ac:adf-fallback></ac:adf-extension>`;

const examples: Example[] = [
  ['code', macro('code', { language: 'Java', linenumbers: 'true' }, undefined, 'if (a < b) {\n  *c*\n}'), '```java\nif (a < b) {\n  *c*\n}\n```', 'if (a < b) {\n  *c*\n}'],
  ['code with a title', macro('code', { title: 'A *b*' }, undefined, 'c'), '**A \\*b\\***\n\n```\nc\n```', 'A *b*\nc'],
  ['code with fences in it', macro('code', {}, undefined, '```\na\n````'), '`````\n```\na\n````\n`````', '```\na\n````'],
  ['code in several CDATA sections', macro('code', {}, undefined, 'a]]]]><![CDATA[>b'), '```\na]]>b\n```', 'a]]>b'],
  ['code without CDATA', '<ac:structured-macro ac:name="code"><ac:plain-text-body>a &lt; b</ac:plain-text-body></ac:structured-macro>', '```\na < b\n```', 'a < b'],
  ['noformat', macro('noformat', {}, undefined, 'a  b'), '```\na  b\n```', 'a  b'],
  ['an empty code macro', `a${macro('code', {}, undefined, '')}`, 'a', 'a'],
  ['an info panel', macro('info', {}, '<p>a</p><p>b</p>'), '> **Info**\n>\n> a\n>\n> b', 'a\nb'],
  ['a note with a title', macro('note', { icon: 'false', title: 'Mind' }, '<p>a</p>'), '> **Note: Mind**\n>\n> a', 'Mind\na'],
  ['a panel', macro('panel', { title: 'T', bgColor: 'red' }, '<p>a</p>'), '> **T**\n>\n> a', 'T\na'],
  ['a panel in a table', `<table><tr><td>${macro('tip', {}, 'a')}</td></tr></table>`, '|  |\n| --- |\n| **Tip**<br>a |', 'a'],
  ['expand', macro('expand', { title: 'More' }, '<p>a</p>'), '**More**\n\na', 'More\na'],
  ['status', `<p>is ${macro('status', { title: 'IN PROGRESS', colour: 'Blue' })} now</p>`, 'is **IN PROGRESS** now', 'is IN PROGRESS now'],
  ['sections and columns', macro('section', {}, macro('column', { width: '50%' }, '<p>a</p>') + macro('column', {}, '<p>b</p>')), 'a\n\nb', 'a\nb'],
  ['an excerpt', macro('excerpt', { hidden: 'true' }, '<p>a</p>'), 'a', 'a'],
  ['an excerpt within a line', `<p>a ${macro('excerpt', { 'atlassian-macro-output-type': 'INLINE' }, 'b')} c</p>`, 'a b c', 'a b c'],
  ['an included excerpt', macro('excerpt-include', { '': '<ac:link><ri:page ri:space-key="OPS" ri:content-title="A"/></ac:link>', nopanel: 'true' }), `[A](${BASE}/display/OPS/A)`, 'A'],
  ['an included page, named in words', macro('include', { '': 'OPS:A b' }), `[A b](${BASE}/display/OPS/A+b)`, 'A b'],
  ['navigation', ['toc', 'children', 'pagetree', 'recently-updated', 'contentbylabel', 'gallery', 'attachments', 'anchor'].map((name) => macro(name, { all: 'yes', '': 'x' })).join(''), '', ''],
  ['a Jira issue', `<p>see ${macro('jira', { server: 'System Jira', serverId: 'x', key: 'AB-1' })}.</p>`, 'see [AB-1](https://acme.atlassian.net/browse/AB-1).', 'see AB-1.'],
  ['a Jira issue of another server', macro('jira', { server: 'Other', key: 'AB-1' }), 'AB-1', 'AB-1'],
  ['a Jira list', macro('jira', { jqlQuery: 'project = AB' }), '', ''],
  ['mathematics in a line', `<p>so ${macro('mathinline', { body: 'a_b * c_d' })}</p>`, 'so $a_b * c_d$', 'so a_b * c_d'],
  ['mathematics in a block', macro('mathblock', {}, undefined, '\\int\n x'), '$$\n\\int\nx\n$$', '\\int\nx'],
  ['mathematics that hides a link', macro('mathinline', { body: '[a](javascript:b)' }), '$[a] (javascript:b)$', '[a] (javascript:b)'],
  ['a file', macro('view-file', { name: attachment, height: '250' }), 'plan.pdf', 'plan.pdf'],
  ['a profile', macro('profile', { user: '<ri:user ri:account-id="ada-1"/>' }), '@Ada \\*Lovelace\\*', '@Ada *Lovelace*'],
  ['a diagram', macro('drawio', { diagramName: 'flow', width: '1' }), 'flow', 'flow'],
  ['a widget', macro('widget', { url: '<ri:url ri:value="https://v.x/1"/>' }), '[https://v.x/1](https://v.x/1)', 'https://v.x/1'],
  ['a frame', macro('iframe', { src: 'https://v.x/1' }), '[https://v.x/1](https://v.x/1)', 'https://v.x/1'],
  ['a frame with an unsafe address', macro('iframe', { src: 'javascript:x' }), 'javascript:x', 'javascript:x'],
  ['an unknown macro with rich text', macro('vendor-box', { word: 'secret' }, '<p>a</p>'), 'a', 'a'],
  ['an unknown macro with plain text', macro('vendor-box', {}, undefined, '*a*\n b'), '```\n*a*\n b\n```', '*a*\n b'],
  ['a macro without a name', '<ac:structured-macro>a</ac:structured-macro>', 'a', 'a'],
  ['a macro with a name of the language', macro('constructor', {}, 'a'), 'a', 'a'],
  ['the former element', '<ac:macro ac:name="info"><ac:default-parameter>x</ac:default-parameter><ac:rich-text-body>a</ac:rich-text-body></ac:macro>', '> **Info**\n>\n> a', 'a'],
  ['decisions', decision('<ul><li>a</li></ul>', '<ac:adf-content>a</ac:adf-content>'), '- a', 'a'],
  ['an extension with words in its fallback alone', decision('<p>a</p>', ''), 'a', 'a'],
  ['a panel of the new editor', '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>a</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel"><p>a</p></div></ac:adf-fallback></ac:adf-extension>', '> **Note**\n>\n> a', 'a'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});
