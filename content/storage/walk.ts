import type { ConversionContext } from '../types.ts';
import type { StorageElement, StorageNode } from './tree.ts';
import type { Writer } from './writer.ts';

/** What the conversion of one element works with. */
export interface Walk {
  writer: Writer;
  context: ConversionContext;
  /** Converts content in place. Recursion is safe: the tree is at most MAX_DEPTH deep. */
  nodes(children: readonly StorageNode[]): void;
}

/** Converts one kind of element. */
export type Render = (element: StorageElement, walk: Walk) => void;

/** The first child element of that name, if any. */
export function child(element: StorageElement, name: string): StorageElement | undefined {
  for (const node of element.children) {
    if (typeof node !== 'string' && node.name === name) return node;
  }
  return undefined;
}

/** The first descendant element of that name, if any, at most a few levels down. */
export function descendant(element: StorageElement, name: string, levels = 4): StorageElement | undefined {
  const found = child(element, name);
  if (found !== undefined || levels === 0) return found;
  for (const node of element.children) {
    if (typeof node === 'string') continue;
    const deeper = descendant(node, name, levels - 1);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** All words below an element as they stand, white space included: for code and parameters. */
export function rawText(element: StorageElement): string {
  let text = '';
  for (const node of element.children) {
    if (typeof node === 'string') text += node;
    else if (node.name === 'br') text += '\n';
    else text += rawText(node);
  }
  return text;
}

/** Whether there are any words below an element. */
export function hasWords(element: StorageElement): boolean {
  return element.children.some((node) => (typeof node === 'string' ? node.trim() !== '' : hasWords(node)));
}
