import { expect, test } from '@jest/globals';
import { converted, CONTEXT, type Example } from './test-context.ts';

const BASE = 'https://acme.atlassian.net/wiki';
const page = (attributes: string, rest = '') => `<ac:link><ri:page ${attributes}/>${rest}</ac:link>`;
const words = (text: string) => `<ac:plain-text-link-body><![CDATA[${text}]]></ac:plain-text-link-body>`;

const examples: Example[] = [
  ['an address', '<a href="https://x.y/z">a <b>b</b></a>', '[a **b**](https://x.y/z)', 'a b'],
  ['an address with markup in it', '<a href="https://x.y/(z) a|b?c=&lt;d&gt;&amp;e=1">a</a>', '[a](https://x.y/%28z%29%20a%7Cb?c=%3Cd%3E&e=1)', 'a'],
  ['a path of the site', '<a href="/wiki/spaces/ENG">a</a>', '[a](https://acme.atlassian.net/wiki/spaces/ENG)', 'a'],
  ['an anchor', '<a href="#top">a</a>', '[a](#top)', 'a'],
  ['mail', '<a href="mailto:a@b.c">a</a>', '[a](mailto:a@b.c)', 'a'],
  ['a smart link without words', '<a href="https://x.y/z" data-card-appearance="inline"></a>', '[https://x.y/z](https://x.y/z)', 'https://x.y/z'],
  ['a link without target or words', 'a<a href=""></a>', 'a', 'a'],
  ['blanks leave the link', '<p>see<a href="https://x.y"> a </a>now</p>', 'see [a](https://x.y) now', 'see a now'],
  ['an exclamation before a link makes no image', 'Look!<a href="https://x.y">a</a>', 'Look\\![a](https://x.y)', 'Look!a'],
  ['links in links', '<a href="https://x.y">a<span><a href="https://z.w">b</a></span></a>', '[ab](https://x.y)', 'ab'],
  ['an image in a link', '<a href="https://x.y"><ac:image ac:alt="a"><ri:attachment ri:filename="a"/></ac:image></a>', '[![a](a)](https://x.y)', 'a'],
  ['a page by title', page('ri:content-title="My Page"'), `[My Page](${BASE}/display/ENG/My+Page)`, 'My Page'],
  ['a page of another space', page('ri:space-key="OPS" ri:content-title="A"', words('go [there]')), `[go \\[there\\]](${BASE}/display/OPS/A)`, 'go [there]'],
  ['a page with an uncommon title', page('ri:content-title="Why? é/ü"'), `[Why? é/ü](${BASE}/pages/viewpage.action?spaceKey=ENG&title=Why%3F%20%C3%A9%2F%C3%BC)`, 'Why? é/ü'],
  ['a place in a page', `<ac:link ac:anchor="part two"><ri:page ri:content-title="A"/></ac:link>`, `[A](${BASE}/display/ENG/A#part%20two)`, 'A'],
  ['a place in the same page', `<ac:link ac:anchor="x"><ac:link-body>a <em>b</em></ac:link-body></ac:link>`, '[a *b*](#x)', 'a b'],
  ['a blog post', '<ac:link><ri:blog-post ri:posting-day="2026/01/31" ri:content-title="News"/></ac:link>', `[News](${BASE}/display/ENG/2026/01/31/News)`, 'News'],
  ['a space', '<ac:link><ri:space ri:space-key="OPS"/></ac:link>', `[OPS](${BASE}/display/OPS)`, 'OPS'],
  ['content by id', `<ac:link><ri:content-entity ri:content-id="12"/>${words('a')}</ac:link>`, `[a](${BASE}/pages/viewpage.action?pageId=12)`, 'a'],
  ['an attachment', '<ac:link><ri:attachment ri:filename="plan_v1.pdf"/></ac:link>', 'plan_v1.pdf', 'plan_v1.pdf'],
  ['an attachment with words', `<ac:link><ri:attachment ri:filename="plan.pdf"/>${words('Plan')}</ac:link>`, 'Plan', 'Plan'],
  ['an address as a resource', `<ac:link><ri:url ri:value="https://x.y"/>${words('a')}</ac:link>`, '[a](https://x.y)', 'a'],
  ['a mention', '<ac:link><ri:user ri:account-id="ada-1"/></ac:link>', '@Ada \\*Lovelace\\*', '@Ada *Lovelace*'],
  ['a mention of a stranger', '<ac:link><ri:user ri:account-id="x"/></ac:link>', '@unknown user', '@unknown user'],
  ['a mention by user key', '<ac:link><ri:user ri:userkey="ada-1"/></ac:link>', '@Ada \\*Lovelace\\*', '@Ada *Lovelace*'],
  ['a link to nothing known', `<ac:link>${words('a')}</ac:link>`, 'a', 'a'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});

test('without the site address, links by title become words', () => {
  const context = { ...CONTEXT, baseUrl: '' };
  expect(converted(page('ri:content-title="A"'), context).markdown).toBe('A');
  expect(converted('<a href="/x">a</a> <a href="y">b</a>', context).markdown).toBe('[a](/x) b');
});

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  '&#1;javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'unknown:x',
])('an unsafe target loses the link and keeps the words: %s', (href) => {
  const body = `<a href="${href}">a</a> <ac:link><ri:url ri:value="${href}"/>${words('b')}</ac:link>`;
  expect(converted(body)).toEqual({ markdown: 'a b', text: 'a b' });
});
