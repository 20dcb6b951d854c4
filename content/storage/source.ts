import type { StorageElement, StorageNode } from './tree.ts';

const PLAIN = /^ac:plain-text-(?:link-)?body$/;

/** An element in storage format again: what it says, with its entities and sections written in one way. */
export function sourceOf(element: StorageElement): string {
  if (element.name === '') return inner(element.children);
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escape(value).replaceAll('"', '&quot;')}"`)
    .join('');
  const content = PLAIN.test(element.name) ? section(element.children) : inner(element.children);
  return content === ''
    ? `<${element.name}${attributes} />`
    : `<${element.name}${attributes}>${content}</${element.name}>`;
}

function inner(children: readonly StorageNode[]): string {
  return children.map((node) => (typeof node === 'string' ? escape(node) : sourceOf(node))).join('');
}

/** Program text, which is readable only as a CDATA section; one that holds the section's end becomes two. */
function section(children: readonly StorageNode[]): string {
  if (!children.every((node) => typeof node === 'string')) return inner(children);
  const text = children.join('');
  return text === '' ? '' : `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
