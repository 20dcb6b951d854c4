import { contentId as id, placeOf } from '../../scope/site-address.ts';

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

/**
 * Reads what was asked about; never fails. An attachment's id has `att` before it in the interface, and not in addresses.
 * Whatever is no address and no id is a title. An address of which nothing can
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
  const { kind: _kind, ...place } = placeOf(url);
  return { as: 'url', host, ...place, ...focused(url) };
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
