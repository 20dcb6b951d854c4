import type { Hit } from '../../search/types.ts';
import { bdi, html, type Html } from '../html.ts';

/** The value of a named field, as words. */
export function fieldWords(value: Hit['fields'][string] | undefined): Html {
  if (value === null || value === undefined) return html`<span class="muted">nothing</span>`;
  return bdi(Array.isArray(value) ? value.join(', ') : String(value));
}
