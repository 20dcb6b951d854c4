import { contentId, placeOf, type AddressedPlace } from './site-address.ts';
import { accountIdPattern, labelPattern, spaceKeyPattern } from './values.ts';

/** Which filter a list is pasted into. */
export type ListKind = 'spaceKeys' | 'pageIds' | 'blogpostIds' | 'labels' | 'authors';

export const listKinds: readonly ListKind[] = ['spaceKeys', 'pageIds', 'blogpostIds', 'labels', 'authors'];

export interface PastedList {
  /** Each once, in the order in which they stand. */
  values: string[];
  /** What could not be made out, as it stands in the text, with the reason in words. */
  faults: { value: string; why: string }[];
}

/**
 * Reads a list as people paste it: one value a line, or with commas, semicolons, tabs or spaces between; in quotes or
 * brackets, with bullets or numbers before; ids and keys, or addresses of the site in their place. Nothing is dropped
 * silently: what is not understood is a fault.
 * @param siteHost of the connected site: an address of another one is a fault
 */
export function parsePastedList(kind: ListKind, text: string, siteHost: string): PastedList {
  const values = new Set<string>();
  const faults = new Map<string, string>();
  for (const token of tokensOf(text)) {
    const read = readToken(kind, token, siteHost.toLowerCase());
    if ('value' in read) values.add(read.value);
    else faults.set(token, read.why);
  }
  return { values: [...values], faults: [...faults].map(([value, why]) => ({ value, why })) };
}

/**
 * Zero-width characters, byte-order marks and directional marks, which come along from tables and chats. Joiners are a part
 * of words (Persian) and of emoji: within such they stay.
 */
