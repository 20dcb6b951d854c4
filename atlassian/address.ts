import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Hosts of Atlassian's cloud itself; a site is any name below atlassian.net. */
const atlassianHosts = new Set(['auth.atlassian.com', 'api.atlassian.com', 'id.atlassian.com']);

export function isAtlassianHost(hostname: string): boolean {
  return atlassianHosts.has(hostname) || /^[a-z0-9-]+(\.[a-z0-9-]+)*\.atlassian\.net$/.test(hostname);
}

/** Where Atlassian keeps files: downloads are redirected there, with addresses that are signed and need no credential. */
export const mediaHost = 'api.media.atlassian.com';

/** Resolves a name to all its addresses, as `dns.lookup` with `all: true` does. */
export type Resolver = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface AddressRules {
  /** Hosts besides Atlassian's own that may be asked, `host` or `host:port`. */
  siteHosts: readonly string[];
  /** Those of them that may have an address in a private range. */
  allowedPrivateHosts: readonly string[];
}

/** Raised by the guarded lookup; the client turns it into RefusedUrl. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/**
 * Why a URL must not be requested, or null. Names are compared after the URL parser has normalised them: decimal,
 * octal and hexadecimal IPv4 literals have become dotted ones by then, and Unicode names punycode.
 */
export function refusal(url: URL, rules: AddressRules): string | null {
  if (url.protocol !== 'https:') return 'Only https addresses are requested.';
  if (url.username !== '' || url.password !== '') return 'An address may not hold a user name or password.';
  const configured = [...rules.siteHosts, ...rules.allowedPrivateHosts].includes(url.host);
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal)) {
    if (configured && (rules.allowedPrivateHosts.includes(url.host) || isPublic(literal))) return null;
    return isPublic(literal)
      ? 'An IP address is no Atlassian site.'
      : 'This address is in a private or special range.';
  }
  if (configured) return null;
  if (url.port !== '') return 'Atlassian is asked on the standard https port only.';
  if (!isAtlassianHost(url.hostname))
    return `"${url.hostname}" is no host of Atlassian or of a configured site.`;
  return null;
}

/**
 * Why an address that Atlassian redirected a download to must not be requested, or null. Atlassian names no list of the
 * hosts that hold its files, so any public name is followed, without a credential; the guarded lookup keeps to public
 * addresses.
 */
export function downloadRefusal(url: URL, rules: AddressRules): string | null {
  const reason = refusal(url, rules);
  if (reason === null) return null;
  const isNamed = !ipaddr.isValid(url.hostname.replace(/^\[|\]$/g, '')) && url.hostname.includes('.');
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return isPlain && isNamed ? null : reason;
}

/**
 * A lookup for sockets that refuses a name when any of its addresses is not public: checked at the moment of
 * connecting, so that a name cannot change its address after it was checked (DNS rebinding).
 */
export function guardedLookup(rules: AddressRules, resolver: Resolver = systemResolver): LookupFunction {
  const exempt = new Set(rules.allowedPrivateHosts.map((host) => host.replace(/:\d+$/, '')));
  return (hostname, options, callback) => {
    resolver(hostname, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address.`), '', 4);
        return;
      }
      const hidden = addresses.find(({ address }) => !isPublic(address));
      if (hidden !== undefined && !exempt.has(hostname)) {
        callback(
          new AddressRefused(`${hostname} resolves to an address in a private or special range.`),
          '',
          4,
        );
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** `process` unwraps IPv4 addresses that are written as IPv6 ones. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

const systemResolver: Resolver = (hostname, done) => resolve(hostname, { all: true }, done);
