import ipaddr from 'ipaddr.js';

export type SiteUrlProblem =
  | 'empty'
  | 'no_url'
  | 'not_https'
  | 'user'
  | 'port'
  | 'ip_address'
  | 'trailing_slash'
  | 'path'
  | 'query'
  | 'trailing_dot'
  | 'not_ascii'
  | 'not_atlassian';

export type SiteUrlResult =
  | { ok: true; /** Normalised: `https://acme.atlassian.net` */ url: string }
  | { ok: false; problem: SiteUrlProblem; message: string };

const example = 'https://your-site.atlassian.net';

const messages: Record<SiteUrlProblem, string> = {
  empty: `Enter the address of your Atlassian site, such as ${example}.`,
  no_url: `This is not a web address. Enter it in full, such as ${example}.`,
  not_https: `The address must begin with https://, such as ${example}.`,
  user: 'The address must not contain a user name or "@". Enter only the address of the site.',
  port: 'The address must not contain a port. Remove the colon and the number behind it.',
  ip_address: `An IP address is not an Atlassian site. Enter the site's name, such as ${example}.`,
  trailing_slash: 'The address must not end with a slash. Remove it.',
  path: `The address must not contain a path. Enter only the part up to ".atlassian.net".`,
  query: 'The address must not contain "?" or "#". Enter only the part up to ".atlassian.net".',
  trailing_dot: 'The address must not end with a dot. Remove it.',
  not_ascii:
    'The address contains characters that no Atlassian site has. Type it by hand: a copied look-alike may lead elsewhere.',
  not_atlassian: `The address must end in .atlassian.net, such as ${example}.`,
};

/**
 * Checks a Cloud site's address as typed. Spaces around it are removed and capitals lowered; anything else that is
 * more or less than `https://<name>.atlassian.net` is told, each with its remedy, and not silently mended.
 */
export function parseSiteUrl(input: string): SiteUrlResult {
  const text = input.trim();
  const problem = problemOf(text);
  if (problem !== null) return { ok: false, problem, message: messages[problem] };
  return { ok: true, url: text.toLowerCase() };
}

function problemOf(text: string): SiteUrlProblem | null {
  if (text === '') return 'empty';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme === null) return URL.canParse(text) ? 'not_https' : 'no_url';
  if (scheme[1]?.toLowerCase() !== 'https') return 'not_https';
  const rest = text.slice(scheme[0].length);
  const end = rest.search(/[/?#\\]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const tail = end === -1 ? '' : rest.slice(end);
  if (authority === '' || /[\s\p{Cc}]/u.test(text)) return 'no_url';
  if (authority.includes('@')) return 'user';
  // The parser resolves decimal, octal and hexadecimal IPv4 literals, and brackets.
  if (!URL.canParse(`https://${authority}`)) return 'no_url';
  const hostname = new URL(`https://${authority}`).hostname;
  if (ipaddr.isValid(hostname.replace(/^\[|\]$/g, ''))) return 'ip_address';
  if (/:\d*$/.test(authority)) return 'port';
  if (tail === '/') return 'trailing_slash';
  if (/[?#]/.test(tail)) return 'query';
  if (tail !== '') return 'path';
  if (authority.endsWith('.')) return 'trailing_dot';
  if (/[^\x21-\x7e]|%/.test(authority) || /(^|\.)xn--/i.test(authority)) return 'not_ascii';
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\.atlassian\.net$/i.test(authority) ? null : 'not_atlassian';
}