const joiner = String.raw`(?<=[\p{L}\p{M}\p{So}\p{Sk}])(?<![!-~])[\u200C\u200D](?=[\p{L}\p{So}])`;
const invisible = new RegExp(
  String.raw`(?!${joiner})[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\0]`,
  'gu',
);
const bullet = /^\s*(?:[-*+•‣▪▫◦·–—]+|\d{1,4}[.)])(?=\s)/u;
/** An apostrophe within a word is one of it, as in l'équipe. */
const wrapping = /["“”„‟‘‚«»‹›<>[\](){}|]|(?<![^\s,;:([{<"“„«])['`’]|['`’](?![^\s,;)\]}>"”»])/gu;

function tokensOf(text: string): string[] {
  return text
    .replace(invisible, '')
    .split(/[\r\n\u0085\u2028\u2029]+/u)
    .flatMap((line) => line.replace(bullet, '').split(/\s+/u))
    .flatMap((word) =>
      isAddress(word) ? splitAddresses(word) : word.replace(wrapping, ' ').split(/[\s,;]+/u),
    )
    .map((token) => token.replace(/^[•‣▪▫◦·]+/u, ''))
    .filter((token) => token !== '' && !/^[-*+–—]+$/u.test(token));
}

function isAddress(word: string): boolean {
  return /https?:\/\//i.test(word) || /^["'`“„«<([{]*(?:\/|[\w-]+\.atlassian\.net\/)/iu.test(word);
}

/** No address is longer; what is, is a fault as it stands. */
const longestAddress = 4_000;
const nextAddress = /[,;](?=["'“]?https?:\/\/)/iu;
/** Before a bare id, at the end, and where an address ends in an id, a tiny link or a space. */
const betweenValues =
  /[,;]+(?=\d+(?:[,;]|$)|$)|(?=[,;])(?<=(?:\/|=)\d+|\/x\/[\w-]+|\/spaces\/~?[\p{L}\p{N}._-]+\/?|\/overview\/?)[,;]+/iu;

/** Addresses with a comma between. Within one a comma may belong to a title. */
function splitAddresses(word: string): string[] {
  return word
    .split(nextAddress)
    .flatMap((part) => (part.length > longestAddress ? [part] : part.split(betweenValues)))
    .flatMap((part) => {
      if (part.length > longestAddress) return [part];
      const bare = part.replace(/^["'`“„«‹<([{|,;]+/u, '').replace(/["'`”“’»›>)\]}|,;.]+$/u, '');
      return isAddress(bare) ? [bare] : bare.split(/[,;]+/u);
    });
}

type Read = { value: string } | { why: string };

function readToken(kind: ListKind, token: string, siteHost: string): Read {
  if (token.length > longestAddress) return { why: 'Too long for an address.' };
  if (isAddress(token)) return readAddress(kind, token, siteHost);
  return plain[kind](token);
}

const plain: Record<ListKind, (token: string) => Read> = {
  spaceKeys: (token) =>
    spaceKeyPattern.test(token) ? { value: token } : { why: 'Not a space key such as DOCS or ~712020abc.' },
  pageIds: (token) => idOf(token),
  blogpostIds: (token) => idOf(token),
  labels: (token) => {
    const name = token.replace(/^(?:#|global:)/u, '').toLowerCase();
    return labelPattern.test(name)
      ? { value: name }
      : { why: 'Not a label: it has none of : ? & # ^ * @ ! in it.' };
  },
  authors: (token) => {
    if (token.includes('@'))
      return { why: 'An email. Find the person by name below, or give the account id.' };
    return accountIdPattern.test(token)
      ? { value: token }
      : { why: 'Not an account id. Find the person by name below.' };
  },
};

function idOf(token: string): Read {
  const digits = token.replace(/^(?:id[:=]|#)/i, '');
  if (contentId.test(digits)) return { value: digits };
  return { why: 'Not an id such as 65551, and not an address of the site.' };
}

function readAddress(kind: ListKind, token: string, siteHost: string): Read {
  const url = addressOf(token, siteHost);
  if (url === null) return { why: 'Not an address that can be read.' };
  const account = kind === 'authors' ? accountIn(url) : null;
  // Profiles are shown by Atlassian's own sites, too, and an account is the same everywhere.
  if (account !== null && /(?:^|\.)atlassian\.(?:com|net)$/.test(url.host)) return { value: account };
  const host = (url.searchParams.get('__host') ?? url.host).toLowerCase();
  if (host !== siteHost)
    return { why: `An address of another site, ${host}. This connection reads ${siteHost}.` };
  if (kind === 'authors')
    return account === null ? { why: 'Not the address of a profile.' } : { value: account };
  if (kind === 'labels') return labelIn(url);
  const place = placeOf(url);
  return kind === 'spaceKeys' ? spaceIn(url, place) : contentIn(kind, place);
}

function addressOf(token: string, siteHost: string): URL | null {
  if (/^https?:\/\//i.test(token)) return URL.parse(token);
  return URL.parse(token.startsWith('/') ? `https://${siteHost}${token}` : `https://${token}`);
}

function accountIn(url: URL): string | null {
  const found = /\/people\/([^/]+)/.exec(url.pathname)?.[1] ?? url.searchParams.get('accountId');
  if (found === undefined || found === null) return null;
  const id = found.replaceAll(/%3a/gi, ':');
  return accountIdPattern.test(id) ? id : null;
}

/** `/label/KEY/name`, or `/labels/viewlabel.action?key=KEY&ids=…`, which tells no name. */
function labelIn(url: URL): Read {
  const name = /\/label\/(?:[^/]+\/)?([^/]+)\/?$/.exec(url.pathname)?.[1];
  if (name === undefined) return { why: 'Not the address of a label. Give its name.' };
  return plain.labels(safelyDecoded(name));
}

function spaceIn(url: URL, place: AddressedPlace): Read {
  const below = /^(?:\/wiki)?\/(?:spaces|display)\/([^/]+)/.exec(url.pathname)?.[1];
  const named =
    url.searchParams.get('spaceKey') ??
    url.searchParams.get('key') ??
    place.spaceKey ??
    (below === undefined ? null : safelyDecoded(below));
  if (named === null || !spaceKeyPattern.test(named)) {
    return { why: 'An address without a space in it. Give the key of the space.' };
  }
  return { value: named };
}

function contentIn(kind: 'pageIds' | 'blogpostIds', place: AddressedPlace): Read {
  const id = place.externalIds?.find((each) => contentId.test(each));
  if (id === undefined) {
    return place.spaceKey !== undefined && place.title === undefined
      ? { why: 'The address of a space. Put it under Spaces.' }
      : {
          why: 'An address without an id in it. Open the page and copy the address from there, or give the id.',
        };
  }
  if (kind === 'pageIds' && place.kind === 'blogpost') {
    return { why: 'The address of a blog post. Put it under Blog posts.' };
  }
  if (kind === 'blogpostIds' && (place.kind === 'page' || place.kind === 'place')) {
    return { why: 'The address of a page. Put it under Pages.' };
  }
  return { value: id };
}

function safelyDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
