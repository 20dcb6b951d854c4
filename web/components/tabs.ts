import { html, type Html } from '../html.ts';

/** A row of links to the parts of a page, by name, address and label; the current one is told to everybody. */
export function tabRow<Name extends string>(
  label: string,
  tabs: readonly (readonly [Name, string, string])[],
  current: Name | null,
): Html {
  return html`<nav aria-label=${label}>
    <ul class="tabs">
      ${tabs.map(
        ([name, href, words]) =>
          html`<li><a href=${href} aria-current=${name === current ? 'page' : undefined}>${words}</a></li>`,
      )}
    </ul>
  </nav>`;
}
