import { codeLanguage } from './code.ts';
import { rawText, type Render } from './walk.ts';
import { QUOTE } from './writer.ts';

const block: Render = (element, walk) => {
  walk.writer.endBlock();
  walk.nodes(element.children);
  walk.writer.endBlock();
};

const inline: Render = (element, walk) => walk.nodes(element.children);

const nothing: Render = () => {};

const heading =
  (level: number): Render =>
  (element, walk) =>
    walk.writer.heading(level, () => walk.nodes(element.children));

const mark =
  (open: string, close = open): Render =>
  (element, walk) => {
    walk.writer.openMark(open, close);
    walk.nodes(element.children);
    walk.writer.closeMark();
  };

const html = (name: string): Render => mark(`<${name}>`, `</${name}>`);

const code: Render = (element, { writer, nodes }) => {
  // A code span holds words alone: links and mentions in it become what they say.
  const { text } = writer.capture(false, () => nodes(element.children));
  writer.code(text);
};

const pre: Render = (element, { writer }) => writer.codeBlock(rawText(element), codeLanguage(''));

const blockquote: Render = (element, { writer, nodes }) =>
  writer.within(QUOTE, QUOTE, false, () => nodes(element.children));

const time: Render = (element, { writer, nodes }) => {
  const date = element.attributes.datetime;
  if (element.children.length === 0 && date !== undefined) writer.words(date);
  else nodes(element.children);
};

const BLOCKS = [
  'p', 'div', 'section', 'article', 'aside', 'header', 'footer', 'main', 'nav', 'address', 'center', 'body',
  'figure', 'figcaption', 'caption', 'fieldset', 'legend', 'form', 'details', 'summary', 'dl', 'dt', 'dd',
  'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'li', 'option',
  'ac:layout', 'ac:layout-section', 'ac:layout-cell', 'ac:task-body', 'ac:caption',
  'ac:adf-content', 'ac:adf-fallback', 'ac:adf-node',
]; // prettier-ignore

/** The elements of XHTML, and those of Confluence that only hold content. */
export const blockRenders: Record<string, Render> = {
  ...Object.fromEntries(BLOCKS.map((name) => [name, block])),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, heading(level)])),
  strong: mark('**'),
  b: mark('**'),
  em: mark('*'),
  i: mark('*'),
  cite: mark('*'),
  del: mark('~~'),
  s: mark('~~'),
  strike: mark('~~'),
  sub: html('sub'),
  sup: html('sup'),
  u: html('u'),
  ins: html('u'),
  code,
  tt: code,
  kbd: code,
  samp: code,
  pre,
  blockquote,
  hr: (_, { writer }) => writer.rule(),
  br: (_, { writer }) => writer.lineBreak(),
  time,
  'ac:inline-comment-marker': inline,
  'ac:placeholder': nothing,
  'ac:parameter': nothing,
  'ac:default-parameter': nothing,
  'ac:adf-attribute': nothing,
  'at:declarations': nothing,
  'at:var': (element, { writer }) => writer.words(element.attributes['at:name'] ?? ''),
  'ac:plain-text-body': (element, { writer }) => writer.codeBlock(rawText(element), ''),
  script: nothing,
  style: nothing,
};
