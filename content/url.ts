/**
 * Web addresses of Confluence's pages, built from the address of the site.
 *
 * Facts: `_links.webui` of the v2 interface has no `/wiki` before it and needs it in Cloud, some answers carry it
 * already, and `_links.base` ends in it; joined carelessly it is missing or doubled.
 */

const WIKI = '/wiki';

/**
 * The base of a Confluence site's web pages: `https://x.atlassian.net` -> `https://x.atlassian.net/wiki`.
 * An address that already ends in `/wiki`, a trailing slash, a query or a fragment do no harm. An address that is
 * not http or https gives '' (the base is unknown).
 */
export function webBase(siteUrl: string): string {
  const url = URL.parse(siteUrl.trim());
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return '';
  const path = url.pathname.replace(/\/+$/, '').replace(/(?:\/wiki)+$/, '');
  return url.origin + path + WIKI;
}

/**
 * The absolute address of a `_links.webui` path: always below `/wiki`, never doubled. A path that is already an
 * absolute http(s) URL is returned as it is; an empty path gives the base; '' when the site is unknown.
 */
export function webUrl(siteUrl: string, webui: string): string {
  const base = webBase(siteUrl);
  const path = webui.trim();
  if (/^https?:\/\//i.test(path)) return path;
  if (base === '') return '';
  const below = path.replace(/^\/*(?:wiki(?=[/?#]|$)\/*)*/, '');
  if (below === '') return base;
  return /^[?#]/.test(below) ? base + below : `${base}/${below}`;
}

// Titles that `/display` takes as they are; others (with "?", "/", "+", non-ASCII...) need the query form.
const PLAIN_TITLE = /^[A-Za-z0-9 _,-]+$/;

/** The address of a page that is known by space key and title alone; the site redirects to its true address. */
export function pageUrl(baseUrl: string, spaceKey: string, title: string): string {
  if (baseUrl === '' || spaceKey === '' || title === '') return '';
  const key = encodeURIComponent(spaceKey.toWellFormed());
  if (PLAIN_TITLE.test(title)) return `${baseUrl}/display/${key}/${title.replaceAll(' ', '+')}`;
  const name = encodeURIComponent(title.toWellFormed());
  return `${baseUrl}/pages/viewpage.action?spaceKey=${key}&title=${name}`;
}

/** The address of a space's overview. */
export function spaceUrl(baseUrl: string, spaceKey: string): string {
  if (baseUrl === '' || spaceKey === '') return '';
  return `${baseUrl}/display/${encodeURIComponent(spaceKey.toWellFormed())}`;
}

const SAFE_SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'ftp', 'sftp']);

/**
 * A link's target made safe and absolute, or null when there is no safe one.
 *
 * Only schemes known to be harmless pass (so `javascript:`, `data:`, `vbscript:` and unknown ones do not, also when
 * spaces or control characters are hidden in them, which browsers ignore). Paths are resolved against the site;
 * `#anchor` is kept.
 */
export function safeUrl(href: string, baseUrl: string): string | null {
  // Browsers drop control characters from a URL before they read its scheme.
  const target = href
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .trim();
  if (target === '') return null;
  const scheme = /^([^/?#:]*):/.exec(target)?.[1];
  if (scheme !== undefined) return SAFE_SCHEMES.has(scheme.trim().toLowerCase()) ? target : null;
  if (target.startsWith('#')) return target;
  if (/^[\\/]{2}/.test(target)) return `https://${target.replace(/^[\\/]+/, '')}`;
  if (baseUrl === '') return target.startsWith('/') ? target : null;
  return URL.parse(target, `${baseUrl}/`)?.href ?? null;
}
