import type { KnownAccount } from '../../../../store/filter-values.ts';
import { bdi, html, type Html } from '../../../html.ts';
import { count } from '../../../time.ts';
import type { FilterValues } from './fields.ts';
import { pickedOptions, picker } from './picker.ts';

export interface AuthorPickerView {
  items: KnownAccount[];
  /** There are more than are shown. */
  more: boolean;
}

/** People of the site by name. `choices` is null until somebody searches; `named` are those whose ids are in the list. */
export function authorPicker(
  base: string,
  values: FilterValues,
  choices: AuthorPickerView | null,
  named: KnownAccount[],
): Html {
  return html`${
    named.length === 0
      ? null
      : html`<p class="hint">
          In the list:
          ${named.map(({ accountId, name }, index) => html`${index === 0 ? '' : ', '}${bdi(name || accountId)}`)}.
        </p>`
  }
  ${picker({
    base,
    name: 'authorSearch',
    label: 'Find people by name',
    value: values.authorSearch,
    hint: 'People are known here after the first sync. Tick a person to add the account’s ID to the list above.',
    found: choices === null ? null : found(choices, values),
  })}`;
}

function found({ items, more }: AuthorPickerView, values: FilterValues): Html {
  const listed = new Set(values.authors.split(/[\s,;]+/u));
  return html`<p class="muted" role="status">
      ${
        items.length === 0
          ? 'Nobody who is known here has this in the name.'
          : more
            ? `The first ${count(items.length)} people; type more of the name to see others.`
            : ''
      }
    </p>
    ${pickedOptions({
      name: 'pickAuthor',
      into: 'authors',
      label: 'People that were found',
      items: items.map(({ accountId, name, email, status }) => ({
        id: accountId.replaceAll(/[^\w-]/g, '_'),
        value: accountId,
        listed: listed.has(accountId),
        label: html`${bdi(name || accountId)}
          <span class="hint">
            ${[email ?? accountId, ...(status === 'active' ? [] : ['not active any more'])].join(', ')}
          </span>`,
      })),
    })}`;
}
