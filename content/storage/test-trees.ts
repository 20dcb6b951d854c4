import fc from 'fast-check';

const escape = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const token = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{1,6}$/) },
  fc.constantFrom('*', '**', '_', '`', '```', '~~', '|', '#', '-', '+', '1.', '>', '<b>', '&lt;', '[x]', '\\', '!', '$', '---'),
  fc.constantFrom('[a](javascript:b)', '![a](data:b)', '<javascript:a>', 'snake_case', '漢字', '😀', '&', '|---|'),
); // prettier-ignore

const words = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => escape(tokens.join(' ')));
const code = fc.stringMatching(/^[a-z`]{1,8}(?:\n[a-z`|]{1,8})?$/);
const target = fc.constantFrom(
  'https://x.y/a(b)',
  '/p',
  '#a',
  'javascript:x',
  ' JAVASCRIPT:x',
  'data:x',
  'vbscript:x',
  'foo',
);

const element = (name: string) => (content: string) => `<${name}>${content}</${name}>`;
const macro = (name: string, content: string, parameters = '') =>
  `<ac:structured-macro ac:name="${name}">${parameters}${content}</ac:structured-macro>`;
const cdata = (content: string) => `<ac:plain-text-body><![CDATA[${content}]]></ac:plain-text-body>`;

const trees = fc.letrec<{ inline: string; inlines: string; block: string; blocks: string; cell: string }>((tie) => ({
  inlines: fc.array(tie('inline'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  inline: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    words,
    ...['strong', 'em', 'del', 'u', 'span', 'sup', 'foo'].map((name) => tie('inlines').map(element(name))),
    fc.constantFrom('<br/>', ' ', '<ac:emoticon ac:name="tick"/>', '<ac:placeholder>gone</ac:placeholder>'),
    code.map((content) => `<code>${escape(content)}</code>`),
    fc.tuple(target, tie('inlines')).map(([href, content]) => `<a href="${href}">${content}</a>`),
    fc.tuple(target, words).map(([href, content]) => `<ac:link><ri:url ri:value="${href}"/><ac:link-body>${content}</ac:link-body></ac:link>`),
    fc.tuple(target, words).map(([url, alt]) => `<ac:image ac:alt="${alt}"><ri:url ri:value="${url}"/></ac:image>`),
  ),
  blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n')),
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('inlines').map(element('p')),
    tie('inlines').map(element('h2')),
    code.map((content) => `<pre>${escape(content)}</pre>`),
    code.map((content) => macro('code', cdata(content), '<ac:parameter ac:name="language">sql</ac:parameter>')),
    code.map((content) => macro('vendor', cdata(content))),
    ...['blockquote', 'div', 'ac:layout', 'ac:bar'].map((name) => tie('blocks').map(element(name))),
    fc.tuple(fc.constantFrom('info', 'expand', 'panel', 'section', 'vendor', 'constructor'), tie('blocks')).map(
      ([name, content]) => macro(name, element('ac:rich-text-body')(content)),
    ),
    fc.tuple(fc.constantFrom('ul', 'ol'), fc.array(tie('cell'), { minLength: 1, maxLength: 3 })).map(
      ([name, items]) => element(name)(items.map(element('li')).join('\n')),
    ),
    fc.array(tie('cell'), { minLength: 1, maxLength: 2 }).map((items) =>
      element('ac:task-list')(
        items.map((item) => `<ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>${item}</ac:task-body></ac:task>`).join(''),
      ),
    ),
    fc.array(
      fc.array(fc.tuple(fc.constantFrom('td', 'th', 'td colspan="2"', 'td rowspan="2"'), tie('cell')), { minLength: 1, maxLength: 3 }),
      { minLength: 1, maxLength: 3 },
    ).map((rows) =>
      element('table')(
        rows.map((row) => element('tr')(row.map(([name, content]) => `<${name}>${content}</${name.slice(0, 2)}>`).join(''))).join(''),
      ),
    ),
  ),
  cell: fc.oneof(tie('inlines'), tie('blocks')),
})); // prettier-ignore

/** Well-formed bodies of every common element, with words that look like markup. */
export const storageBodies: fc.Arbitrary<string> = trees.blocks;

/** Bodies as above that were cut, doubled or stained somewhere. */
export const mangledBodies: fc.Arbitrary<string> = fc
  .tuple(storageBodies, fc.nat(), fc.nat(40), fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<', '</p>', '<![CDATA[', ']]>', '\0', '\ud800', '&', '<ac:parameter>', '<td>')))
  .map(([body, place, length, stain]) => {
    const start = body.length === 0 ? 0 : place % body.length;
    return body.slice(0, start) + stain + body.slice(start + length);
  }); // prettier-ignore
