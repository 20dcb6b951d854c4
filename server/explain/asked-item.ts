import { tinyLinkId } from './tiny-link.ts';

/** What somebody named: the address of a page, an id, or a title. */
export interface AskedItem {
  as: 'url' | 'id' | 'title';
  /** Host of the site that the address is of, in lower case. */
  host?: string;
  /** Ids in Atlassian. */
  externalIds?: string[];
  /** Id of a record here. */
  recordId?: string;
  /** Of an address within a space; without an id and a title beside it, of the space's overview. */
  spaceKey?: string;
  /** Of an attachment that is downloaded by name. */
  containerId?: string;
  title?: string;
}

/** Ids are bigint in Atlassian and here; an attachment's has `att` before it in the interface, and not in addresses. */
const id = /^[1-9]\d{0,17}$/;

/**
 * Reads what was asked about; never fails. Whatever is no address and no id is a title. An address of which nothing can
 * be made names no item: it has a host at most.
 * @param publicUrl where this instance is: its own addresses of records are understood too
 */
export function parseItem(text: string, publicUrl: string): AskedItem {
  const trimmed = text.trim();
  if (/^att[1-9]\d{0,17}$/i.test(trimmed)) return { as: 'id', externalIds: [trimmed.toLowerCase()] };
  if (id.test(trimmed)) return { as: 'id', externalIds: [trimmed, `att${trimmed}`], recordId: trimmed };
  if (/^https?:\/\//i.test(trimmed)) return parseAddress(URL.parse(trimmed), publicUrl);
  if (/^[\w-]+\.atlassian\.net\//i.test(trimmed))
    return parseAddress(URL.parse(`https://${trimmed}`), publicUrl);
  return { as: 'title', title: trimmed };
}

function parseAddress(url: URL | null, publicUrl: string): AskedItem {
  if (url === null) return { as: 'url' };
  const own = /^\/records\/([1-9]\d{0,17})\/?$/.exec(url.pathname)?.[1];
  if (own !== undefined && url.origin === URL.parse(publicUrl)?.origin) return { as: 'url', recordId: own };
  // Behind a gateway (sandbox) the site is named beside the address.
  const host = (url.searchParams.get('__host') ?? url.host).toLowerCase();
  return { as: 'url', host, ...placeOf(url), ...focused(url) };
}

/** A comment or an attachment that the address opens on its page. */
function focused(url: URL): Partial<AskedItem> | null {
  const anchor = new URLSearchParams(url.hash.replace(/^#!?/, ''));
  const comment =
    url.searchParams.get('focusedCommentId') ??
    anchor.get('focusedCommentId') ??
    /^#(?:comment|inline-comment)-(\d+)$/.exec(url.hash)?.[1] ??
    '';
  if (id.test(comment)) return { externalIds: [comment] };
  const preview = url.searchParams.get('preview') ?? anchor.get('preview') ?? '';
  const attachment = /^\/\d+\/(\d+)\//.exec(preview)?.[1] ?? url.searchParams.get('attachmentId') ?? '';
  return id.test(attachment) ? { externalIds: [`att${attachment}`] } : null;
}

function placeOf(url: URL): Partial<AskedItem> {
  const query = url.searchParams;
  for (const name of ['pageId', 'contentId', 'homepageId', 'draftId']) {
    const value = query.get(name) ?? '';
    if (id.test(value)) return { externalIds: [value] };
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

function ofPath([first, ...rest]: string[]): Partial<AskedItem> {
  const last = rest.at(-1) ?? '';
  if (first === 'x') {
    const tiny = tinyLinkId(rest[0] ?? '');
    return tiny === null ? {} : { externalIds: [tiny] };
  }
  if (first === 'download') {
    const container = rest[1] ?? '';
    return id.test(container) && rest.length > 2 ? { containerId: container, title: last } : {};
  }
  if (first === 'display' && rest[0] !== undefined) {
    // A blog post has its day before its title: /display/KEY/2026/01/31/Title.
    return rest.length === 1
      ? { spaceKey: rest[0] }
      : { spaceKey: rest[0], title: last.replaceAll('+', ' ') };
  }
  const found = (first === 'spaces' ? rest.slice(1) : rest).filter((part) => id.test(part));
  if (first === 'rest' || first === 'api') {
    const attachment = rest.find((part) => /^att\d+$/.test(part)) ?? found[0];
    return attachment === undefined ? {} : { externalIds: [attachment] };
  }
  if (first !== 'spaces' || rest[0] === undefined) return {};
  return pathInSpace(rest[0], rest.slice(1));
}

/** Below /spaces/KEY: pages/1/Title, pages/edit-v2/1, blog/2026/01/31/1/Title, folder/1, overview or nothing. */
function pathInSpace(spaceKey: string, [kind, ...rest]: string[]): Partial<AskedItem> {
  if (kind === undefined || kind === 'overview') return { spaceKey };
  const dated = kind === 'blog' && /^\d{4}$/.test(rest[0] ?? '') && rest.length > 3;
  const own = dated ? rest[3] : rest.find((part) => id.test(part));
  return own !== undefined && id.test(own) ? { spaceKey, externalIds: [own] } : {};
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
