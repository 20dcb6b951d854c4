import { html, type Html } from '../../../html.ts';

/**
 * A search within the form, with what it finds below. Without JavaScript its button posts the whole form, which comes back
 * with what was typed and the answer; with it, the answer follows the typing.
 * @param base the form's own address
 */
export function picker(options: {
  base: string;
  name: 'spaceSearch' | 'authorSearch';
  label: string;
  value: string;
  hint: string;
  /** What was found; null: nobody has searched. */
  found: Html;
}): Html {
  const { base, name, label, value, hint, found } = options;
  const target = `${name}-found`;
  return html`<div class="field picker">
    <label for=${name}>${label}</label>
    <p class="hint" id=${`${name}-hint`}>${hint}</p>
    <div class="row end">
      <input
        id=${name}
        name=${name}
        type="search"
        class="grow"
        value=${value}
        autocomplete="off"
        spellcheck="false"
        aria-describedby=${`${name}-hint`}
        data-live-search=""
        hx-get=${base}
        hx-trigger="input changed delay:250ms, focus once"
        hx-target=${`#${target}`}
        hx-select=${`#${target}`}
        hx-swap="outerHTML"
        hx-sync="this:replace"
      />
      <button
        type="submit"
        formaction=${`${base}/find`}
        name="find"
        value=${name}
        aria-label=${name === 'spaceSearch' ? 'Find spaces' : 'Find people'}
      >
        Find
      </button>
    </div>
    <input type="hidden" name=${`${name}Shown`} value=${value} />
    <div id=${target} class="picker-found">${found}</div>
  </div>`;
}

export interface PickedOption {
  id: string;
  value: string;
  /** It stands in the list already. */
  listed: boolean;
  label: Html;
}

/**
 * What was found, each with a box. What is listed already is ticked and fixed; with JavaScript, boxes and list follow each
 * other.
 * @param into the list's field
 */
export function pickedOptions(options: {
  name: 'pickSpace' | 'pickAuthor';
  into: 'spaceKeys' | 'authors';
  label: string;
  items: PickedOption[];
}): Html {
  const { name, into, label, items } = options;
  if (items.length === 0) return null;
  return html`<ul class="plain picker-list" aria-label=${label}>
    ${items.map(
      ({ id, value, listed, label: words }) =>
        html`<li class="choice">
          <input
            type="checkbox"
            id=${`${name}-${id}`}
            name=${name}
            value=${value}
            checked=${listed}
            disabled=${listed}
            data-into=${into}
          />
          <label for=${`${name}-${id}`}>
            ${words}${listed ? html` <span class="hint without-script">In your list.</span>` : null}
          </label>
        </li>`,
    )}
  </ul>`;
}
