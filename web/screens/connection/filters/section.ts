import type { FieldErrors } from '../../../components/form.ts';
import { html, type Html } from '../../../html.ts';
import { count, plural } from '../../../time.ts';
import type { FilterValues } from './fields.ts';

/**
 * A part of the form that is closed while it says nothing, with what it says beside its name. It opens by itself where
 * something is set, or wrong.
 */
export function section(options: {
  id: string;
  title: string;
  says: string;
  open: boolean;
  body: Html;
}): Html {
  const { id, title, says, open, body } = options;
  return html`<details class="part" id=${`part-${id}`} open=${open}>
    <summary><span class="part-title">${title}</span> <span class="muted">${says}</span></summary>
    <div class="part-body">${body}</div>
  </details>`;
}

/** What a list says, by how many entries it has. */
export function listSays(
  name: 'spaceKeys' | 'pageIds' | 'blogpostIds' | 'labels' | 'authors',
  values: FilterValues,
): string {
  const entries = values[name].split(/[\s,;]+/u).filter((entry) => entry !== '').length;
  if (entries === 0) return 'All';
  return values[`${name}Operator`] === 'not_in'
    ? `All but ${plural(entries, 'entry', 'entries')}`
    : `Only ${count(entries)} ${entries === 1 ? 'entry' : 'entries'}`;
}

export const hasError = (errors: FieldErrors, ...names: string[]): boolean =>
  Object.keys(errors).some((name) => names.includes(name));
