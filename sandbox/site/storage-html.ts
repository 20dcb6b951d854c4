import { parseDocument } from 'htmlparser2';
import { escape } from '../oauth/pages.ts';

type Node = ReturnType<typeof parseDocument>['children'][number];

/** Elements that are shown as they are, without attributes; of all others only what is in them. */
const SHOWN = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li table tbody thead tr th td strong em code pre blockquote br'.split(' '),
);
const SPANS = ['colspan', 'rowspan'];
const DEEPEST = 200;

/** A plain rendering of storage format: words, lists and tables, nothing that could act. */
export function storageToHtml(storage: string): string {
  const { children } = parseDocument(storage, { recognizeCDATA: true, recognizeSelfClosing: true });
  return children.map((node) => render(node, 0)).join('');
}

function render(node: Node, depth: number): string {
  if (depth > DEEPEST) return '';
  if (node.type === 'text') return escape(node.data);
  if (!('children' in node)) return '';
  const inner = node.children.map((child) => render(child, depth + 1)).join('');
  if (node.type === 'cdata') return `<pre>${inner}</pre>`;
  if (!('name' in node)) return inner;
  if (node.name === 'ac:parameter')
    return node.attribs['ac:name'] === 'title' ? `<strong>${inner}</strong> ` : '';
  if (node.name === 'ac:task-id' || node.name === 'ac:task-uuid') return '';
  if (node.name === 'ac:task-status') return inner === 'complete' ? '☑ ' : '☐ ';
  if (node.name === 'ac:task') return `<p>${inner}</p>`;
  if (node.name === 'ri:page') return escape(node.attribs['ri:content-title'] ?? '');
  if (node.name === 'time') return escape(node.attribs.datetime ?? '');
  if (!SHOWN.has(node.name)) return inner;
  const spans = SPANS.filter((name) => /^\d+$/.test(node.attribs[name] ?? ''));
  const attributes = spans.map((name) => ` ${name}="${node.attribs[name]}"`).join('');
  return node.name === 'br' ? '<br>' : `<${node.name}${attributes}>${inner}</${node.name}>`;
}
