import type { WorldStore } from '../world/store.ts';
import type { Attachment, Comment, Content, Space } from '../world/types.ts';

/** Where things are on the site's web pages: paths below `…/wiki`, as in `_links`. */
export function contentLink(store: WorldStore, item: Content): string {
  const space = spacePath(store.space(item.spaceId));
  if (item.type === 'page') return `${space}/pages/${item.id}/${slug(item.title)}`;
  if (item.type === 'blogpost')
    return `${space}/blog/${item.createdAt.slice(0, 10).replaceAll('-', '/')}/${item.id}/${slug(item.title)}`;
  return `${space}/${item.type}/${item.id}`;
}

export function spacePath(space: Space | undefined): string {
  return `/spaces/${encodeURIComponent(space?.key ?? '')}`;
}

export function commentLink(store: WorldStore, comment: Comment): string {
  const container = store.content(comment.containerId);
  const base = container === undefined ? '' : contentLink(store, container);
  return `${base}?focusedCommentId=${comment.id}`;
}

export function attachmentLink({ containerId, id, title }: Attachment): string {
  return `/pages/viewpageattachments.action?pageId=${containerId}&preview=${encodeURIComponent(
    `/${containerId}/${id.replace(/^att/, '')}/${title}`,
  )}`;
}

/** As the web interface downloads it: not an API address, so OAuth tokens do not open it. */
export function downloadLink({ containerId, title, version }: Attachment): string {
  const modified = Date.parse(version.createdAt);
  return `/download/attachments/${containerId}/${encodeURIComponent(title)}?version=${version.number}&modificationDate=${modified}&cacheVersion=1&api=v2`;
}

export function tinyLink(id: string): string {
  return `/x/${Buffer.from(id).toString('base64url')}`;
}

/** `https://acme.atlassian.net/wiki`, which web links hang on. */
export function siteBase(store: WorldStore): string {
  return `${store.site.url}/wiki`;
}

function slug(title: string): string {
  return encodeURIComponent(title).replaceAll('%20', '+');
}
