import { tinyLinkId } from './tiny-link.ts';

/** What an address below a site's `/wiki` names. */
export interface AddressedPlace {
  /** Ids in Atlassian. */
  externalIds?: string[];
  /** Without an id and a title beside it, of the space's overview. */
  spaceKey?: string;
  /** Of an attachment that is downloaded by name. */
  containerId?: string;
  title?: string;
  /** What the path calls the thing with the id; `page` is also said of a blog post by some addresses. */
  kind?: 'page' | 'blogpost' | 'place';
}

/** Ids are bigint in Atlassian and here. */
export const contentId = /^[1-9]\d{0,17}$/;

/** Reads path and query of an address of Confluence; of what is none, nothing. Comments and anchors are not looked at. */
export function placeOf(url: URL): AddressedPlace {
  const query = url.searchParams;
  for (const name of ['pageId', 'contentId', 'homepageId', 'draftId']) {
    const value = query.get(name) ?? '';
    if (contentId.test(value)) return { externalIds: [value] };
  }
  const [spaceKey, title] = [query.get('spaceKey'), query.get('title')];
  if (spaceKey !== null && title !== null) return { spaceKey, title };
  return ofPath(
    url.pathname
      .replace(/^\/wiki(?=\/|$)/, '')
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
  );
}

function ofPath([first, ...rest]: string[]): AddressedPlace {
  const last = rest.at(-1) ?? '';
  if (first === 'x') {
    const tiny = tinyLinkId(rest[0] ?? '');
    return tiny === null ? {} : { externalIds: [tiny] };
  }
  if (first === 'download') {
    const container = rest[1] ?? '';
    return contentId.test(container) && rest.length > 2 ? { containerId: container, title: last } : {};
  }
  if (first === 'display' && rest[0] !== undefined) {
    // A blog post has its day before its title: /display/KEY/2026/01/31/Title.
    return rest.length === 1
      ? { spaceKey: rest[0] }
      : { spaceKey: rest[0], title: last.replaceAll('+', ' ') };
  }
  const found = (first === 'spaces' ? rest.slice(1) : rest).filter((part) => contentId.test(part));
  if (first === 'rest' || first === 'api') {
    const attachment = rest.find((part) => /^att\d+$/.test(part)) ?? found[0];
    return attachment === undefined ? {} : { externalIds: [attachment] };
  }
  if (first !== 'spaces' || rest[0] === undefined) return {};
  return pathInSpace(rest[0], rest.slice(1));
}

/** Below /spaces/KEY: pages/1/Title, pages/edit-v2/1, blog/2026/01/31/1/Title, folder/1, overview or nothing. */
function pathInSpace(spaceKey: string, [kind, ...rest]: string[]): AddressedPlace {
  if (kind === undefined || kind === 'overview') return { spaceKey };
  const dated = kind === 'blog' && /^\d{4}$/.test(rest[0] ?? '') && rest.length > 3;
  const own = dated ? rest[3] : rest.find((part) => contentId.test(part));
  if (own === undefined || !contentId.test(own)) return {};
  const called = kind === 'blog' ? 'blogpost' : kind === 'pages' ? 'page' : 'place';
  return { spaceKey, externalIds: [own], kind: called };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
