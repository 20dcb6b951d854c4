import { pageUrl, safeUrl, spaceUrl } from '../url.ts';
import { escapeDestination } from './escape.ts';
import type { StorageElement, StorageNode } from './tree.ts';
import { hasWords, type Render, type Walk } from './walk.ts';

const UNKNOWN_USER = '@unknown user';

/** Writes a link; without a safe target, its words alone. Words that are the address itself stand once. */
export function writeLink(href: string, walk: Walk, write: () => void): void {
  const { writer, context } = walk;
  const url = safeUrl(href, context.baseUrl);
  if (url === null) {
    write();
    return;
  }
  writer.openMark('[', `](${escapeDestination(url)})`);
  write();
  writer.closeMark();
}

/** Where a `ri:*` element points: its address ('' when it has none) and the words that stand for it. */
export function resourceTarget(
  resource: StorageElement,
  anchor: string,
  walk: Walk,
): { url: string; words: string } {
  const { baseUrl, spaceKey, userName } = walk.context;
  const attribute = (name: string) => resource.attributes[`ri:${name}`] ?? '';
  const key = attribute('space-key') || spaceKey;
  const fragment = anchor === '' ? '' : `#${encodeURIComponent(anchor.toWellFormed())}`;
  switch (resource.name) {
    case 'ri:page':
    case 'ri:content': {
      const title = attribute('content-title');
      const url = pageUrl(baseUrl, key, title);
      return { url: url && url + fragment, words: title || anchor };
    }
    case 'ri:blog-post': {
      const title = attribute('content-title');
      const day = attribute('posting-day');
      const dated = baseUrl !== '' && key !== '' && title !== '' && /^\d{4}\/\d{2}\/\d{2}$/.test(day);
      const url = dated ? `${spaceUrl(baseUrl, key)}/${day}/${encodeURIComponent(title.toWellFormed())}` : '';
      return { url: url && url + fragment, words: title };
    }
    case 'ri:content-entity': {
      const id = attribute('content-id');
      const known = baseUrl !== '' && /^\d+$/.test(id);
      return { url: known ? `${baseUrl}/pages/viewpage.action?pageId=${id}` : '', words: anchor };
    }
    case 'ri:space':
      return { url: spaceUrl(baseUrl, key), words: key };
    case 'ri:url':
      return { url: attribute('value'), words: attribute('value') };
    case 'ri:attachment':
      return { url: '', words: attribute('filename') };
    case 'ri:user': {
      const id = attribute('account-id') || attribute('userkey') || attribute('username');
      const name = id === '' ? null : userName(id);
      return { url: '', words: name === null || name.trim() === '' ? UNKNOWN_USER : `@${name}` };
    }
    case 'ri:shortcut':
      return { url: '', words: [attribute('key'), attribute('parameter')].filter(Boolean).join(' ') };
    default:
      return { url: '', words: '' };
  }
}

const isResource = (node: StorageNode): node is StorageElement =>
  typeof node !== 'string' && node.name.startsWith('ri:');

const link: Render = (element, walk) => {
  const resource = element.children.find(isResource);
  const body = element.children.filter((node) => !isResource(node));
  const anchor = element.attributes['ac:anchor'] ?? '';
  const target =
    resource === undefined
      ? { url: anchor === '' ? '' : `#${encodeURIComponent(anchor.toWellFormed())}`, words: anchor }
      : resourceTarget(resource, anchor, walk);
  const written =
    hasWords({ ...element, children: body }) ||
    body.some((node) => typeof node !== 'string' && holdsImage(node));
  writeLink(target.url, walk, () => {
    if (written) walk.nodes(body);
    else walk.writer.words(target.words);
  });
  // What is nested in the resource (nothing, in sound bodies) is not lost.
  if (resource !== undefined && hasWords(resource)) walk.nodes(resource.children);
};

function holdsImage(element: StorageElement): boolean {
  return element.children.some(
    (node) =>
      typeof node !== 'string' && (/^(?:ac:image|img|ac:emoticon)$/.test(node.name) || holdsImage(node)),
  );
}

const hyperlink: Render = (element, walk) => {
  const href = element.attributes.href ?? '';
  // Smart links (data-card-appearance) often come without words: the address is what a reader sees.
  if (hasWords(element) || holdsImage(element)) writeLink(href, walk, () => walk.nodes(element.children));
  else {
    walk.nodes(element.children);
    const url = safeUrl(href, walk.context.baseUrl);
    if (url !== null && !url.startsWith('#')) writeLink(href, walk, () => walk.writer.words(url));
  }
};

/** Links of every kind, and mentions. */
export const linkRenders: Record<string, Render> = {
  a: hyperlink,
  'ac:link': link,
};
