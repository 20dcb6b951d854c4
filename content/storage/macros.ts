import { codeBody, codeMacro } from './code.ts';
import { texSource } from './escape.ts';
import { renderMacro } from './handling.ts';
import { resourceTarget, writeLink } from './link.ts';
import { macroBody, quoted } from './panel.ts';
import type { StorageElement } from './tree.ts';
import { descendant, rawText, type Render, type Walk } from './walk.ts';

function parameterElement(macro: StorageElement, name: string): StorageElement | undefined {
  for (const node of macro.children) {
    if (typeof node === 'string' || !/^ac:(?:default-)?parameter$/.test(node.name)) continue;
    if ((node.attributes['ac:name'] ?? '') === name) return node;
  }
  return undefined;
}

const parameter = (macro: StorageElement, name: string) => {
  const element = parameterElement(macro, name);
  return element === undefined ? '' : rawText(element).trim();
};

const strong = (words: string, { writer }: Walk) => {
  writer.openMark('**', '**');
  writer.words(words);
  writer.closeMark();
};

const status: Render = (macro, walk) => {
  strong(parameter(macro, 'title') || parameter(macro, 'colour'), walk);
  macroBody(macro, walk);
};

const panel =
  (label: string): Render =>
  (macro, walk) =>
    quoted(label, parameter(macro, 'title'), walk, () => macroBody(macro, walk));

const expand: Render = (macro, walk) => {
  const { writer } = walk;
  writer.endBlock();
  strong(parameter(macro, 'title'), walk);
  writer.endBlock();
  macroBody(macro, walk);
  writer.endBlock();
};

/** Content of another page is that page's: a link to it, so that nothing is shown to whom it is not. */
const include: Render = (macro, walk) => {
  const named =
    parameterElement(macro, '') ?? parameterElement(macro, 'pageTitle') ?? parameterElement(macro, 'page');
  const page = named && (descendant(named, 'ri:page') ?? descendant(named, 'ri:blog-post'));
  const words = named === undefined ? '' : rawText(named).trim();
  if (page !== undefined) {
    const target = resourceTarget(page, '', walk);
    writeLink(target.url, walk, () => walk.writer.words(words || target.words));
  } else if (words !== '') {
    const [, key = '', title = words] = /^([A-Za-z0-9~]+):(.+)$/s.exec(words) ?? [];
    const attributes = { 'ri:space-key': key, 'ri:content-title': title };
    const target = resourceTarget({ name: 'ri:page', attributes, children: [] }, '', walk);
    writeLink(target.url, walk, () => walk.writer.words(title));
  }
  macroBody(macro, walk);
};

const jira: Render = (macro, walk) => {
  const key = parameter(macro, 'key');
  // Cloud's own Jira is on the site's host; other servers are known here by an id only.
  const own = /^(?:system|$)/i.test(parameter(macro, 'server')) && walk.context.baseUrl !== '';
  const url = own && /^[\w-]+$/.test(key) ? new URL(`/browse/${key}`, walk.context.baseUrl).href : '';
  writeLink(url, walk, () => walk.writer.words(key));
  macroBody(macro, walk);
};

const tex = (macro: StorageElement) =>
  texSource(
    codeBody(macro) || parameter(macro, 'body') || parameter(macro, 'equation') || parameter(macro, ''),
  );

const mathInline: Render = (macro, { writer }) => {
  const source = tex(macro).replace(/\s+/g, ' ');
  if (source !== '') writer.finished(`$${writer.inCell ? source.replaceAll('|', '\\|') : source}$`, source);
};

const mathBlock: Render = (macro, walk) => {
  const source = tex(macro);
  if (walk.writer.inCell) mathInline(macro, walk);
  else if (source !== '') walk.writer.block(['$$', ...source.split('\n'), '$$'], [source]);
};

const RESOURCES = ['ri:attachment', 'ri:url', 'ri:user', 'ri:page'];

/** A file, an address or a person that is shown in the page: by name. */
const shown =
  (...names: string[]): Render =>
  (macro, walk) => {
    for (const name of names) {
      const named = parameterElement(macro, name);
      if (named === undefined) continue;
      const resource = RESOURCES.map((kind) => descendant(named, kind)).find((found) => found !== undefined);
      const target =
        resource === undefined
          ? { url: '', words: rawText(named).trim() }
          : resourceTarget(resource, '', walk);
      const url = target.url || (/^https?:\/\//i.test(target.words) ? target.words : '');
      writeLink(url, walk, () => walk.writer.words(target.words));
      break;
    }
    macroBody(macro, walk);
  };

const file = shown('name', 'filename', '');
const address = shown('url', 'src', '');
const diagram = shown('diagramName', 'diagramDisplayName', 'name');

/** How each macro is shown; the others show their body. */
const MACROS: Record<string, Render> = {
  code: codeMacro(parameter),
  noformat: codeMacro(parameter),
  plantuml: codeMacro(parameter, 'plantuml'),
  mermaid: codeMacro(parameter, 'mermaid'),
  html: codeMacro(parameter, 'html'),
  markdown: codeMacro(parameter, 'markdown'),
  info: panel('Info'),
  note: panel('Note'),
  tip: panel('Tip'),
  warning: panel('Warning'),
  success: panel('Success'),
  error: panel('Error'),
  panel: panel(''),
  expand,
  'ui-expand': expand,
  status,
  include,
  'excerpt-include': include,
  jira,
  jiraissues: jira,
  mathblock: mathBlock,
  'mathblock-ref': mathBlock,
  'easy-math-block': mathBlock,
  'eazy-math-block': mathBlock,
  'mathjax-block-macro': mathBlock,
  latex: mathBlock,
  mathinline: mathInline,
  'easy-math-inline': mathInline,
  'eazy-math-inline': mathInline,
  'mathjax-inline-macro': mathInline,
  'view-file': file,
  viewpdf: file,
  viewdoc: file,
  viewxls: file,
  viewppt: file,
  multimedia: file,
  drawio: diagram,
  gliffy: diagram,
  profile: shown('user'),
  'profile-picture': shown('User', 'user'),
  widget: address,
  iframe: address,
};

/** These stand among words, whether or not they say so. */
const INLINE: ReadonlySet<Render> = new Set([status, include, jira, mathInline]);

const isInline = (element: StorageElement) =>
  parameter(element, 'atlassian-macro-output-type').toUpperCase() === 'INLINE';

/** Macros, in their present (`ac:structured-macro`) and former (`ac:macro`) form. */
const macro: Render = (element, walk) => {
  const name = (element.attributes['ac:name'] ?? '').toLowerCase();
  const convert = Object.hasOwn(MACROS, name) ? MACROS[name]! : unknownMacro;
  renderMacro(element, walk, { name, inline: INLINE.has(convert) || isInline(element), convert });
};

/** What a macro does is not known, so what it holds is shown. One without a body shows nothing (toc, children). */
const unknownMacro: Render = (element, walk) => {
  const inline = isInline(element);
  if (!inline) walk.writer.endBlock();
  macroBody(element, walk);
  if (!inline) walk.writer.endBlock();
};

export const macroRenders: Record<string, Render> = {
  'ac:structured-macro': macro,
  'ac:macro': macro,
};
