import type { StorageElement } from './tree.ts';
import { child, rawText, type Render } from './walk.ts';

const isList = (name: string) => name === 'ul' || name === 'ol' || name === 'ac:task-list';

const list =
  (marker: (item: StorageElement, number: number) => string, itemName: string): Render =>
  (element, walk) => {
    const { writer } = walk;
    writer.endBlock();
    let number = startOf(element);
    let width = 2;
    let first = true;
    // Straight after an item's words, a list needs no empty line (but a number other than 1 would go unseen).
    const close = writer.inItem && number === 1;
    for (const node of element.children) {
      if (typeof node === 'string' && node.trim() === '') continue;
      const item: StorageElement =
        typeof node === 'string' ? { name: itemName, attributes: {}, children: [node] } : node;
      if (isList(item.name) && !first) {
        // A list straight in a list belongs to the item before it.
        writer.within(' '.repeat(width), ' '.repeat(width), true, () => walk.nodes([item]));
        continue;
      }
      const lead = marker(item, number++);
      width = lead.startsWith('- ') ? 2 : lead.length;
      const content = item.name === itemName ? item.children : [item];
      writer.within(lead, ' '.repeat(width), !first || close, () => walk.nodes(content));
      first = false;
    }
  };

function startOf(element: StorageElement): number {
  const start = element.attributes.start ?? '';
  return /^\d{1,8}$/.test(start) ? Number(start) : 1;
}

const bullet = list(() => '- ', 'li');
const ordered = list((_, number) => `${Math.min(number, 999_999_999)}. `, 'li');

const task = (item: StorageElement) => {
  const status = child(item, 'ac:task-status');
  const done = status !== undefined && rawText(status).trim() === 'complete';
  return done ? '- [x] ' : '- [ ] ';
};

/** Bulleted and numbered lists, and Confluence's task lists. */
export const listRenders: Record<string, Render> = {
  ul: bullet,
  menu: bullet,
  dir: bullet,
  ol: ordered,
  'ac:task-list': list(task, 'ac:task'),
  'ac:task-id': () => {},
  'ac:task-uuid': () => {},
  'ac:task-status': () => {},
  'ac:task': (element, walk) =>
    walk.writer.within(task(element), '  ', false, () => walk.nodes(element.children)),
};
