import { html, type Html } from './html.ts';

/**
 * A snippet in which the search put `open` before and `close` after each match, as text with <mark>: everything else,
 * tags included, stays text.
 */
export function snippet(text: string, open = '<mark>', close = '</mark>'): Html {
  const parts: Html[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf(open);
    const end = start === -1 ? -1 : rest.indexOf(close, start + open.length);
    if (start === -1 || end === -1) break;
    parts.push(rest.slice(0, start), html`<mark>${rest.slice(start + open.length, end)}</mark>`);
    rest = rest.slice(end + close.length);
  }
  parts.push(rest);
  return parts;
}
