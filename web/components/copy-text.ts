import { html, type Html } from '../html.ts';

/** A text of several lines to take elsewhere, as copyField (copy.ts) is for one line. */
export function copyText(options: { id: string; label: string; text: string; hint?: Html }): Html {
  const { id, label, text, hint } = options;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint === undefined ? null : html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    <textarea
      id=${id}
      rows=${Math.min(16, text.split('\n').length + 2)}
      readonly
      aria-describedby=${hint === undefined ? undefined : `${id}-hint`}
      value=${text}
    ></textarea>
    <div class="actions">
      <button type="button" class="needs-script" data-copy=${id} aria-label=${`Copy: ${label}`}>
        <span id=${`${id}-copied`} role="status">Copy</span>
      </button>
    </div>
  </div>`;
}
