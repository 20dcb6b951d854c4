import { html, type Html } from '../html.ts';

/** A value to take elsewhere: read-only, with a button that copies it where scripts run. */
export function copyField(options: { id: string; label: string; value: string; hint?: Html }): Html {
  const { id, label, value, hint } = options;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint === undefined ? null : html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    <div class="copy">
      <input
        id=${id}
        type="text"
        value=${value}
        readonly
        aria-describedby=${hint === undefined ? undefined : `${id}-hint`}
      />
      <button type="button" class="needs-script" data-copy=${id} aria-label=${`Copy: ${label}`}>
        <span id=${`${id}-copied`} role="status">Copy</span>
      </button>
    </div>
  </div>`;
}
