import { html, safeUrl, type Html } from '../html.ts';

// Every run is bounded: a text full of openings without an end must not take the square of its length.
const token =
  /\\([!-/:-@[-`{-~])|(`+)([^`]|[^`][\s\S]{0,1000}?[^`])\2(?!`)|!\[([^\]\n]{0,500})\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)|\[((?:[^\]\\\n]|\\.){0,500})\]\(<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+"[^"]*")?\)|<(https?:\/\/[^\s<>]+)>|(\*\*|__)(?=\S)([\s\S]{0,500}?\S)\9|~~(?=\S)([\s\S]{0,500}?\S)~~|(?<![\w*])([*_])(?=\S)((?:(?!\12)[\s\S]){0,500}?\S)\12(?![\w*])|( {2,}|\\)\n|<br\s*\/?>/g;

const deepest = 8;

/**
 * Words with emphasis, code, links and images (by name: nothing is fetched). What is not understood, HTML above all,
 * stays text; links go where `safeUrl` lets them.
 */
export function inline(text: string, depth = 0): Html[] {
  if (depth > deepest) return [text];
  const parts: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    parts.push(piece(match, depth));
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function piece(match: RegExpMatchArray, depth: number): Html {
  const [all, escaped, , code, alt, , label, target, bare, , strong, struck, , emphasis] = match;
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return html`<code>${code.trim()}</code>`;
  if (alt !== undefined) return html`<span class="image">${alt === '' ? 'Image' : alt}</span>`;
  if (label !== undefined) return link(inline(label, depth + 1), target ?? '');
  if (bare !== undefined) return link([bare], bare);
  if (strong !== undefined) return html`<strong>${inline(strong, depth + 1)}</strong>`;
  if (struck !== undefined) return html`<s>${inline(struck, depth + 1)}</s>`;
  if (emphasis !== undefined) return html`<em>${inline(emphasis, depth + 1)}</em>`;
  return /^(?: {2,}|\\)\n|^<br/.test(all) ? html`<br />` : all;
}

function link(words: Html[], target: string): Html {
  const url = safeUrl(target);
  return url === null || !/^(https?|mailto):/i.test(url)
    ? html`<span>${words}</span>`
    : html`<a href=${url} rel="noreferrer nofollow">${words}</a>`;
}
