import { decodeHTML } from 'entities';

/**
 * What can be read out of a body in storage format, roughly: words for search and excerpts, the people mentioned and
 * the macros used. Read when first asked for, and remembered while its owner lives and its body is the same.
 */
export interface Reading {
  text(): string;
  mentions(): readonly string[];
  macros(): readonly string[];
}

const readings = new WeakMap<object, { body: string; reading: Reading }>();

export function readBody(owner: { body: string }): Reading {
  const known = readings.get(owner);
  if (known?.body === owner.body) return known.reading;
  const { body } = owner;
  let text: string | undefined;
  const reading: Reading = {
    text: () => (text ??= plainText(body)),
    mentions: () => allMatches(body, /ri:account-id="([^"]*)"/g),
    macros: () => allMatches(body, /<ac:(?:structured-)?macro[^>]*\sac:name="([^"]*)"/g),
  };
  readings.set(owner, { body, reading });
  return reading;
}

function allMatches(body: string, pattern: RegExp): string[] {
  return [...new Set([...body.matchAll(pattern)].map((match) => decodeHTML(match[1]!)))];
}

const BLOCK_END = /<(?:\/(?:p|h[1-6]|li|t[dhr]|div|pre|ac:[\w-]+)|br\s*\/?|hr\s*\/?)>/g;

/** Words in reading order, one line a block. */
export function plainText(storage: string): string {
  // Most bodies have none of these: looking is cheaper than replacing.
  let text = storage.includes('<![CDATA[') ? storage.replace(CDATA, escapedCode) : storage;
  if (text.includes('<ac:parameter')) text = text.replace(/<ac:parameter[^>]*>[^<]*<\/ac:parameter>/g, ' ');
  text = text.replace(BLOCK_END, '\n').replace(/<[^>]*>/g, '');
  if (text.includes('&')) text = decodeHTML(text);
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
}

const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/g;

function escapedCode(_: string, code: string): string {
  return code.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A document in the Atlassian Document Format with the headings and paragraphs of the body, as JSON text. */
export function toAdf(storage: string): string {
  const content: unknown[] = [];
  for (const [, level, heading, other] of storage.matchAll(
    /<h([1-6])[^>]*>([\s\S]*?)<\/h\1>|((?:(?!<h[1-6][\s>])[\s\S])+)/g,
  )) {
    for (const text of plainText(heading ?? other ?? '').split('\n')) {
      if (text === '') continue;
      const inner = [{ type: 'text', text }];
      content.push(
        level === undefined
          ? { type: 'paragraph', content: inner }
          : { type: 'heading', attrs: { level: Number(level) }, content: inner },
      );
    }
  }
  return JSON.stringify({ type: 'doc', version: 1, content });
}

/** HTML as the page would show it, save that macros and links show their inner text only. */
export function toView(storage: string): string {
  return storage
    .replace(CDATA, escapedCode)
    .replace(/<ac:parameter[^>]*>[\s\S]*?<\/ac:parameter>/g, '')
    .replace(/<\/?(?:ac|ri|at):[^>]*>/g, '');
}
