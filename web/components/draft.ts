import { html, type Html } from '../html.ts';
import { csrfField } from './form.ts';

/** Above a form that shows a draft: what it is, and the way back to what is stored. `action` is the form's own. */
export function draftNote(options: { action: string; csrfToken: string; secrets: boolean }): Html {
  const { action, csrfToken, secrets } = options;
  return html`<form class="row spread" method="post" action=${`${action}/draft/discard`}>
    ${csrfField(csrfToken)}
    <p class="hint grow">
      This is what you entered and did not save yet.
      ${secrets ? 'Secrets are never kept in a draft: enter them again.' : null}
    </p>
    <button type="submit">Discard it</button>
  </form>`;
}
