import { Tokenizer } from 'htmlparser2';

/** An element of a storage-format body; names and attribute names are in lower case, with their prefix (`ac:link`). */
export interface StorageElement {
  /** '' for an element that was found broken and of which only the content counts. */
  name: string;
  attributes: Record<string, string>;
  children: StorageNode[];
}

export type StorageNode = string | StorageElement;

/** Deeper elements are flattened into their ancestor at this depth: no page is so deep, and walks can recurse. */
export const MAX_DEPTH = 200;

const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

// Content written as HTML (not XHTML) leaves these open before the next of their kind.
const CLOSED_BEFORE = new Map<string, readonly string[]>([
  ['li', ['li']],
  ['tr', ['td', 'th', 'tr']],
  ['td', ['td', 'th']],
  ['th', ['td', 'th']],
]);
const NONE: readonly string[] = [];

const REPLACEMENT = '\ufffd';

// Elements of which the content is not text. Unclosed they would swallow the rest of the page.
const SWALLOWING =
  /^(?:ac:(?:default-)?parameter|ac:placeholder|ac:task-(?:id|uuid|status)|ac:adf-attribute|script|style)$/;

/**
 * Reads a storage-format body as a tree, never throwing: entities are decoded, CDATA is text, broken nesting is
 * mended as well as it can be and reported in `warnings`. Time and memory are linear in the body's length.
 *
 * The tokenizer of htmlparser2 is used without its parser, because the parser's stack takes quadratic time on deep
 * nesting and its HTML rules (a table ends a paragraph, `title` holds no elements) are not those of XHTML.
 */
export function parseStorage(source: string): { root: StorageElement; warnings: string[] } {
  const body = source.toWellFormed().replaceAll('\0', REPLACEMENT);
  const root: StorageElement = { name: '', attributes: {}, children: [] };
  const open: StorageElement[] = [root];
  const openCount = new Map<string, number>();
  let top = root;
  let words = '';
  let flattened = 0; // elements open beyond MAX_DEPTH
  let everFlattened = false;
  let unclosed = 0;
  let tailRead = false; // whether what stands at the body's very end was a comment or CDATA
  let tag: StorageElement | null = null;
  let tagStart = -1;
  let attribute = '';
  let value = '';

  const flushWords = () => {
    if (words !== '') top.children.push(words);
    words = '';
  };
  const pop = (ownEndTag: boolean) => {
    const element = open.pop()!;
    top = open.at(-1)!;
    openCount.set(element.name, openCount.get(element.name)! - 1);
    if (ownEndTag) return;
    unclosed++;
    if (SWALLOWING.test(element.name)) element.name = '';
  };
  const push = (element: StorageElement) => {
    for (const name of CLOSED_BEFORE.get(element.name) ?? NONE) {
      if (top.name === name && open.length > 1) {
        flushWords();
        pop(false);
      }
    }
    flushWords();
    if (open.length > MAX_DEPTH) {
      // Attributes count only for elements without content (links' targets, images): those stay.
      top.children.push(VOID.has(element.name) ? element : ' ');
      if (!VOID.has(element.name)) flattened++;
      everFlattened = true;
      return;
    }
    top.children.push(element);
    if (VOID.has(element.name)) return;
    open.push(element);
    openCount.set(element.name, (openCount.get(element.name) ?? 0) + 1);
    top = element;
  };
  const close = (name: string) => {
    if (flattened > 0) {
      words += ' ';
      flattened--;
      return;
    }
    if (name === 'br') push({ name, attributes: {}, children: [] });
    if (VOID.has(name) || !openCount.get(name)) return;
    flushWords();
    while (top.name !== name) pop(false);
    pop(true);
  };

  const tokenizer = new Tokenizer(
    { decodeEntities: true, recognizeSelfClosing: true },
    {
      // No element holds raw text in storage format: `<title>a <b>c</b></title>` has elements.
      isInForeignContext: () => true,
      ontext: (start, end) => void (words += body.slice(start, end)),
      ontextentity: (codepoint) => void (words += String.fromCodePoint(codepoint || 0xfffd)),
      oncdata: (start, end, offset) => void (words += body.slice(start, end - offset)),
      oncomment: (start, end) => {
        // A CDATA section without its end arrives as a comment; its content is text all the same.
        if (body.startsWith('[CDATA[', start)) words += body.slice(start + 7, end);
        tailRead ||= end === body.length;
      },
      ondeclaration: () => {},
      onprocessinginstruction: () => {},
      onopentagname: (start, end) => {
        tag = { name: body.slice(start, end).toLowerCase(), attributes: {}, children: [] };
        tagStart = start - 1;
      },
      onattribname: (start, end) => void (attribute = body.slice(start, end).toLowerCase()),
      onattribdata: (start, end) => void (value += body.slice(start, end)),
      onattribentity: (codepoint) => void (value += String.fromCodePoint(codepoint || 0xfffd)),
      onattribend: () => {
        // The first of two wins, as in HTML; no name may reach the prototype.
        if (tag !== null && tag.attributes[attribute] === undefined && attribute !== '__proto__') {
          tag.attributes[attribute] = value;
        }
        value = '';
      },
      onopentagend: () => {
        if (tag !== null) push(tag);
        tag = null;
      },
      onselfclosingtag: () => {
        if (tag === null) return;
        const { name } = tag;
        push(tag);
        tag = null;
        if (!VOID.has(name)) close(name);
      },
      onclosetag: (start, end) => close(body.slice(start, end).toLowerCase()),
      onend: () => {},
    },
  );
  tokenizer.write(body);
  tokenizer.end();
  // A "<" that never found its ">" was probably no tag.
  const rest = body.slice(tag === null ? body.lastIndexOf('<') : tagStart);
  const unended = tag !== null || (!tailRead && /^<[a-z][^\s/>]*$/i.test(rest));
  if (unended) words += rest;
  flushWords();
  while (open.length > 1) pop(false);
  const warnings: string[] = [];
  if (everFlattened) warnings.push(`Elements deeper than ${MAX_DEPTH} were flattened.`);
  if (unclosed > 0 || unended) warnings.push('Elements without an end tag were closed.');
  if (body !== source) warnings.push('Characters that cannot be stored were replaced.');
  return { root, warnings };
}
