import htm from 'htm';
import { h, type ComponentChild, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** What a template yields and what a template may hold: text is escaped, markup is only what `html` made. */
export type Html = ComponentChild;

type Tag = (strings: TemplateStringsArray, ...values: unknown[]) => VNode | VNode[];
// htm's own types describe its CommonJS build alone, where the function is the module.
const tag = (htm as unknown as { bind(make: typeof h): Tag }).bind(h);

/**
 * A piece of markup as a tagged template: html`<p class=${name}>${text}</p>`. Every value is escaped, in text and in
 * attributes; there is no way to put in raw markup. URLs from outside go through `safeUrl` first.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return tag(spaced(strings), ...values);
}

const known = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/**
 * A line break in a template is a space, as in HTML (htm itself drops it, so that where a line is broken would change
 * the words); around the whole template it is nothing.
 */
function spaced(strings: TemplateStringsArray): TemplateStringsArray {
  const done = known.get(strings);
  if (done !== undefined) return done;
  const last = strings.length - 1;
  const lines = strings.map((text, index) => {
    const start = index === 0 ? text.replace(/^\s*\n\s*/, '') : text;
    const whole = index === last ? start.replace(/\s*\n\s*$/, '') : start;
    return whole.replaceAll(/\s*\n\s*/g, ' ');
  });
  const result = Object.assign(lines, { raw: lines });
  known.set(strings, result);
  return result;
}

/** A fragment as text, for an SSE event or a partial answer. */
export function renderFragment(content: Html): string {
  return renderToString(h('x-fragment', {}, content)).replace(/^<x-fragment>|<\/x-fragment>$/g, '');
}

/** A whole document as text. */
export function renderDocument(document: Html): string {
  return `<!doctype html>\n${renderFragment(document)}`;
}

/**
 * `url` when a browser may follow it from one of our pages (http, https, mailto, or a path of our own), else null:
 * titles and links come from pages that anybody may write, and `javascript:` must stay inert.
 */
export function safeUrl(url: string | null | undefined): string | null {
  if (url === null || url === undefined) return null;
  const trimmed = url.trim();
  if (/^\/(?![/\\])/.test(trimmed) || trimmed.startsWith('#')) return trimmed;
  if (!/^(https?:\/\/|mailto:)/i.test(trimmed)) return null;
  return URL.canParse(trimmed) ? trimmed : null;
}

/** A title or name written by anybody in any script: isolated, so that right-to-left text does not turn the line. */
export function bdi(text: string): Html {
  return html`<bdi dir="auto">${text}</bdi>`;
}
