import { renderMacro } from './handling.ts';
import type { StorageElement, StorageNode } from './tree.ts';
import { child, rawText, type Render, type Walk } from './walk.ts';
import { QUOTE } from './writer.ts';

/** A macro's content, which is everything but its parameters. */
export function macroBody(macro: StorageElement, walk: Walk): void {
  walk.nodes(macro.children);
}

/** A panel: a quote under its label ("Warning", Markdown only) and title. */
export function quoted(label: string, title: string, walk: Walk, write: () => void): void {
  const { writer } = walk;
  writer.within(QUOTE, QUOTE, false, () => {
    if (label !== '' || title !== '') {
      const colon = label !== '' && title !== '' ? ': ' : '';
      writer.openMark('**', '**');
      writer.finished(label + colon, '');
      writer.words(title);
      writer.closeMark();
      writer.endBlock();
    }
    write();
  });
}

const LABELS = new Map(
  Object.entries({
    info: 'Info',
    note: 'Note',
    tip: 'Tip',
    warning: 'Warning',
    success: 'Success',
    error: 'Error',
  }),
);

function adfAttribute(node: StorageElement, key: string): string {
  for (const attribute of node.children) {
    if (
      typeof attribute !== 'string' &&
      attribute.name === 'ac:adf-attribute' &&
      attribute.attributes.key === key
    ) {
      return rawText(attribute).trim();
    }
  }
  return '';
}

const adfNode: Render = (element, walk) => {
  const { writer } = walk;
  const content = () => walk.nodes(element.children);
  const type = element.attributes.type ?? '';
  if (type === 'panel') {
    const kind = adfAttribute(element, 'panel-type') || adfAttribute(element, 'panelType');
    quoted(LABELS.get(kind.toLowerCase()) ?? '', '', walk, content);
  } else if (type === 'decision-list') {
    let tight = false;
    for (const node of element.children) {
      const item = typeof node !== 'string' && node.attributes.type === 'decision-item';
      if (!item) walk.nodes([node]);
      else writer.within('- ', '  ', tight, () => walk.nodes(node.children));
      tight ||= item;
    }
  } else {
    writer.endBlock();
    content();
    writer.endBlock();
  }
};

/** What the new editor's node would be called as a macro: the kind of a panel (`note`), else the node's type. */
function adfName(extension: StorageElement): string {
  const node = child(extension, 'ac:adf-node');
  const type = (node?.attributes.type ?? '').toLowerCase();
  if (node === undefined || type !== 'panel') return type;
  return (adfAttribute(node, 'panel-type') || adfAttribute(node, 'panelType') || type).toLowerCase();
}

const adfExtension: Render = (element, walk) =>
  renderMacro(element, walk, { name: adfName(element), inline: false, convert: adfContent });

/** The node in the editor's own form, or where that holds no words the fallback, which says the same in XHTML. */
const adfContent: Render = (element, walk) => {
  const kept = element.children.filter((node) => typeof node === 'string' || node.name !== 'ac:adf-fallback');
  walk.writer.endBlock();
  walk.nodes(kept.some(saysSomething) ? kept : element.children);
  walk.writer.endBlock();
};

const saysSomething = (node: StorageNode): boolean =>
  typeof node === 'string'
    ? node.trim() !== ''
    : node.name !== 'ac:adf-attribute' && (node.name === 'ac:image' || node.children.some(saysSomething));

/** Pieces of the new editor's format within storage format. */
export const adfRenders: Record<string, Render> = {
  'ac:adf-node': adfNode,
  'ac:adf-extension': adfExtension,
};
